/** Pitch of voices: 66 to 200 Hz. */
const LONGEST_PERIOD_MS = 15;
const SHORTEST_PERIOD_MS = 5;
const COMPARED_MS = 20;
/** G.711 Appendix I: full level for 10 ms, then 20 % less each 10 ms, silent from 60 ms on. */
const FULL_MS = 10;
const SILENT_MS = 60;

/** What fills frames that did not come. */
export interface LossConcealer {
  /** Each frame that was played from packets, in order. */
  observe(pcm: Int16Array, from: number, count: number): void;
  /** Goes on from where the sound stopped. `fade`: false when nothing is lost and sound is only needed for longer. */
  conceal(target: Int16Array, from: number, count: number, fade: boolean): void;
  /** What `conceal` would write next, without moving on: it fades out under the first packet that comes. */
  continuation(target: Int16Array): void;
}

/**
 * Waveform repetition, the idea of ITU-T G.711 Appendix I made simple: the last pitch period (found by autocorrelation)
 * is repeated, its end blended into its beginning, and fades out within 60 ms. Not done: the growing number of periods
 * and the 3.75 ms delay of the appendix. Works at any sampling rate; meant for codecs without concealment of their own.
 */
export class WaveformConcealer implements LossConcealer {
  readonly #perMs: number;
  readonly #history: Int16Array;
  readonly #period: Int16Array;
  #periodLength = 0;
  #position = 0;
  /** Samples since the sound stopped; 0 while packets come. */
  #concealed = 0;

  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1000;
    const longest = Math.ceil(LONGEST_PERIOD_MS * this.#perMs);
    // The blend reads a quarter of a period before the period
    this.#history = new Int16Array(Math.ceil(COMPARED_MS * this.#perMs) + longest + Math.ceil(longest / 4));
    this.#period = new Int16Array(longest);
  }

  observe(pcm: Int16Array, from: number, count: number): void {
    const history = this.#history;
    const kept = Math.min(count, history.length);
    history.copyWithin(0, kept);
    history.set(pcm.subarray(from + count - kept, from + count), history.length - kept);
    this.#concealed = 0;
    this.#periodLength = 0;
  }

  conceal(target: Int16Array, from: number, count: number, fade: boolean): void {
    if (this.#periodLength === 0) this.#takePeriod();
    const end = Math.min(from + count, target.length);
    for (let i = from; i < end; i++) {
      const gain = fade ? this.#gainAt(this.#concealed) : 1;
      target[i] = Math.round((this.#period[this.#position] ?? 0) * gain);
      this.#position = (this.#position + 1) % this.#periodLength;
      if (fade) this.#concealed++;
    }
  }

  continuation(target: Int16Array): void {
    const gain = this.#gainAt(this.#concealed);
    for (let i = 0; i < target.length; i++) {
      const place = (this.#position + i) % Math.max(1, this.#periodLength);
      target[i] = Math.round((this.#period[place] ?? 0) * gain);
    }
  }

  #gainAt(concealed: number): number {
    const ms = concealed / this.#perMs;
    if (ms <= FULL_MS) return 1;
    return Math.max(0, 1 - (ms - FULL_MS) / (SILENT_MS - FULL_MS));
  }

  #takePeriod(): void {
    const history = this.#history;
    const length = this.#findPeriod();
    const start = history.length - length;
    this.#period.set(history.subarray(start));
    // The seam: the last quarter turns into what stood before the period began
    const blend = length >> 2;
    for (let i = 0; i < blend; i++) {
      const weight = (i + 1) / (blend + 1);
      const place = length - blend + i;
      const ending = history[start + place] ?? 0;
      const before = history[start - blend + i] ?? 0;
      this.#period[place] = Math.round(ending * (1 - weight) + before * weight);
    }
    this.#periodLength = length;
    this.#position = 0;
  }

  /** The lag whose past resembles the last 20 ms most: every other sample at 8 kHz is enough, then exactly. */
  #findPeriod(): number {
    const stride = Math.max(1, Math.round(this.#perMs / 4));
    const shortest = Math.ceil(SHORTEST_PERIOD_MS * this.#perMs);
    const longest = this.#period.length;
    const coarse = this.#bestLag(shortest, longest, stride, stride);
    return this.#bestLag(Math.max(shortest, coarse - stride), Math.min(longest, coarse + stride), 1, stride);
  }

  #bestLag(first: number, last: number, lagStep: number, sampleStep: number): number {
    let best = first;
    let bestScore = -1;
    for (let lag = first; lag <= last; lag += lagStep) {
      const score = this.#resemblance(lag, sampleStep);
      if (score > bestScore) {
        best = lag;
        bestScore = score;
      }
    }
    return best;
  }

  #resemblance(lag: number, step: number): number {
    const history = this.#history;
    let product = 0;
    let energy = 1;
    for (let i = history.length - Math.ceil(COMPARED_MS * this.#perMs); i < history.length; i += step) {
      const past = history[i - lag] ?? 0;
      product += (history[i] ?? 0) * past;
      energy += past * past;
    }
    return product <= 0 ? 0 : (product * product) / energy;
  }
}
