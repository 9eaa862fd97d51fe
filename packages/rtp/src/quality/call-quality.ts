import type { InboundAudio } from '../receive/inbound-audio.ts';
import type { ReportBlock } from '../rtcp/rtcp-packet.ts';
import { type CodecImpairment, estimateQuality, type QualityEstimate } from './e-model.ts';

export interface DirectionQuality extends QualityEstimate {
  /** 0–1 */
  readonly loss: number;
  readonly jitterMs: number;
}

export interface InboundQuality extends DirectionQuality {
  /** 0–1 of frames in which the peer spoke: loss and lateness, as the listener heard it. */
  readonly concealedShare: number;
}

/** How we hear the peer. `networkDelayMs`: one way, half of the round trip; 0 if unknown. */
export function inboundQuality(
  inbound: InboundAudio,
  networkDelayMs: number,
  codec?: CodecImpairment,
): InboundQuality {
  const { receiver, playout } = inbound;
  const expected = receiver.expectedPackets;
  const loss = expected > 0 ? Math.max(0, expected - receiver.receivedPackets) / expected : 0;
  const { voice, concealed } = playout.frames;
  const concealedShare = voice + concealed > 0 ? concealed / (voice + concealed) : 0;
  const delayMs = networkDelayMs + playout.buffer.targetDelayMs;
  const estimate = estimateQuality({ delayMs, loss: concealedShare, ...(codec ? { codec } : {}) });
  return { ...estimate, loss, jitterMs: receiver.jitterMs, concealedShare };
}

/** Loss over all of a peer's reports: each says its share since the one before. */
export class OutboundQuality {
  readonly #clockRate: number;
  readonly #firstSequence: number;
  #block: ReportBlock | undefined;
  #roundTripMs = 0;

  /** `firstSequence`: the number our stream began with. */
  constructor(clockRate: number, firstSequence: number) {
    this.#clockRate = clockRate;
    this.#firstSequence = firstSequence;
  }

  note(block: ReportBlock, roundTripMs: number | undefined): void {
    this.#block = block;
    if (roundTripMs !== undefined) this.#roundTripMs = roundTripMs;
  }

  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** How the peer hears us; undefined before its first report. `peerDelayMs`: what its jitter buffer likely adds. */
  estimate(peerDelayMs = 40, codec?: CodecImpairment): DirectionQuality | undefined {
    const block = this.#block;
    if (!block) return undefined;
    const expected = (block.highestSequence - this.#firstSequence + 1) >>> 0;
    const loss = expected > 0 ? Math.min(1, Math.max(0, block.cumulativeLost) / expected) : 0;
    const delayMs = this.#roundTripMs / 2 + peerDelayMs;
    const estimate = estimateQuality({ delayMs, loss, ...(codec ? { codec } : {}) });
    return { ...estimate, loss, jitterMs: (block.jitter * 1000) / this.#clockRate };
  }
}
