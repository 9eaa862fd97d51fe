import { isIpv6, isWildcard, sameAddress } from './addresses.ts';
import { failure } from './faults.ts';
import type { Destination, Flow, SendCallback } from './transport.ts';
import type { DatagramPort } from './udp-socket.ts';

/** For UDP a flow is only a pair of addresses: nothing has to be remembered. */
class UdpFlow implements Flow {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(port: DatagramPort, remoteAddress: string, remotePort: number) {
    this.localAddress = port.localAddress;
    this.localPort = port.localPort;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  /** Made when asked for: most datagrams are handled without it. */
  get id(): string {
    return `udp ${this.localAddress} ${this.localPort} ${this.remoteAddress} ${this.remotePort}`;
  }
}

/** The UDP sockets of a transport, and which of them sends what. */
export class UdpFlows {
  private readonly ports: DatagramPort[] = [];

  add(port: DatagramPort): void {
    this.ports.push(port);
  }

  flowFrom(port: DatagramPort, remoteAddress: string, remotePort: number): Flow {
    return new UdpFlow(port, remoteAddress, remotePort);
  }

  send(target: Destination | Flow, bytes: Buffer, done?: SendCallback): void {
    const isFlow = 'id' in target;
    const address = isFlow ? target.remoteAddress : target.address;
    const remotePort = isFlow ? target.remotePort : target.port;
    const port = this.choose(target, address);
    if (port === undefined) {
      return done?.({
        ok: false,
        error: failure('unreachable', 'there is no UDP socket for that destination'),
      });
    }
    port.send(bytes, remotePort, address, (error) => {
      if (done === undefined) return;
      if (error === undefined)
        done({ ok: true, flow: isFlow ? target : this.flowFrom(port, address, remotePort) });
      else done({ ok: false, error });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.ports.splice(0).map((port) => port.close()));
  }

  /** RFC 3581 §4: an answer leaves from the socket the request came to, or no NAT lets it in. */
  private choose({ localAddress, localPort }: Destination | Flow, remote: string): DatagramPort | undefined {
    const { ports } = this;
    const family = isIpv6(remote);
    for (const port of ports) {
      if (isIpv6(port.localAddress) !== family) continue;
      if (localPort !== undefined && port.localPort !== localPort) continue;
      const fits =
        localAddress === undefined ||
        isWildcard(port.localAddress) ||
        sameAddress(port.localAddress, localAddress);
      if (fits) return port;
    }
    return undefined;
  }
}
