// Symmetric RTP (RFC 4961, RFC 7362): send where the media really comes from. A peer behind NAT is found that way,
// and so could be a stranger's machine: hence only the peer's own hosts count, and only after several packets in a row.

export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

export interface LatchOptions {
  /** Where the session description says: sent to until the latch closes. */
  readonly signalled: MediaAddress;
  /**
   * More hosts that are the peer's: the source of its signalling when the description names a private address.
   * Addresses, not names.
   */
  readonly alsoFrom?: readonly string[];
  /** Packets in a row from one port that close the latch. */
  readonly packets?: number;
  /** Another port of the peer is followed only when the latched one has been silent for so long. */
  readonly relatchSilenceMs?: number;
}

export type LatchDecision =
  /** Play it. `moved`: from now on send to `destination`, which has changed. */
  | { readonly kind: 'accepted'; readonly moved: boolean }
  /** A port of the peer that may become the latched one: do not play it yet. */
  | { readonly kind: 'pending' }
  /** Not from the peer: drop it. */
  | { readonly kind: 'foreign' };

const ACCEPTED = { kind: 'accepted', moved: false } as const;
const MOVED = { kind: 'accepted', moved: true } as const;
const PENDING = { kind: 'pending' } as const;
const FOREIGN = { kind: 'foreign' } as const;

/** Asked for each packet that parsed (and, with SRTP, was authenticated), before anything else sees it. */
export class SymmetricLatch {
  readonly #packets: number;
  readonly #relatchSilenceMs: number;
  #signalled: MediaAddress;
  #hosts: ReadonlySet<string>;
  #destination: MediaAddress;
  #heardMs: number | undefined;
  #candidate: { address: MediaAddress; ssrc: number; sequenceNumber: number; count: number } | undefined;
  #foreignPackets = 0;

  constructor(options: LatchOptions) {
    this.#packets = options.packets ?? 3;
    this.#relatchSilenceMs = options.relatchSilenceMs ?? 500;
    this.#signalled = normalized(options.signalled);
    this.#hosts = hostsOf(options);
    this.#destination = this.#signalled;
  }

  /** Where to send. */
  get destination(): MediaAddress {
    return this.#destination;
  }

  get latched(): boolean {
    return this.#heardMs !== undefined;
  }

  get foreignPackets(): number {
    return this.#foreignPackets;
  }

  /** A new session description: the same address keeps the latch (session refresh), another one opens it. */
  renegotiate(signalled: MediaAddress, alsoFrom: readonly string[] = []): void {
    const next = normalized(signalled);
    this.#hosts = hostsOf({ signalled, alsoFrom });
    if (sameAddress(next, this.#signalled) && this.#hosts.has(this.#destination.host)) return;
    this.#signalled = next;
    this.#destination = next;
    this.#heardMs = undefined;
    this.#candidate = undefined;
  }

  consider(
    from: MediaAddress,
    packet: { readonly ssrc: number; readonly sequenceNumber: number },
    nowMs: number,
  ): LatchDecision {
    const host = normalizeHost(from.host);
    if (!this.#hosts.has(host)) {
      this.#foreignPackets++;
      return FOREIGN;
    }
    if (host === this.#destination.host && from.port === this.#destination.port) {
      this.#heardMs = nowMs;
      return ACCEPTED;
    }
    if (this.#heardMs !== undefined && nowMs - this.#heardMs < this.#relatchSilenceMs) {
      this.#candidate = undefined;
      return PENDING;
    }
    if (this.#count({ host, port: from.port }, packet) < this.#packets) return PENDING;
    this.#destination = { host, port: from.port };
    this.#heardMs = nowMs;
    this.#candidate = undefined;
    return MOVED;
  }

  /** In a row: one source, numbers that go on (a lost packet or two do not break it). */
  #count(address: MediaAddress, packet: { readonly ssrc: number; readonly sequenceNumber: number }): number {
    const last = this.#candidate;
    const step = last ? (packet.sequenceNumber - last.sequenceNumber) & 0xffff : 0;
    const goesOn = last && last.ssrc === packet.ssrc && sameAddress(last.address, address);
    if (goesOn && step === 0) return last.count;
    const count = goesOn && step <= 4 ? last.count + 1 : 1;
    this.#candidate = { address, ssrc: packet.ssrc, sequenceNumber: packet.sequenceNumber, count };
    return count;
  }
}

function hostsOf(options: Pick<LatchOptions, 'signalled' | 'alsoFrom'>): ReadonlySet<string> {
  return new Set([options.signalled.host, ...(options.alsoFrom ?? [])].map(normalizeHost));
}

function normalized(address: MediaAddress): MediaAddress {
  return { host: normalizeHost(address.host), port: address.port };
}

/** A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d. */
function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.startsWith('::ffff:') && lower.includes('.') ? lower.slice(7) : lower;
}

function sameAddress(a: MediaAddress, b: MediaAddress): boolean {
  return a.host === b.host && a.port === b.port;
}
