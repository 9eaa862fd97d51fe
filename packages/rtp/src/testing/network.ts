// A network for tests: what was sent each 20 ms, and when (if at all) it arrives.

export interface Arrival {
  /** Which packet of the stream, from 0. */
  readonly n: number;
  readonly atMs: number;
}

export interface NetworkFault {
  readonly lost: boolean;
  readonly delayMs: number;
  /** A copy arrives so much later. */
  readonly copyAfterMs?: number | undefined;
}

/** One entry per packet sent; the answer is in order of arrival. */
export function arrivalsOf(faults: readonly NetworkFault[], frameMs = 20): Arrival[] {
  const arrivals: Arrival[] = [];
  faults.forEach(({ lost, delayMs, copyAfterMs }, n) => {
    if (lost) return;
    arrivals.push({ n, atMs: n * frameMs + delayMs });
    if (copyAfterMs !== undefined) arrivals.push({ n, atMs: n * frameMs + delayMs + copyAfterMs });
  });
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

/** Calls back for each arrival and each frame time, in order of time. */
export function run(
  arrivals: readonly Arrival[],
  options: { readonly untilMs: number; readonly phaseMs?: number; readonly frameMs?: number },
  on: { arrival(arrival: Arrival): void; frame(nowMs: number): void },
): void {
  const { untilMs, phaseMs = 7, frameMs = 20 } = options;
  let next = 0;
  for (let nowMs = phaseMs; nowMs < untilMs; nowMs += frameMs) {
    for (; next < arrivals.length; next++) {
      const arrival = arrivals[next];
      if (!arrival || arrival.atMs > nowMs) break;
      on.arrival(arrival);
    }
    on.frame(nowMs);
  }
}
