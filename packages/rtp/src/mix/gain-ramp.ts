// A gain that changes without a click: linearly, over a given number of samples.

/** Gains are multiples of this, so that products with 16-bit samples, and sums of them, are exact. */
export const GAIN_STEP = 2 ** -15;

/** +24 dB: what a level control may ask for. */
export const MAX_GAIN = 16;

/** Amplitude factor of a level in dB; from -96 dB down it is silence. */
export function gainFromDb(db: number): number {
  return db <= -96 ? 0 : 10 ** (db / 20);
}

const quantize = (gain: number): number =>
  Math.round(Math.max(0, Math.min(MAX_GAIN, gain)) / GAIN_STEP) * GAIN_STEP;

export class GainRamp {
  #gain: number;
  #from: number;
  #target: number;
  #at = 0;
  #length = 0;

  /** Gains are amplitude factors from 0 to 16; what is outside is taken as the nearest of them. */
  constructor(gain = 1) {
    this.#gain = quantize(gain);
    this.#from = this.#gain;
    this.#target = this.#gain;
  }

  /** The gain of the last sample. */
  get gain(): number {
    return this.#gain;
  }

  /** Whether the gain has stopped changing. */
  get settled(): boolean {
    return this.#at >= this.#length;
  }

  /** Goes to `gain` within the next `samples`, from wherever it is; 0 jumps. 10 ms are short and not heard. */
  rampTo(gain: number, samples: number): void {
    this.#from = this.#gain;
    this.#target = quantize(gain);
    this.#at = 0;
    this.#length = Math.max(0, Math.floor(samples));
    if (this.#length === 0) this.#gain = this.#target;
  }

  /** The gain of the next sample. */
  next(): number {
    if (this.#at >= this.#length) return this.#gain;
    this.#at++;
    const gain = this.#from + ((this.#target - this.#from) * this.#at) / this.#length;
    this.#gain = this.#at === this.#length ? this.#target : quantize(gain);
    return this.#gain;
  }
}
