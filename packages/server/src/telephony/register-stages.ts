import type { RegistrationState } from '@tronco/sip';
import type { TrunkTarget } from '../domain/trunks/probe.ts';
import type { TrunkAddressing } from './addressing.ts';
import { credentialsIn, fromRefusal, unanswered } from './findings.ts';
import { peerText } from './peer-text.ts';
import { type SipLine, unbind } from './sip-line.ts';
import { orAborted, type Timed, timed } from './stage-log.ts';
import type { Finding } from './verdicts.ts';

export type RegisterStages = { bound: Timed; address: Timed | undefined };

/** Registers, looks for the binding in the answer, removes it, and reads how the carrier sees us. */
export async function registerStages(
  line: SipLine,
  addressing: TrunkAddressing,
  target: TrunkTarget,
  signal: AbortSignal,
): Promise<RegisterStages> {
  let registered: RegistrationState | undefined;
  const bound = await timed(async () => {
    const outcome = await orAborted(line.register(addressing, target), signal);
    if (outcome === undefined) return unanswered('REGISTER');
    const { state, registration } = outcome;
    if (state.phase !== 'registered') {
      // Otherwise it would try again by itself.
      registration.stop();
      return fromRefusal(state.lastResult);
    }
    registered = state;
    const removed = (await orAborted(unbind(registration), signal)) === true;
    return fromBinding(state, removed);
  });
  const address = registered && (await timed(async () => addressSeen(line, registered)));
  return { bound, address };
}

function fromBinding({ binding, lastResult }: RegistrationState, removed: boolean): Finding {
  const tried = lastResult?.kind === 'response' ? credentialsIn(lastResult.request) : undefined;
  const how = tried === undefined ? 'without being asked for a password' : `by ${tried}`;
  const end = removed ? 'and removed again' : 'but its removal was not confirmed: it ends by itself';
  if (binding === undefined || binding.contact === 'absent') {
    const detail = `Accepted ${how}, but the answer does not list our Contact.`;
    return { code: 'binding_missing', detail };
  }
  const rewritten = binding.contact === 'rewritten' ? ' with another address in our Contact' : '';
  const detail = `Registered ${how}${rewritten} for ${binding.expiresSeconds} s, ${end}.`;
  return { code: 'registered', detail };
}

/** RFC 3261 §18.2.1 and RFC 3581: the Via comes back with where our request came from. */
function addressSeen(line: SipLine, state: RegistrationState | undefined): Finding {
  const via = state?.lastResult?.kind === 'response' ? state.lastResult.response.via : undefined;
  const own = line.localAddress;
  if (via?.received === undefined && via?.rport === undefined) {
    return { code: 'address_not_told', detail: 'The carrier does not say where our requests come from.' };
  }
  const seen = { address: peerText(via.received ?? via.host), port: via.rport };
  const [there, here] = [placeOf(seen), placeOf(own)];
  const samePort = own.port === undefined || seen.port === undefined || own.port === seen.port;
  if (seen.address === own.address && samePort) {
    return { code: 'same_address', detail: `The carrier sees us at ${there}, which is our own address.` };
  }
  const detail = `The carrier sees us at ${there}, while our own address is ${here}: a NAT is on the way.`;
  return { code: 'translated_address', detail };
}

const placeOf = ({ address, port }: { address: string | undefined; port: number | undefined }): string =>
  port === undefined ? (address ?? 'unknown') : `${address ?? 'unknown'}:${port}`;
