// Media addresses that cannot be reached from where the signalling came: the usual sign of NAT without help.
import { isIPv4, isIPv6 } from 'node:net';

export type AddressScope =
  | 'public'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link-local'
  | 'unspecified'
  | 'multicast'
  | 'documentation'
  /** A host name: nothing can be said without resolving it. */
  | 'name';

/** First octets, prefix length, scope: RFC 6890 and the registries it points to. */
const IPV4_RANGES: readonly (readonly [number, number, AddressScope])[] = [
  [0x00_00_00_00, 8, 'unspecified'],
  [0x0a_00_00_00, 8, 'private'],
  [0x64_40_00_00, 10, 'shared'],
  [0x7f_00_00_00, 8, 'loopback'],
  [0xa9_fe_00_00, 16, 'link-local'],
  [0xac_10_00_00, 12, 'private'],
  [0xc0_00_02_00, 24, 'documentation'],
  [0xc0_a8_00_00, 16, 'private'],
  [0xc6_12_00_00, 15, 'private'],
  [0xc6_33_64_00, 24, 'documentation'],
  [0xcb_00_71_00, 24, 'documentation'],
  [0xe0_00_00_00, 4, 'multicast'],
];

function scopeOfIpv4(address: string): AddressScope {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const range = IPV4_RANGES.find(([base, bits]) => {
    const size = 2 ** (32 - bits);
    return value >= base && value < base + size;
  });
  return range?.[2] ?? 'public';
}

/** Eight 16-bit groups of an address `isIPv6` accepted, an embedded IPv4 tail included. */
function readGroups(address: string): number[] {
  const tail = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  let text = address;
  if (tail) {
    const [a = 0, b = 0, c = 0, d = 0] = tail.slice(1).map(Number);
    text = `${address.slice(0, tail.index)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head = '', rest] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = read(head);
  const back = rest === undefined ? [] : read(rest);
  return [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => 0), ...back];
}

function scopeOfIpv6(address: string): AddressScope {
  const groups = readGroups(address);
  const [first = 0, second = 0] = groups;
  const upperZero = groups.slice(0, 5).every((group) => group === 0);
  const [, , , , , sixth = 0, seventh = 0, last = 0] = groups;
  if (upperZero && sixth === 0xffff) {
    return scopeOfIpv4([seventh >> 8, seventh & 255, last >> 8, last & 255].join('.'));
  }
  if (upperZero && sixth === 0 && seventh === 0 && last <= 1) return last === 0 ? 'unspecified' : 'loopback';
  if ((first & 0xfe00) === 0xfc00) return 'private';
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xff00) === 0xff00) return 'multicast';
  return first === 0x2001 && second === 0x0db8 ? 'documentation' : 'public';
}

/** Brackets and a zone index are ignored. */
export function addressScope(text: string): AddressScope {
  const address = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIPv4(address)) return scopeOfIpv4(address);
  return isIPv6(address) ? scopeOfIpv6(address) : 'name';
}

/** Scopes that mean nothing outside the network they were given out in. */
const LOCAL_SCOPES: readonly AddressScope[] = ['private', 'shared', 'loopback', 'link-local'];

/** The RFC 5737 and RFC 3849 ranges count as public here: in tests and manuals they stand for such addresses. */
export function isLocalAddress(address: string): boolean {
  return LOCAL_SCOPES.includes(addressScope(address));
}

export type MediaReach =
  | { readonly reachable: true }
  | { readonly reachable: false; readonly scope: AddressScope; readonly detail: string };

/**
 * Compares a c= address with the source address of the message it came in. Unreachable: media can only flow
 * towards the address our first packet from the peer shows (symmetric RTP).
 */
export function checkMediaReach(mediaAddress: string, signallingSource: string): MediaReach {
  const scope = addressScope(mediaAddress);
  if (!LOCAL_SCOPES.includes(scope) || isLocalAddress(signallingSource)) return { reachable: true };
  const detail =
    `the SDP asks for media at ${mediaAddress} (${scope}), but signalling came from ${signallingSource}: ` +
    'the peer does not put its public address into SDP';
  return { reachable: false, scope, detail };
}
