import { createSocket, type Socket } from 'node:dgram';
import { isIpv6, isWildcard, plainAddress } from './addresses.ts';

interface Known {
  readonly address: string | undefined;
  readonly untilMs: number;
}

/** Routes change when an interface comes or goes; asking again costs some microseconds. */
const KEEP_MS = 30_000;
const MAX_KNOWN = 4_096;

/**
 * Finds the local address that the routing table uses towards a peer, for sockets that are bound to every address. A UDP
 * socket that is connected and never written to makes the kernel choose one without a packet.
 */
export class LocalAddressFinder {
  private readonly known = new Map<string, Known>();
  private readonly probes: Partial<Record<'udp4' | 'udp6', Socket>> = {};

  /** Undefined when there is no route, or no such address family on this machine. */
  find(remoteAddress: string): string | undefined {
    const now = performance.now();
    const hit = this.known.get(remoteAddress);
    if (hit !== undefined && hit.untilMs > now) return hit.address;
    const address = this.ask(remoteAddress);
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(remoteAddress, { address, untilMs: now + KEEP_MS });
    return address;
  }

  async open(): Promise<void> {
    for (const type of ['udp4', 'udp6'] as const) {
      const probe = await openProbe(type);
      if (probe !== undefined) this.probes[type] = probe;
    }
  }

  close(): void {
    for (const type of ['udp4', 'udp6'] as const) {
      this.probes[type]?.close();
      delete this.probes[type];
    }
  }

  private ask(remoteAddress: string): string | undefined {
    const probe = this.probes[isIpv6(remoteAddress) ? 'udp6' : 'udp4'];
    if (probe === undefined) return undefined;
    try {
      // The lookup given to the socket answers at once, so the connection stands when this returns.
      probe.connect(9, remoteAddress);
      const { address } = probe.address();
      probe.disconnect();
      return isWildcard(address) ? undefined : plainAddress(address);
    } catch {
      return undefined;
    }
  }
}

function openProbe(type: 'udp4' | 'udp6'): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type, lookup: numericLookup, ipv6Only: type === 'udp6' });
    // Without a route the failure arrives here.
    socket.on('error', () => resolve(undefined));
    socket.on('listening', () => {
      socket.unref();
      resolve(socket);
    });
    socket.bind(0);
  });
}

/** Addresses are numeric everywhere below the resolver: this keeps DNS, and a trip through the event loop, out. */
export function numericLookup(
  host: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, host, isIpv6(host) ? 6 : 4);
}
