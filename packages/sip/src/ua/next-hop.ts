import type { SipUri } from '../message/uri/sip-uri.ts';
import { addressScope, isLocalAddress } from '../sdp/private-address.ts';
import type { Flow } from '../transport/transport.ts';

/**
 * Whether a request goes back over the flow that the peer's messages come by, whatever its Contact says.
 *
 * - A connection to that very address is open: use it, the peer may not be able to take another (RFC 5923 §5).
 * - The Contact is an address of the peer's own network, but its messages come from elsewhere: nobody can be reached
 *   there, and RFC 3261 has no answer to it. Carriers behind NAT and containers do this all the time.
 */
export function prefersFlow(nextHop: SipUri | undefined, flow: Flow | undefined): boolean {
  if (flow === undefined) return false;
  if (nextHop === undefined) return true;
  const host = nextHop.host.replace(/^\[|\]$/g, '').toLowerCase();
  if (flow.reliable) {
    const samePort = nextHop.port === undefined || nextHop.port === flow.remotePort;
    if (host === flow.remoteAddress.toLowerCase() && samePort) return true;
  }
  const unreachable = isLocalAddress(host) || addressScope(host) === 'unspecified';
  return unreachable && !isLocalAddress(flow.remoteAddress);
}
