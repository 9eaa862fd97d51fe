// RFC 3550 A.1: is this packet part of the stream, and which one of it?

const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
const CYCLE = 0x10000;
const REMEMBERED = 128;

export type SequenceVerdict =
  /** Not yet believed: too few packets in a row. */
  | { readonly kind: 'probation' }
  /** `restarted`: the peer began a new numbering; nothing before it counts any more. */
  | { readonly kind: 'accepted'; readonly extended: number; readonly restarted: boolean }
  | { readonly kind: 'duplicate' }
  /** Far outside of what is expected; a second one in a row makes it a restart. */
  | { readonly kind: 'stray' };

const PROBATION = { kind: 'probation' } as const;
const DUPLICATE = { kind: 'duplicate' } as const;
const STRAY = { kind: 'stray' } as const;

/** Extends 16-bit sequence numbers over wrap-arounds and counts what A.3 needs. */
export class SequenceTracker {
  readonly #minSequential: number;
  readonly #seen = new Float64Array(REMEMBERED).fill(-1);
  #probation: number;
  #started = false;
  #base = 0;
  #max = 0;
  #expectedProbe = -1;
  #expectedStray = -1;
  #received = 0;

  /** `minSequential`: packets in a row before the stream is believed (A.1: 2). 1 believes the first. */
  constructor(minSequential = 2) {
    this.#minSequential = minSequential;
    this.#probation = minSequential;
  }

  get valid(): boolean {
    return this.#started;
  }

  /** Extended highest sequence number, cycles in the upper bits: goes into reports modulo 2³². */
  get highest(): number {
    return this.#max;
  }

  get expectedPackets(): number {
    return this.#started ? this.#max - this.#base + 1 : 0;
  }

  /** Duplicates count, as RFC 3550 §6.4.1 has it. */
  get receivedPackets(): number {
    return this.#received;
  }

  update(sequenceNumber: number): SequenceVerdict {
    if (!this.#started) return this.#probe(sequenceNumber);
    const ahead = (sequenceNumber - this.#max) & 0xffff;
    if (ahead < MAX_DROPOUT) return this.#accept(this.#max + ahead);
    if (ahead > CYCLE - MAX_MISORDER) {
      const extended = this.#max - (CYCLE - ahead);
      // Before the first packet of the stream: it was on its way when probation ended
      return extended < this.#base ? DUPLICATE : this.#accept(extended);
    }
    if (sequenceNumber !== this.#expectedStray) {
      this.#expectedStray = (sequenceNumber + 1) & 0xffff;
      return STRAY;
    }
    this.#start(sequenceNumber);
    return { kind: 'accepted', extended: this.#max, restarted: true };
  }

  #probe(sequenceNumber: number): SequenceVerdict {
    this.#probation = sequenceNumber === this.#expectedProbe ? this.#probation - 1 : this.#minSequential - 1;
    this.#expectedProbe = (sequenceNumber + 1) & 0xffff;
    if (this.#probation > 0) return PROBATION;
    this.#start(sequenceNumber);
    return { kind: 'accepted', extended: this.#max, restarted: false };
  }

  /** One cycle up, so that a packet older than the first never has a negative number. */
  #start(sequenceNumber: number): void {
    this.#started = true;
    this.#base = CYCLE + sequenceNumber;
    this.#max = this.#base;
    this.#expectedStray = -1;
    this.#received = 1;
    this.#seen.fill(-1);
    this.#seen[this.#max % REMEMBERED] = this.#max;
  }

  #accept(extended: number): SequenceVerdict {
    this.#received++;
    this.#expectedStray = -1;
    const place = extended % REMEMBERED;
    if (this.#seen[place] === extended) return DUPLICATE;
    this.#seen[place] = extended;
    if (extended > this.#max) this.#max = extended;
    return { kind: 'accepted', extended, restarted: false };
  }
}
