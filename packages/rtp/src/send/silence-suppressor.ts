import { analyzeNoise, type NoiseShape } from '../codecs/comfort-noise.ts';

/** What to do with a frame. */
export type SilenceDecision =
  | { readonly kind: 'speech' }
  /** Send this in place of the frame. */
  | { readonly kind: 'noise'; readonly shape: NoiseShape }
  /** Send nothing. */
  | { readonly kind: 'nothing' };

/** Hook of `AudioSender`: asked for each frame. */
export interface SilenceSuppressor {
  decide(pcm: Int16Array): SilenceDecision;
}

/** Speech goes on for so long after its last loud frame: the ends of words are soft. */
const HANGOVER_FRAMES = 10;
/** A new description of the noise each second, or when its level has moved. */
const REFRESH_FRAMES = 50;
const LEVEL_STEP_DB = 3;

/**
 * Suppression by level, for agents whose silence is digital or nearly so. Anything that knows better when someone speaks
 * can take its place.
 */
export class LevelSuppressor implements SilenceSuppressor {
  readonly #thresholdDb: number;
  #hangover = 0;
  #sinceNoise = REFRESH_FRAMES;
  #level = 0;

  /** `thresholdDb`: dBov of a frame from which on it is speech. */
  constructor(thresholdDb = -55) {
    this.#thresholdDb = thresholdDb;
  }

  decide(pcm: Int16Array): SilenceDecision {
    if (levelDb(pcm) >= this.#thresholdDb) {
      this.#hangover = HANGOVER_FRAMES;
      this.#sinceNoise = REFRESH_FRAMES;
      return { kind: 'speech' };
    }
    if (this.#hangover > 0) {
      this.#hangover--;
      return { kind: 'speech' };
    }
    this.#sinceNoise++;
    const shape = analyzeNoise(pcm);
    if (this.#sinceNoise < REFRESH_FRAMES && Math.abs(shape.level - this.#level) < LEVEL_STEP_DB) {
      return { kind: 'nothing' };
    }
    this.#sinceNoise = 0;
    this.#level = shape.level;
    return { kind: 'noise', shape };
  }
}

function levelDb(pcm: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < pcm.length; i++) sum += (pcm[i] ?? 0) ** 2;
  return 10 * Math.log10(sum / Math.max(1, pcm.length) / 32_768 ** 2 + 1e-13);
}
