import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askCluster, type SocketAddress } from './admin-connection.ts';
import { EmbeddedPostgresError, errorCode, WAYS_OUT } from './errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import { type Launcher, launchProblem } from './launch.ts';
import { isPostmasterOf } from './postmaster-pid.ts';
import { openServerLog } from './server-log.ts';
import { postmasterArguments, SOCKET_PORT } from './settings.ts';

/** A running PostgreSQL, our child or an adopted one. */
export type Postmaster = {
  readonly pid: number;
  readonly adopted: boolean;
  readonly address: SocketAddress;
  /** settles with how it ended; never rejects */
  readonly ended: Promise<string>;
};

/** A start that failed because the remains of the last one are not gone yet. */
export class PredecessorStillThere extends Error {
  override readonly name = 'PredecessorStillThere';
}

/** PostgreSQL's words for it: children that outlive a killed postmaster, or a lock file that is not ours. */
const PREDECESSOR = /pre-existing shared memory block|lock file .* (already exists|is empty)/;

const POLL_MS = 5;
const ASK_TIMEOUT_MS = 2_000;
/** Recovery replays up to max_wal_size before it lets anyone in. */
const START_LIMIT_MS = 300_000;
const WATCH_MS = 250;
const FAST_STOP_LIMIT_MS = 30_000;
const IMMEDIATE_STOP_LIMIT_MS = 5_000;

/** Settles when the child has ended or could not be started, with how. */
export function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  child.once('error', (error) => resolve(launchProblem(error)));
  return promise;
}

export type StartOptions = {
  binaries: PostgresBinaries;
  launcher: Launcher;
  clusterDir: string;
  socketDir: string;
  logFile: string;
  signal: AbortSignal;
};

/**
 * Starts PostgreSQL and waits until it accepts connections.
 * @throws PredecessorStillThere when trying again in a moment may help, else EmbeddedPostgresError
 */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  const { binaries, launcher, clusterDir, socketDir, signal } = options;
  const log = await openServerLog(options.logFile);
  try {
    signal.throwIfAborted();
    const args = postmasterArguments(clusterDir, socketDir);
    const child = launcher.start(binaries.postgres, args, log.fd);
    const address = { host: socketDir, port: SOCKET_PORT };
    const started = { pid: child.pid ?? 0, adopted: false, address, ended: endOf(child) };
    const outcome = await waitUntilReady(started, START_LIMIT_MS, signal);
    if (outcome.state === 'ready') return started;
    if (outcome.state !== 'ended') await stopPostmaster(started);
    signal.throwIfAborted();
    const tail = await log.tail();
    if (PREDECESSOR.test(tail)) throw new PredecessorStillThere(tail);
    const how = outcome.state === 'ended' ? `ended with ${outcome.how}` : 'does not answer';
    throw new EmbeddedPostgresError(
      `PostgreSQL ${how}. ${startHint(launcher)}From ${options.logFile}:\n${tail}`,
    );
  } finally {
    await log.close();
  }
}

/** For what setpriv says in the log when a container withholds the capability. */
export function startHint(launcher: Launcher): string {
  if (!launcher.overridesAccess || !launcher.account) return '';
  return (
    `It runs as user id ${launcher.account.uid}, which cannot enter a directory above its files, ` +
    `and setpriv may not be allowed to give it that right here. ${WAYS_OUT} `
  );
}

type Outcome = { state: 'ready' } | { state: 'silent' } | { state: 'ended'; how: string };

/**
 * Polls until the cluster answers, ends or has been silent for too long. "Not yet" is an answer.
 * An abort shows as silence.
 */
export async function waitUntilReady(
  postmaster: Pick<Postmaster, 'address' | 'ended'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome & { clusterDir?: string }> {
  let how: string | undefined;
  void postmaster.ended.then((end) => (how = end));
  let deadline = performance.now() + limitMs;
  const lastMoment = performance.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await askCluster(postmaster.address, ASK_TIMEOUT_MS);
    if (how !== undefined) return { state: 'ended', how };
    if (answer.state === 'ready') return answer;
    const now = performance.now();
    if (answer.state === 'starting') deadline = Math.min(now + limitMs, lastMoment);
    if (now > deadline || signal.aborted) return { state: 'silent' };
    await sleep(POLL_MS);
  }
}

/** Watches a process that is not our child, by its id. */
export function watchProcess(pid: number, clusterDir: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = async (): Promise<void> => {
    if (await isPostmasterOf(pid, clusterDir)) setTimeout(() => void look(), WATCH_MS).unref();
    else resolve('an unknown end');
  };
  void look();
  return promise;
}

/** Fast shutdown, then immediate shutdown, then the end that nobody can refuse. */
export async function stopPostmaster(
  postmaster: Pick<Postmaster, 'pid' | 'ended'>,
  limitMs = FAST_STOP_LIMIT_MS,
): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', limitMs],
    ['SIGQUIT', IMMEDIATE_STOP_LIMIT_MS],
    ['SIGKILL', IMMEDIATE_STOP_LIMIT_MS],
  ];
  if (postmaster.pid === 0) return;
  for (const [name, stepMs] of steps) {
    try {
      process.kill(postmaster.pid, name);
      // One that is suspended would not notice.
      process.kill(postmaster.pid, 'SIGCONT');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
    const waiting = new AbortController();
    const inTime = await Promise.race([
      postmaster.ended.then(() => true),
      sleep(stepMs, false, { signal: waiting.signal }).catch(() => false),
    ]);
    waiting.abort();
    if (inTime) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL (process ${postmaster.pid}) does not end.`);
}
