import type { ReportBlock } from '../rtcp/rtcp-packet.ts';
import type { SequenceTracker } from './sequence-tracker.ts';

const LOST_MAX = 0x7fffff;
const LOST_MIN = -0x800000;

/** Interarrival jitter, RFC 3550 §6.4.1 and A.8. */
export class InterarrivalJitter {
  readonly #unitsPerMs: number;
  #transit: number | undefined;
  #units = 0;

  constructor(clockRate: number) {
    this.#unitsPerMs = clockRate / 1000;
  }

  get units(): number {
    return this.#units;
  }

  get ms(): number {
    return this.#units / this.#unitsPerMs;
  }

  /** Each packet once, as it arrives. Packets that share a timestamp (telephone events) must not be given. */
  update(timestamp: number, nowMs: number): void {
    // Modulo 2³², as timestamps are
    const transit = (Math.round(nowMs * this.#unitsPerMs) - timestamp) | 0;
    if (this.#transit !== undefined) {
      const difference = Math.abs((transit - this.#transit) | 0);
      // A jump of more than ten seconds is a new timestamp base, not jitter
      if (difference < this.#unitsPerMs * 10_000) this.#units += (difference - this.#units) / 16;
    }
    this.#transit = transit;
  }
}

/** Loss between reports and in all: RFC 3550 A.3. */
export class LossReport {
  readonly #sequence: SequenceTracker;
  #expectedPrior = 0;
  #receivedPrior = 0;

  constructor(sequence: SequenceTracker) {
    this.#sequence = sequence;
  }

  get cumulativeLost(): number {
    return this.#sequence.expectedPackets - this.#sequence.receivedPackets;
  }

  /** Begins the next interval: to be called once per report. */
  take(): Pick<ReportBlock, 'fractionLost' | 'cumulativeLost' | 'highestSequence'> {
    const { expectedPackets, receivedPackets, highest } = this.#sequence;
    const expected = expectedPackets - this.#expectedPrior;
    const lost = expected - (receivedPackets - this.#receivedPrior);
    this.#expectedPrior = expectedPackets;
    this.#receivedPrior = receivedPackets;
    return {
      fractionLost: expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      cumulativeLost: Math.max(LOST_MIN, Math.min(LOST_MAX, this.cumulativeLost)),
      // Numbering begins one cycle up inside of the tracker; on the wire it begins at zero cycles
      highestSequence: (highest - 0x10000) >>> 0,
    };
  }
}
