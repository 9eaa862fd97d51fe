// Streaming sample rate conversion of one mono signal.
import { HALF_SPAN_PERIODS, rateFilter, type RateFilter, type SampleRate } from './filter.ts';

/** Int16 samples are whole numbers up to 2^15, Float32 samples go from -1 to 1; either may become the other. */
export type Samples = Int16Array | Float32Array;

const FULL_SCALE = 32_768;

/** Input samples filtered at once: 20 ms at 48 kHz. A longer input is taken in pieces. */
const CHUNK = 960;

/** More than any filter reaches back. */
const MAX_HISTORY = 256;

/** The past, then the chunk at hand; and what becomes of it. No call of `process` leaves anything here, so all share. */
const work = new Float64Array(MAX_HISTORY + CHUNK);
const converted = new Float64Array(6 * CHUNK);

/**
 * A polyphase FIR filter between 8, 16, 24 and 48 kHz: 28 periods of the lower rate long, -6 dB at half the lower
 * rate, flat within 0.01 dB up to 0.425 of it, 61 dB down from 0.575 of it on. It delays by 14 periods of the lower
 * rate (1.75 ms from or to 8 kHz) and, between calls, gives the samples it would give for the whole signal at once.
 * Equal rates copy.
 */
export class Resampler {
  /** Delay of the signal, in milliseconds. */
  readonly latencyMs: number;
  readonly #filter: RateFilter | undefined;
  /** The last samples of the past, as many as the filter reaches back. */
  readonly #past: Float64Array;
  #phase = 0;
  /** Input samples that pass before the one that the next output sample needs. */
  #skip = 0;

  constructor(fromHz: SampleRate, toHz: SampleRate) {
    this.#filter = fromHz === toHz ? undefined : rateFilter(fromHz, toHz);
    this.latencyMs = this.#filter ? (1000 * HALF_SPAN_PERIODS) / Math.min(fromHz, toHz) : 0;
    this.#past = new Float64Array(this.#filter?.history ?? 0);
  }

  /** Samples that `process` will write for the next `inputLength`. */
  outputLength(inputLength: number): number {
    if (!this.#filter) return inputLength;
    const { up, down } = this.#filter;
    return Math.max(0, Math.ceil(((inputLength - this.#skip) * up - this.#phase) / down));
  }

  /**
   * Converts all of `input` and answers how many samples it wrote to the start of `output`. Int16 output is rounded
   * and saturated. Allocates nothing. Throws a RangeError when `output` is shorter than `outputLength`.
   */
  process(input: Samples, output: Samples): number {
    if (output.length < this.outputLength(input.length))
      throw new RangeError('the output has too few samples');
    let written = 0;
    for (let at = 0; at < input.length; at += CHUNK) {
      const length = Math.min(CHUNK, input.length - at);
      load(input, at, this.#past.length, length);
      const count = this.#filter ? this.#convert(this.#filter, length) : length;
      store(this.#filter ? converted : work, count, output, written);
      written += count;
    }
    return written;
  }

  /** Forgets the signal: what comes next follows silence. */
  reset(): void {
    this.#past.fill(0);
    this.#phase = 0;
    this.#skip = 0;
  }

  /** Phase by phase: the output samples of one phase are `up` apart and the input they need is `down` apart. */
  #convert(filter: RateFilter, length: number): number {
    const past = this.#past;
    work.set(past);
    const count = this.outputLength(length);
    const phases = Math.min(filter.up, count);
    for (let first = 0; first < phases; first++) this.#filterPhase(filter, first, count);
    const next = this.#phase + count * filter.down;
    this.#phase = next % filter.up;
    this.#skip += Math.floor(next / filter.up) - length;
    for (let i = 0; i < past.length; i++) past[i] = work[length + i] ?? 0;
    return count;
  }

  /** Output samples `first`, `first + up`, … below `count`. */
  #filterPhase({ up, down, phases }: RateFilter, first: number, count: number): void {
    const position = this.#phase + first * down;
    const phase = phases[position % up];
    if (!phase) return;
    const { centre, centreDelay, taps, firstDelay, stride } = phase;
    let newest = this.#past.length + this.#skip + Math.floor(position / up);
    for (let to = first; to < count; to += up, newest += down) {
      let sum = centre * (work[newest - centreDelay] ?? 0);
      let at = newest - firstDelay;
      for (let k = 0; k < taps.length; k++, at -= stride) sum += (taps[k] ?? 0) * (work[at] ?? 0);
      converted[to] = sum;
    }
  }
}

function load(from: Samples, at: number, start: number, length: number): void {
  const scale = from instanceof Int16Array ? 1 : FULL_SCALE;
  for (let i = 0; i < length; i++) work[start + i] = (from[at + i] ?? 0) * scale;
}

function store(from: Float64Array, count: number, to: Samples, at: number): void {
  if (to instanceof Int16Array) {
    for (let i = 0; i < count; i++) {
      to[at + i] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(from[i] ?? 0)));
    }
  } else for (let i = 0; i < count; i++) to[at + i] = (from[i] ?? 0) / FULL_SCALE;
}
