// How loud a signal is, as RTP levels count it: RFC 6464 §3.

const FULL_SCALE = 32_768;

/** What silence reads: the lowest level of RFC 6464. */
export const SILENCE_DBFS = -127;

export interface Level {
  /** 0 is a square wave at full scale; a sine at full scale reads -3.01. */
  readonly rmsDbfs: number;
  readonly peakDbfs: number;
}

const toDbfs = (amplitude: number): number =>
  amplitude <= 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(amplitude / FULL_SCALE));

/** Collects frames until it is read. */
export class LevelMeter {
  #energy = 0;
  #peak = 0;
  #samples = 0;

  add(frame: Int16Array): void {
    let energy = 0;
    let peak = this.#peak;
    for (let i = 0; i < frame.length; i++) {
      const sample = frame[i] ?? 0;
      energy += sample * sample;
      const size = sample < 0 ? -sample : sample;
      if (size > peak) peak = size;
    }
    this.#energy += energy;
    this.#peak = peak;
    this.#samples += frame.length;
  }

  /** The level of everything added since the last call; both are -127 when that was silence or nothing. */
  take(): Level {
    const rms = this.#samples === 0 ? 0 : Math.sqrt(this.#energy / this.#samples);
    const level = { rmsDbfs: toDbfs(rms), peakDbfs: toDbfs(this.#peak) };
    this.#energy = 0;
    this.#peak = 0;
    this.#samples = 0;
    return level;
  }
}
