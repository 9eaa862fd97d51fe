/** About five seconds of 20 ms packets: long enough to know the jitter, short enough to follow clock drift. */
const WINDOW = 256;
const SETTLED = 32;
const REFRESH_EVERY = 16;
/** The share of packets that should be in time. */
const IN_TIME = 0.98;

export interface DelayBounds {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Used until enough packets have shown the jitter. */
  readonly initialDelayMs: number;
}

/**
 * How long packets must wait so that nearly all are there when their turn comes. Each packet's transit (arrival less
 * timestamp, in ms) holds an unknown constant; the least of the window stands for an undelayed packet, and the 98th
 * percentile above it is the jitter to wait for. Clock drift moves both and so is followed.
 */
export class DelayEstimator {
  readonly #bounds: DelayBounds;
  readonly #window = new Float64Array(WINDOW);
  readonly #sorted = new Float64Array(WINDOW);
  #count = 0;
  #baseMs = 0;
  #spreadMs = 0;

  constructor(bounds: DelayBounds) {
    this.#bounds = bounds;
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  /** Transit of an undelayed packet. */
  get baseMs(): number {
    return this.#baseMs;
  }

  get targetMs(): number {
    const { minDelayMs, maxDelayMs, initialDelayMs } = this.#bounds;
    const wanted = this.#count < SETTLED ? Math.max(initialDelayMs, this.#spreadMs) : this.#spreadMs;
    return Math.min(maxDelayMs, Math.max(minDelayMs, wanted));
  }

  add(transitMs: number): void {
    this.#window[this.#count % WINDOW] = transitMs;
    this.#count++;
    if (this.#count <= SETTLED || this.#count % REFRESH_EVERY === 0) this.#refresh();
  }

  reset(): void {
    this.#count = 0;
    this.#baseMs = 0;
    this.#spreadMs = 0;
  }

  #refresh(): void {
    const size = Math.min(this.#count, WINDOW);
    const sorted = this.#sorted.subarray(0, size);
    sorted.set(this.#window.subarray(0, size));
    sorted.sort();
    this.#baseMs = sorted[0] ?? 0;
    this.#spreadMs = (sorted[Math.ceil(IN_TIME * size) - 1] ?? 0) - this.#baseMs;
  }
}
