import type { Clock } from '../kernel/clock.ts';

export type FakeClock = Clock & { advance(ms: number): void };

/** Starts at a fixed time and moves only when told. */
export function fakeClock(start = '2026-01-15T12:00:00.000Z'): FakeClock {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
