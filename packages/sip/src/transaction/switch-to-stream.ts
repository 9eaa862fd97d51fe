import type { Destination } from '../transport/transport.ts';

/** RFC 3261 §18.1.1: what surely fits a path whose MTU is not known. */
export const MAX_DATAGRAM_BYTES = 1_300;

/** Room for the response to grow over the request by what proxies and the server add (§18.1.1). */
const RESPONSE_HEADROOM_BYTES = 200;

export interface DatagramLimits {
  /** The path MTU, when known. */
  readonly mtuBytes?: number | undefined;
}

/** §18.1.1: whether a request of this size must go over a congestion-controlled transport instead of UDP. */
export function needsStream(bytes: number, limits: DatagramLimits = {}): boolean {
  const { mtuBytes } = limits;
  return mtuBytes === undefined ? bytes > MAX_DATAGRAM_BYTES : bytes > mtuBytes - RESPONSE_HEADROOM_BYTES;
}

/**
 * The places to try for a request of this size: for UDP the same address over TCP first, then UDP after all, since
 * many peers have no TCP (§18.1.1 allows that when TCP is refused).
 */
export function destinationsForSize(
  destination: Destination,
  bytes: number,
  limits: DatagramLimits = {},
): readonly Destination[] {
  if (destination.protocol !== 'UDP' || !needsStream(bytes, limits)) return [destination];
  const { address, port, policy } = destination;
  return [{ protocol: 'TCP', address, port, policy }, destination];
}
