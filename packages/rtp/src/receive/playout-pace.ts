/** Frames in a row that must show the same deviation before it is corrected. */
const PATIENCE_SPEAKING = 10;
const PATIENCE_QUIET = 2;

export type PaceCorrection = 'none' | 'drop' | 'stretch';

/**
 * Keeps the playout near its target. Delay is corrected by whole frames, and between half a frame too early and one and
 * a half too late nothing happens: the dead zone is wider than the step, so that it never swings.
 */
export class PlayoutPace {
  readonly #frameMs: number;
  #behind = 0;
  #ahead = 0;

  constructor(frameMs: number) {
    this.#frameMs = frameMs;
  }

  /** `slackMs`: how long after its due time a packet is played. */
  correct(slackMs: number, quiet: boolean): PaceCorrection {
    const patience = quiet ? PATIENCE_QUIET : PATIENCE_SPEAKING;
    this.#behind = slackMs > 1.5 * this.#frameMs ? this.#behind + 1 : 0;
    this.#ahead = slackMs < -0.5 * this.#frameMs ? this.#ahead + 1 : 0;
    // After a burst: waiting longer would be heard for longer than the correction
    const hurry = slackMs > 4 * this.#frameMs && this.#behind > 1;
    if (hurry || this.#behind >= patience) {
      this.#behind = 0;
      return 'drop';
    }
    if (this.#ahead >= patience) {
      this.#ahead = 0;
      return 'stretch';
    }
    return 'none';
  }
}
