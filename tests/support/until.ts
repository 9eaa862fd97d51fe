import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Polls until `condition` gives something. The limit only turns a wait that would never end into a
 * failure that says what was awaited; it is no statement about speed.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined> | T | undefined,
  limitMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`${what}: still not so after ${limitMs} ms`);
    await sleep(POLL_MS);
  }
}
