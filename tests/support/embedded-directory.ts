import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pg } from '../../packages/server/src/testing/sql.ts';
import { readPidFile } from '../../packages/server/src/storage/embedded/postmaster-pid.ts';
import { processesNaming } from '../../packages/server/src/storage/embedded/testing/scratch.ts';
import { until } from './until.ts';

/** A data directory that goes away together with whatever PostgreSQL still runs in it. */
export type DataDirectory = AsyncDisposable & { readonly path: string };

const living = new Set<string>();
// A run that is broken off must not leave a PostgreSQL behind.
process.on('exit', () => {
  for (const path of living) {
    const file = join(path, 'postgres', 'postmaster.pid');
    if (existsSync(file)) endNow(Number.parseInt(readFileSync(file, 'utf8'), 10));
  }
});

export async function makeDataDirectory(): Promise<DataDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'tronco-proof-'));
  living.add(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      living.delete(path);
      await until('the end of PostgreSQL', async () => {
        const left = await processesNaming(path);
        for (const pid of left) endNow(pid);
        return left.length === 0 ? true : undefined;
      });
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended by itself in the meantime.
  }
}

/** The embedded PostgreSQL's process id, or undefined while none runs. */
export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const file = await readPidFile(join(dataDir, 'postgres'));
  return file === undefined || file === 'unreadable' ? undefined : file.pid;
}

/** Asks the embedded database behind the server's back. */
export async function askDatabase<Row extends Record<string, unknown>>(
  dataDir: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const file = await readPidFile(join(dataDir, 'postgres'));
  if (file === undefined || file === 'unreadable' || file.socketDir === undefined) {
    throw new Error('no PostgreSQL runs here');
  }
  const client = new pg.Client({
    host: file.socketDir,
    port: file.port ?? 5432,
    user: 'tronco',
    database: 'tronco',
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
