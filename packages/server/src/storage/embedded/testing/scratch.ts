import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedLog } from '../log.ts';

/** A temporary directory whose every process is ended with it. */
export type Scratch = AsyncDisposable & { readonly path: string };

export const silentLog: EmbeddedLog = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Ids of the processes with this path in their command line. Linux only; none elsewhere. */
export async function processesNaming(path: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes(path)) found.push(pid);
  }
  return found;
}

export async function makeScratch(): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), 'tronco-embedded-'));
  return {
    path,
    async [Symbol.asyncDispose]() {
      for (;;) {
        const left = await processesNaming(path);
        if (left.length === 0) break;
        for (const pid of left) {
          try {
            process.kill(pid, 'SIGKILL');
          } catch {
            // Ended by itself in the meantime.
          }
        }
        await sleep(20);
      }
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Polls until the condition holds. The test runner's own time limit ends a wait that never does. */
export async function until<T>(condition: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    await sleep(10);
  }
}
