import type { Clock, Flow, Random, UserAgent } from '@tronco/sip';
import type { BindingTable } from './accounts/binding-table.ts';
import type { DigestGate } from './accounts/digest-gate.ts';
import type { Directory } from './accounts/directory.ts';
import type { CallLedger } from './calls/call-ledger.ts';
import type { EventHub, Peer } from './events.ts';
import type { CarrierFaults } from './faults/faults.ts';
import { CallMedia } from './media/call-media.ts';
import type { CarrierLimits } from './options.ts';
import type { CarrierProfile } from './profiles/profile.ts';

/** What the parts of a carrier share. */
export interface CarrierContext {
  readonly profile: CarrierProfile;
  readonly directory: Directory;
  readonly bindings: BindingTable;
  readonly ledger: CallLedger;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: CarrierLimits;
  readonly faults: () => CarrierFaults;
  /** Undefined when the profile challenges nobody. */
  readonly gate: DigestGate | undefined;
  readonly agent: () => UserAgent;
  /** Our address towards that one, for media. */
  readonly mediaHost: (remoteAddress: string) => string;
}

export const peerOf = ({ protocol, remoteAddress: address, remotePort: port }: Flow): Peer => ({
  protocol,
  address,
  port,
});

export function openMedia(
  context: CarrierContext,
  remoteAddress: string,
  echo: boolean,
): Promise<CallMedia | undefined> {
  const { clock, random, limits, profile, faults } = context;
  return CallMedia.open({
    host: context.mediaHost(remoteAddress),
    clock,
    random,
    echo,
    maxPacketsPerSecond: limits.maxPacketsPerSecond,
    codecs: profile.codecs,
    advertised: faults().privateMedia,
  });
}
