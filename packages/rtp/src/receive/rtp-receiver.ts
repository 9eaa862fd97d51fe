import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { ReportBlock } from '../rtcp/rtcp-packet.ts';
import { InterarrivalJitter, LossReport } from './reception-statistics.ts';
import { SequenceTracker } from './sequence-tracker.ts';

/** How long the source heard so far must have been silent before another one takes over. */
const TAKE_OVER_MS = 60;

export type Reception =
  /** `restarted`: a new source or a new numbering; whatever was buffered belongs to the past. */
  | { readonly kind: 'media'; readonly extended: number; readonly restarted: boolean }
  /** `loop`: our own SSRC came back (RFC 3550 §8.2). `other-source`: one more speaker on this port. */
  | {
      readonly kind: 'ignored';
      readonly reason: 'probation' | 'duplicate' | 'stray' | 'loop' | 'other-source';
    };

/** One stream from one peer, the SSRC of which may change (transfer, fork, restart of the far end). */
export class RtpReceiver {
  readonly #clockRate: number;
  readonly #ownSsrc: number | undefined;
  readonly #minSequential: number;
  #source: Source | undefined;
  #candidate: Source | undefined;
  #sourceChanges = 0;

  constructor(options: {
    readonly clockRate: number;
    readonly ownSsrc?: number;
    /** RFC 3550 A.1 */
    readonly minSequential?: number;
  }) {
    this.#clockRate = options.clockRate;
    this.#ownSsrc = options.ownSsrc;
    this.#minSequential = options.minSequential ?? 2;
  }

  get ssrc(): number | undefined {
    return this.#source?.ssrc;
  }

  get sourceChanges(): number {
    return this.#sourceChanges;
  }

  get expectedPackets(): number {
    return this.#source?.sequence.expectedPackets ?? 0;
  }

  get receivedPackets(): number {
    return this.#source?.sequence.receivedPackets ?? 0;
  }

  get jitterMs(): number {
    return this.#source?.jitter.ms ?? 0;
  }

  /** `measured`: false for packets whose timestamp is not their own (telephone events). */
  receive(packet: RtpPacket, nowMs: number, measured = true): Reception {
    if (packet.ssrc === this.#ownSsrc) return { kind: 'ignored', reason: 'loop' };
    if (this.#source && packet.ssrc !== this.#source.ssrc) return this.#receiveOther(packet, nowMs);
    const source = this.#source ?? this.#candidateFor(packet);
    const verdict = source.sequence.update(packet.sequenceNumber);
    if (verdict.kind !== 'accepted') return { kind: 'ignored', reason: verdict.kind };
    const first = this.#source === undefined;
    this.#source = source;
    source.heardMs = nowMs;
    if (measured) source.jitter.update(packet.timestamp, nowMs);
    return { kind: 'media', extended: verdict.extended, restarted: first || verdict.restarted };
  }

  /** A report block about the stream; undefined before there is one. Begins the next loss interval. */
  takeReport(
    lastReport: Pick<ReportBlock, 'lastSenderReport' | 'delaySinceLastSenderReport'>,
  ): ReportBlock | undefined {
    const source = this.#source;
    if (!source) return undefined;
    return {
      ssrc: source.ssrc,
      ...source.loss.take(),
      jitter: Math.floor(source.jitter.units),
      ...lastReport,
    };
  }

  #receiveOther(packet: RtpPacket, nowMs: number): Reception {
    const candidate = this.#candidateFor(packet);
    const verdict = candidate.sequence.update(packet.sequenceNumber);
    if (verdict.kind !== 'accepted') return { kind: 'ignored', reason: verdict.kind };
    // Two speakers at once would flap: the one heard now keeps the line while it speaks
    if (nowMs - (this.#source?.heardMs ?? 0) < TAKE_OVER_MS) {
      return { kind: 'ignored', reason: 'other-source' };
    }
    // Loss counts from the take-over on: what was refused before it was not lost on the way
    this.#source = new Source(packet.ssrc, this.#clockRate, 1);
    this.#candidate = undefined;
    this.#sourceChanges++;
    this.#source.heardMs = nowMs;
    const first = this.#source.sequence.update(packet.sequenceNumber);
    this.#source.jitter.update(packet.timestamp, nowMs);
    return { kind: 'media', extended: first.kind === 'accepted' ? first.extended : 0, restarted: true };
  }

  #candidateFor(packet: RtpPacket): Source {
    if (this.#candidate?.ssrc !== packet.ssrc) {
      this.#candidate = new Source(packet.ssrc, this.#clockRate, this.#minSequential);
    }
    return this.#candidate;
  }
}

class Source {
  readonly ssrc: number;
  readonly sequence: SequenceTracker;
  readonly jitter: InterarrivalJitter;
  readonly loss: LossReport;
  heardMs = 0;

  constructor(ssrc: number, clockRate: number, minSequential: number) {
    this.ssrc = ssrc;
    this.sequence = new SequenceTracker(minSequential);
    this.jitter = new InterarrivalJitter(clockRate);
    this.loss = new LossReport(this.sequence);
  }
}
