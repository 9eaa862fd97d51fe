// Comfort noise payload, RFC 3389: a level and reflection coefficients.

import { xorshift32 } from './noise-source.ts';

const MAX_ORDER = 12;

export interface NoiseShape {
  /** −dBov: 0 is full scale, 127 is as good as nothing. */
  readonly level: number;
  /** Each −1 < k < 1. */
  readonly reflection: readonly number[];
}

/** RFC 3389 §3. An empty payload is no comfort noise; coefficients past the order used here are left out. */
export function parseComfortNoise(payload: Uint8Array): NoiseShape | undefined {
  const level = payload[0];
  if (level === undefined) return undefined;
  const indices = [...payload.subarray(1, 1 + MAX_ORDER)];
  return {
    // The first bit is reserved
    level: level & 0x7f,
    // 255 is reserved: counted as 254
    reflection: indices.map((index) => (258 * (Math.min(index, 254) - 127)) / 32_768),
  };
}

/** Writes at `offset`; the answer is how many octets. */
export function writeComfortNoise(shape: NoiseShape, target: Uint8Array, offset = 0): number {
  target[offset] = Math.max(0, Math.min(127, Math.round(shape.level)));
  const order = Math.min(shape.reflection.length, MAX_ORDER);
  for (let i = 0; i < order; i++) {
    const index = Math.round(((shape.reflection[i] ?? 0) * 32_768) / 258) + 127;
    target[offset + 1 + i] = Math.max(0, Math.min(254, index));
  }
  return 1 + order;
}

/** What background noise sounds like: level, and the spectrum by autocorrelation and Levinson–Durbin. */
export function analyzeNoise(pcm: Int16Array, order = 6): NoiseShape {
  const correlation = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag++) {
    let sum = 0;
    for (let i = lag; i < pcm.length; i++) sum += (pcm[i] ?? 0) * (pcm[i - lag] ?? 0);
    correlation[lag] = sum;
  }
  const energy = correlation[0] ?? 0;
  const rms = Math.sqrt(energy / Math.max(1, pcm.length));
  const level = rms < 1 ? 127 : Math.min(127, -20 * Math.log10(rms / 32_768));
  if (energy === 0) return { level: 127, reflection: [] };
  // White noise 30 dB below, so that a pure tone does not make the recursion unstable
  correlation[0] = energy * 1.001;
  return { level, reflection: levinson(correlation, order) };
}

function levinson(correlation: Float64Array, order: number): number[] {
  const reflection: number[] = [];
  let predictor = [1];
  let error = correlation[0] ?? 1;
  for (let m = 1; m <= order; m++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += (predictor[i] ?? 0) * (correlation[m - i] ?? 0);
    const k = -sum / error;
    reflection.push(k);
    const previous = [...predictor, 0];
    predictor = previous.map((value, i) => value + k * (previous[m - i] ?? 0));
    error *= 1 - k * k;
  }
  return reflection;
}

/** Makes the noise that a payload describes: white noise through an all-pole lattice filter. Silent until `update`. */
export class ComfortNoiseGenerator {
  readonly #reflection = new Float64Array(MAX_ORDER);
  readonly #backward = new Float64Array(MAX_ORDER + 1);
  readonly #next: () => number;
  #order = 0;
  #gain = 0;

  /** `seed`: any whole number; the same one makes the same noise. */
  constructor(seed: number) {
    this.#next = xorshift32(seed);
  }

  get active(): boolean {
    return this.#gain > 0;
  }

  update(shape: NoiseShape): void {
    this.#order = Math.min(shape.reflection.length, MAX_ORDER);
    let residual = 1;
    for (let i = 0; i < this.#order; i++) {
      // Off the edge: a filter at its limit would ring for seconds
      const k = Math.max(-0.98, Math.min(0.98, shape.reflection[i] ?? 0));
      this.#reflection[i] = k;
      residual *= 1 - k * k;
    }
    const rms = shape.level >= 127 ? 0 : 32_768 * 10 ** (-shape.level / 20);
    // A uniform variable of ±1 has a power of one third
    this.#gain = rms * Math.sqrt(3 * residual);
  }

  stop(): void {
    this.#gain = 0;
    this.#backward.fill(0);
  }

  generate(target: Int16Array, from = 0, count = target.length - from): void {
    const { length } = target;
    for (let i = from; i < Math.min(from + count, length); i++) {
      const sample = this.#filter(this.#gain * (2 * this.#next() - 1));
      target[i] = Math.max(-32_768, Math.min(32_767, Math.round(sample)));
    }
  }

  #filter(excitation: number): number {
    const backward = this.#backward;
    let forward = excitation;
    for (let i = this.#order - 1; i >= 0; i--) {
      const k = this.#reflection[i] ?? 0;
      const delayed = backward[i] ?? 0;
      forward -= k * delayed;
      backward[i + 1] = delayed + k * forward;
    }
    backward[0] = forward;
    return forward;
  }
}
