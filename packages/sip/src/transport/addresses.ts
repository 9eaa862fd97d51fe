import { isIP, SocketAddress } from 'node:net';
import type { TransportProtocol } from './transport.ts';

/** The host without the brackets of an IPv6 reference, lower case, without the root dot. */
export function bareHost(host: string): string {
  const inner = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const lower = inner.toLowerCase();
  return lower.endsWith('.') && lower.length > 1 ? lower.slice(0, -1) : lower;
}

/** The address as a socket reports it, an IPv4-mapped IPv6 address as the IPv4 address it is. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** True when the two texts name the same address; IPv6 has many spellings (RFC 5954 §4.2). */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const left = bareHost(a);
  const right = bareHost(b);
  if (left === right) return true;
  if (isIP(left) !== 6 || isIP(right) !== 6) return false;
  return canonicalIpv6(left) === canonicalIpv6(right);
}

function canonicalIpv6(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** `::` and `0.0.0.0` listen everywhere and are nobody's address. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** RFC 3261 §19.1.2: 5061 for TLS, 5060 for the others. */
export function defaultPort(protocol: TransportProtocol): number {
  return protocol === 'TLS' ? 5061 : 5060;
}
