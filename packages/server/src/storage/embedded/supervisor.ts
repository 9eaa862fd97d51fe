import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from './errors.ts';
import type { EmbeddedLog } from './log.ts';
import { type Postmaster, stopPostmaster } from './postmaster.ts';

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;
/** One that has lived this long did not die of how it was started. */
const STABLE_AFTER_MS = 60_000;

/** Keeps a PostgreSQL running until stopped. */
export type Supervisor = { stop(): Promise<void> };

/** @param obtain starts a new one (or adopts one) and gives up when its signal aborts */
export function supervise(
  first: Postmaster,
  obtain: (signal: AbortSignal) => Promise<Postmaster>,
  log: EmbeddedLog,
): Supervisor {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: Postmaster | undefined = first;

  const replace = async (delayMs: number): Promise<{ next: Postmaster | undefined; delayMs: number }> => {
    for (let wait = delayMs; ; wait = Math.min(Math.max(wait * 2, FIRST_DELAY_MS), MAX_DELAY_MS)) {
      try {
        if (wait > 0) await sleep(wait, undefined, { signal });
        return { next: await obtain(signal), delayMs: Math.max(wait, FIRST_DELAY_MS) };
      } catch (error) {
        if (signal.aborted) return { next: undefined, delayMs: wait };
        log.error({ problem: errorText(error) }, 'PostgreSQL does not start again; trying on');
      }
    }
  };

  const watch = async (): Promise<void> => {
    let delayMs = 0;
    while (current) {
      const since = performance.now();
      const { pid } = current;
      const how = await Promise.race([current.ended, aborted(signal)]);
      if (how === undefined) return;
      if (performance.now() - since > STABLE_AFTER_MS) delayMs = 0;
      current = undefined;
      log.error({ pid, how }, 'PostgreSQL ended while in use; starting it again');
      const replaced = await replace(delayMs);
      current = replaced.next;
      delayMs = Math.min(replaced.delayMs * 2, MAX_DELAY_MS);
      if (current) log.info({ pid: current.pid }, 'PostgreSQL runs again');
    }
  };

  const watching = watch();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await watching;
    if (current) await stopPostmaster(current);
  };
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stop()) };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  return promise;
}
