import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askCluster } from './admin-connection.ts';
import { EmbeddedPostgresError } from './errors.ts';
import type { EmbeddedLog } from './log.ts';
import { type Postmaster, stopPostmaster, waitUntilReady, watchProcess } from './postmaster.ts';
import {
  isPostmasterOf,
  isSameDirectory,
  type PidFile,
  processExists,
  readPidFile,
  removePidFile,
} from './postmaster-pid.ts';
import { SOCKET_PORT } from './settings.ts';

const SILENCE_LIMIT_MS = 5_000;
const ORPHAN_STOP_LIMIT_MS = 10_000;
const FOREIGN_ASK_TIMEOUT_MS = 1_000;

type Search = { clusterDir: string; socketDir: string; log: EmbeddedLog; signal: AbortSignal };

/**
 * Looks for a postmaster that outlived the server which started it.
 * @returns it when it answers for this cluster; undefined when the way is free, where needed because
 *   it was stopped or its remains were cleared
 */
export async function adoptOrphan(search: Search): Promise<Postmaster | undefined> {
  const { clusterDir, socketDir, log, signal } = search;
  const file = await readSettledPidFile(clusterDir);
  if (file === undefined) return undefined;
  if (file === 'unreadable' || !(await isPostmasterOf(file.pid, clusterDir))) {
    if (file !== 'unreadable') await refuseForeign(file, clusterDir);
    await clearRemains(file, search);
    return undefined;
  }
  const { pid } = file;
  const address = { host: file.socketDir ?? socketDir, port: file.port ?? SOCKET_PORT };
  const orphan = { pid, address, adopted: true, ended: watchProcess(pid, clusterDir) };
  const outcome = await waitUntilReady(orphan, SILENCE_LIMIT_MS, signal);
  signal.throwIfAborted();
  if (outcome.state === 'ended') return undefined;
  const inPlace = await isSameDirectory(address.host, socketDir);
  if (outcome.state === 'ready' && inPlace && (await isSameDirectory(outcome.clusterDir ?? '', clusterDir))) {
    log.info({ pid }, 'adopted the PostgreSQL that an earlier run left behind');
    return orphan;
  }
  log.warn(
    { pid },
    'stopping the PostgreSQL that an earlier run left behind: it does not answer where it should',
  );
  await stopPostmaster(orphan, ORPHAN_STOP_LIMIT_MS);
  return undefined;
}

/** A postmaster creates the file and then writes to it: one that is empty twice is the rest of a crash. */
async function readSettledPidFile(clusterDir: string): ReturnType<typeof readPidFile> {
  const file = await readPidFile(clusterDir);
  if (file !== 'unreadable') return file;
  await sleep(200);
  return readPidFile(clusterDir);
}

/** Two containers with one volume do not see each other's processes, but they do reach the socket. */
async function refuseForeign(file: PidFile, clusterDir: string): Promise<void> {
  if (file.socketDir === undefined || file.port === undefined) return;
  const answer = await askCluster({ host: file.socketDir, port: file.port }, FOREIGN_ASK_TIMEOUT_MS);
  const ours = answer.state === 'ready' && (await isSameDirectory(answer.clusterDir, clusterDir));
  if (ours || answer.state === 'starting') {
    throw new EmbeddedPostgresError(
      `The database in ${clusterDir} is running outside this container or machine. ` +
        `One data directory serves one server: stop the other, or choose another data directory.`,
    );
  }
}

/**
 * PostgreSQL clears its own remains, unless the process id in them now belongs to another program:
 * then it takes that for a running postmaster and refuses to start.
 */
async function clearRemains(file: PidFile | 'unreadable', search: Search): Promise<void> {
  if (file !== 'unreadable' && !processExists(file.pid)) return;
  search.log.warn({}, 'removed the lock file of a PostgreSQL that no longer runs');
  await removePidFile(search.clusterDir);
  await rm(join(search.socketDir, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true });
}
