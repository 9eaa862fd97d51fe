import { BlockList } from 'node:net';
import { defaultPort, isIpv6, isWildcard, plainAddress } from './addresses.ts';
import type { Destination, Flow, SentBy, TransportProtocol } from './transport.ts';

/** The name or address under which the world reaches us, when that is not the one our sockets have: NAT, a cloud. */
export interface AdvertisedAddress {
  /** For Via and Contact: a host name, an IPv4 address or a bare IPv6 address. */
  readonly host: string;
  /** Default: the port of the listener. */
  readonly port?: number | undefined;
}

/** Where somebody can reach us with one protocol. */
export interface ListeningPoint {
  readonly protocol: TransportProtocol;
  readonly address: string;
  readonly port: number;
  readonly advertised: AdvertisedAddress | undefined;
}

export interface SentByInit {
  readonly points: () => readonly ListeningPoint[];
  /** The advertised address of listeners that have none of their own. */
  readonly advertised: AdvertisedAddress | undefined;
  /** CIDR: peers that see our real addresses, so that the advertised one is kept from them. Loopback always. */
  readonly localNetworks: readonly string[];
  /** The local address towards a peer, for sockets bound to every address. */
  readonly localAddressTo: (remoteAddress: string) => string | undefined;
}

/** Decides what stands in our Via and Contact (RFC 3261 §18.1.1). */
export class SentByChooser {
  private readonly init: SentByInit;
  private readonly local: BlockList;

  constructor(init: SentByInit) {
    this.init = init;
    this.local = networks(['127.0.0.0/8', '::1/128', ...init.localNetworks]);
  }

  choose(target: Destination | Flow): SentBy {
    const { protocol } = target;
    const remote = 'id' in target ? target.remoteAddress : target.address;
    const point = this.pointFor(target, remote);
    const advertised = point?.advertised ?? this.init.advertised;
    const real = this.realAddress(target, point, remote);
    // Without a listener of that protocol we can only be reached over connections that stand.
    const realPort = point?.port ?? defaultPort(protocol);
    if (advertised === undefined || this.isLocal(remote)) return { host: real, port: realPort };
    return { host: advertised.host, port: advertised.port ?? realPort };
  }

  /** The listener of that protocol and address family; the very one when the target names it. */
  private pointFor(target: Destination | Flow, remote: string): ListeningPoint | undefined {
    const points = this.init
      .points()
      .filter(({ protocol, address }) => protocol === target.protocol && isIpv6(address) === isIpv6(remote));
    const { localAddress, localPort } = target;
    // The local port of a TCP connection is an accident unless the peer opened it.
    const same = points.filter(({ address }) => address === localAddress || isWildcard(address));
    return same.find(({ port }) => port === localPort) ?? same[0] ?? points[0];
  }

  private realAddress(target: Destination | Flow, point: ListeningPoint | undefined, remote: string): string {
    if (point !== undefined && !isWildcard(point.address)) return plainAddress(point.address);
    const { localAddress } = target;
    if (localAddress !== undefined && !isWildcard(localAddress)) return localAddress;
    const routed = this.init.localAddressTo(remote);
    return routed ?? point?.address ?? (isIpv6(remote) ? '::1' : '127.0.0.1');
  }

  private isLocal(remote: string): boolean {
    return this.local.check(withoutZone(remote), isIpv6(remote) ? 'ipv6' : 'ipv4');
  }
}

function withoutZone(address: string): string {
  const percent = address.indexOf('%');
  return percent === -1 ? address : address.slice(0, percent);
}

/** Throws on what is no network: a mistake in the configuration, which the caller has checked. */
function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    const family = isIpv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
