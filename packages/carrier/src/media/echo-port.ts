import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '@tronco/sip';

/** What came to a pair of ports, and what was sent back. */
export interface EchoCounts {
  readonly received: number;
  readonly echoed: number;
  /** Past the bound, from a second source, too large, or while nothing is to be sent. */
  readonly sunk: number;
  readonly rtcpReceived: number;
}

export const NO_MEDIA: EchoCounts = { received: 0, echoed: 0, sunk: 0, rtcpReceived: 0 };

export interface EchoOptions {
  readonly host: string;
  readonly clock: Clock;
  readonly maxPacketsPerSecond: number;
}

const ATTEMPTS = 20;
/** An Ethernet frame: no RTP packet of a call is larger, and no echo is worth more. */
const MAX_PACKET_BYTES = 1_500;

interface Latched {
  readonly address: string;
  readonly port: number;
}

/**
 * A pair of UDP ports (RFC 3550 §11: an even one for RTP, the next for RTCP) that gives RTP packets back, as they are,
 * to where they come from. Only the first source of a call is answered, one packet for one, within a bound: whoever
 * forges addresses gains nothing.
 */
export class EchoPort {
  readonly rtpPort: number;
  /** Asked for each packet: is the stream one that we send on? */
  mayEcho: () => boolean = () => false;
  private readonly rtp: Socket;
  private readonly rtcp: Socket;
  private readonly options: EchoOptions;
  private source: Latched | undefined;
  private allowance: number;
  private filledAtMs: number;
  private counted = { ...NO_MEDIA };
  private closed = false;

  private constructor(rtp: Socket, rtcp: Socket, options: EchoOptions) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.options = options;
    this.rtpPort = rtp.address().port;
    this.allowance = options.maxPacketsPerSecond;
    this.filledAtMs = options.clock.nowMs();
    rtp.on('message', (bytes, { address, port }) => this.take(bytes, { address, port }));
    rtcp.on('message', () => this.count('rtcpReceived'));
  }

  /** Undefined when there is no free pair. */
  static async open(options: EchoOptions): Promise<EchoPort | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const first = await bind(options.host, 0);
      if (first === undefined) return undefined;
      const { port } = first.address();
      const isRtp = port % 2 === 0;
      const second = await bind(options.host, isRtp ? port + 1 : port - 1);
      if (second !== undefined) {
        return isRtp ? new EchoPort(first, second, options) : new EchoPort(second, first, options);
      }
      first.close();
    }
    return undefined;
  }

  get counts(): EchoCounts {
    return this.counted;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.rtp.close();
    this.rtcp.close();
  }

  private take(bytes: Buffer, from: Latched): void {
    this.count('received');
    this.source ??= from;
    const known = from.address === this.source.address && from.port === this.source.port;
    if (this.closed || !known || bytes.length > MAX_PACKET_BYTES) return this.count('sunk');
    if (!this.mayEcho() || !this.spend()) return this.count('sunk');
    this.count('echoed');
    // A port that is closed by now answers with an error that concerns nobody.
    this.rtp.send(bytes, from.port, from.address, () => undefined);
  }

  private spend(): boolean {
    const { clock, maxPacketsPerSecond } = this.options;
    const nowMs = clock.nowMs();
    const gained = ((nowMs - this.filledAtMs) / 1_000) * maxPacketsPerSecond;
    this.allowance = Math.min(maxPacketsPerSecond, this.allowance + gained);
    this.filledAtMs = nowMs;
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }

  private count(what: keyof EchoCounts): void {
    this.counted = { ...this.counted, [what]: this.counted[what] + 1 };
  }
}

function bind(host: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', ipv6Only: isIPv6(host) });
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // ICMP errors of an echo arrive here; the call does not end for them.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
