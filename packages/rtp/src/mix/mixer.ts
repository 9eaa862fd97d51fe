// The sum of mono streams in one frame of 16-bit samples.
import type { GainRamp } from './gain-ramp.ts';

const MAX_SAMPLE = 32_767;
const MIN_SAMPLE = -32_768;

/** Below this a soft limit changes nothing: -2.5 dBFS. */
const KNEE = 24_576;
const ABOVE_KNEE = MAX_SAMPLE - KNEE;

/**
 * `hard` cuts what is over full scale, and leaves all else as it is; `soft` bends everything above -2.5 dBFS so that
 * loud sums distort less and full scale is never reached.
 */
export type MixLimit = 'hard' | 'soft';

/** Level with a continuous slope: one to one up to the knee, then ever flatter towards full scale. */
export function softLimit(sample: number): number {
  const over = Math.abs(sample) - KNEE;
  if (over <= 0) return sample;
  const bent = KNEE + (ABOVE_KNEE * over) / (ABOVE_KNEE + over);
  return sample < 0 ? -bent : bent;
}

const clip = (sample: number): number => Math.max(MIN_SAMPLE, Math.min(MAX_SAMPLE, Math.round(sample)));

/**
 * Sums frame by frame: `add` for each stream, then `mixTo`. Samples times gains are exact multiples of 2^-15 and so
 * are their sums in double precision: the order of the streams cannot change a bit of the result.
 */
export class Mixer {
  readonly frameSamples: number;
  readonly #sum: Float64Array;
  readonly #soft: boolean;

  constructor(frameSamples: number, limit: MixLimit = 'soft') {
    this.frameSamples = frameSamples;
    this.#sum = new Float64Array(frameSamples);
    this.#soft = limit === 'soft';
  }

  /**
   * Adds one stream's frame under its own gain, 1 when absent. A shorter frame ends in silence, and the gain moves on
   * all the same; a longer one is a RangeError.
   */
  add(frame: Int16Array, gain?: GainRamp): void {
    if (frame.length > this.frameSamples) throw new RangeError('the frame is longer than the mix');
    if (gain && !gain.settled) this.#addRamped(frame, gain);
    else this.#addLevel(frame, gain?.gain ?? 1);
  }

  /** Writes the limited sum to the first `frameSamples` of `output` and starts the next frame with silence. */
  mixTo(output: Int16Array): void {
    if (output.length < this.frameSamples) throw new RangeError('the output is shorter than the mix');
    const sum = this.#sum;
    if (this.#soft) for (let i = 0; i < sum.length; i++) output[i] = clip(softLimit(sum[i] ?? 0));
    else for (let i = 0; i < sum.length; i++) output[i] = clip(sum[i] ?? 0);
    sum.fill(0);
  }

  #addLevel(frame: Int16Array, level: number): void {
    if (level === 0) return;
    const sum = this.#sum;
    for (let i = 0; i < frame.length; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0) * level;
  }

  #addRamped(frame: Int16Array, gain: GainRamp): void {
    const sum = this.#sum;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0) * gain.next();
  }
}
