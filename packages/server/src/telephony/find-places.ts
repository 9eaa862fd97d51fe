import type { Destination, DnsFact, SipResolver } from '@tronco/sip';
import type { TrunkAddressing } from './addressing.ts';
import { type Timed, timed } from './stage-log.ts';
import type { VerdictCode } from './verdicts.ts';

/** Tried one after the other; more would only eat each other's time. */
const PLACES_MAX = 3;

const CODES = { 'not-found': 'no_such_host', failed: 'dns_failed', unsupported: 'dns_unusable' } as const;

/** RFC 3263: where the trunk leads, and what DNS was asked on the way. */
export async function findPlaces(
  resolver: SipResolver,
  { nextHop, isNumeric }: TrunkAddressing,
  signal: AbortSignal,
): Promise<Timed & { destinations: readonly Destination[] }> {
  let destinations: readonly Destination[] = [];
  const stage = await timed(async () => {
    const found = await resolver.resolve(nextHop, signal);
    const asked = (found.queries ?? []).map(questionText).join(', ');
    if (!found.ok) {
      const code: VerdictCode = CODES[found.code];
      return { code, detail: asked === '' ? `${found.detail}.` : `${found.detail}. Asked: ${asked}.` };
    }
    destinations = found.destinations.slice(0, PLACES_MAX);
    const where = destinations.map(placeText).join(', ');
    if (!isNumeric)
      return { code: 'resolved', detail: `${nextHop.host} leads to ${where}. Asked: ${asked}.` };
    return { code: 'numeric_host', skipped: true, detail: `There is no name to look up: ${where}.` };
  });
  return { ...stage, destinations };
}

export const placeText = ({ protocol, address, port }: Destination): string =>
  `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`;

const questionText = ({ type, name, outcome, records }: DnsFact): string =>
  `${type} ${name} (${outcome === 'found' ? records : outcome})`;
