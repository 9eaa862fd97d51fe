import type { CancelTimer, Clock } from '../runtime/clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly fn: () => void;
}

/** Time that moves only when a test says so. Timers of one moment fire in the order they were set. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<Waiting>();

  nowMs(): number {
    return this.#now;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#waiting.size;
  }

  setTimer(ms: number, fn: () => void): CancelTimer {
    const entry: Waiting = { dueMs: this.#now + Math.max(0, ms), fn };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.dueMs > until) break;
      this.#now = Math.max(this.#now, next.dueMs);
      this.#waiting.delete(next);
      next.fn();
    }
    this.#now = until;
  }

  /** Runs until no timer waits; a clock that never comes to rest is a bug. */
  drain(maxTimers = 100_000): void {
    for (let fired = 0; this.#waiting.size > 0; fired++) {
      if (fired > maxTimers) throw new Error('timers never end');
      const next = this.#next();
      if (next !== undefined) this.advance(next.dueMs - this.#now);
    }
  }

  #next(): Waiting | undefined {
    let best: Waiting | undefined;
    for (const entry of this.#waiting) if (best === undefined || entry.dueMs < best.dueMs) best = entry;
    return best;
  }
}
