import { setTimeout as sleep } from 'node:timers/promises';
import { chooseAccount } from './account.ts';
import { APP_USER, DATABASE, ADMIN_USER, ensureDatabase } from './admin-connection.ts';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import {
  buildCluster,
  clusterExists,
  clusterFiles,
  type ClusterFiles,
  ensureDataDirectory,
  prepareSocketDirectory,
  removeUnfinished,
  repairOwnership,
} from './cluster-files.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { createLauncher, type Launcher } from './launch.ts';
import { ensureLibraryLinks } from './library-links.ts';
import type { EmbeddedLog } from './log.ts';
import { adoptOrphan } from './orphan.ts';
import {
  endOf,
  type Postmaster,
  PredecessorStillThere,
  startHint,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts';
import { openServerLog } from './server-log.ts';
import { initdbArguments } from './settings.ts';
import { supervise } from './supervisor.ts';

export type EmbeddedPostgres = {
  /** for pg.Pool; `host` is the directory of a Unix socket. Stays the same when PostgreSQL is restarted. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
    readonly ssl: false;
  };
  /** true when one that an earlier run left behind was taken over instead of started */
  readonly adopted: boolean;
  /** Ends the supervision and shuts PostgreSQL down in order. Connections in use are cut. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  dataDir: string;
  log: EmbeddedLog;
  /** gives up the start; has no effect afterwards */
  signal?: AbortSignal;
  /** default: the ones that came with the packages */
  binaries?: PostgresBinaries;
};

type Context = {
  files: ClusterFiles;
  binaries: PostgresBinaries;
  launcher: Launcher;
  socketDir: string;
  log: EmbeddedLog;
};

/** A killed postmaster's children need a moment to notice and let go of its memory. */
const PREDECESSOR_LIMIT_MS = 15_000;
const DATABASE_LIMIT_MS = 60_000;

/**
 * Starts the PostgreSQL of a data directory, creating it on the first start, and keeps it running.
 * The caller holds the data directory (claimDataDirectory) before and throughout.
 * @throws EmbeddedPostgresError with what to do about it; the signal's reason when aborted
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const signal = options.signal ?? new AbortController().signal;
  const context = await prepare(options, signal);
  const postmaster = await obtain(context, signal);
  try {
    await ensureDatabase(postmaster.address, DATABASE_LIMIT_MS);
    signal.throwIfAborted();
  } catch (error) {
    await stopPostmaster(postmaster);
    throw error;
  }
  const supervisor = supervise(postmaster, (signal) => obtain(context, signal), context.log);
  return {
    connection: { ...postmaster.address, user: APP_USER, database: DATABASE, ssl: false },
    adopted: postmaster.adopted,
    stop: supervisor.stop,
  };
}

async function prepare(options: EmbeddedPostgresOptions, signal: AbortSignal): Promise<Context> {
  const { log } = options;
  const binaries = options.binaries ?? findBinaries();
  const files = clusterFiles(await ensureDataDirectory(options.dataDir));
  const libraryDir = await ensureLibraryLinks(binaries, files.libraryDir);
  const account = await chooseAccount(files.clusterDir);
  const socketDir = await prepareSocketDirectory(files, account);
  const paths = [files.clusterDir, socketDir, ...(libraryDir === undefined ? [] : [libraryDir])];
  const launcher = await createLauncher({ binaries, account, paths, libraryDir });
  const context = { files, binaries, launcher, socketDir, log };
  await removeUnfinished(files);
  if (await clusterExists(files)) await repairOwnership(files, account);
  else await initialise(context, signal);
  return context;
}

async function initialise(context: Context, signal: AbortSignal): Promise<void> {
  const { files, binaries, launcher } = context;
  context.log.info({ directory: files.clusterDir }, 'creating the database');
  const log = await openServerLog(files.logFile);
  try {
    await buildCluster(files, launcher.account, async (directory) => {
      signal.throwIfAborted();
      const child = launcher.start(binaries.initdb, initdbArguments(directory, ADMIN_USER), log.fd);
      const cancel = (): void => {
        // The whole group: initdb has a postgres of its own running.
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      };
      signal.addEventListener('abort', cancel, { once: true });
      const how = await endOf(child);
      signal.removeEventListener('abort', cancel);
      signal.throwIfAborted();
      if (how === 'exit code 0') return;
      throw new EmbeddedPostgresError(
        `The database cannot be created: initdb ended with ${how}. ${startHint(launcher)}` +
          `From ${files.logFile}:\n${await log.tail()}`,
      );
    });
  } finally {
    await log.close();
  }
}

/** Adopts what is running, else starts; tries again while the remains of a predecessor fade. */
async function obtain(context: Context, signal: AbortSignal): Promise<Postmaster> {
  const { files, binaries, launcher, socketDir, log } = context;
  const { clusterDir, logFile } = files;
  let deadline: number | undefined;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 500)) {
    const orphan = await adoptOrphan({ clusterDir, socketDir, log, signal });
    if (orphan) return orphan;
    // Again at every start: it may be in the system's temporary directory, where things get cleaned away.
    await prepareSocketDirectory(files, launcher.account);
    try {
      return await startPostmaster({ binaries, launcher, clusterDir, socketDir, logFile, signal });
    } catch (error) {
      if (!(error instanceof PredecessorStillThere)) throw error;
      // Counted from the first refusal: dealing with an orphan before it may have taken its own time.
      deadline ??= performance.now() + PREDECESSOR_LIMIT_MS;
      if (performance.now() > deadline) {
        throw new EmbeddedPostgresError(
          `The remains of an earlier PostgreSQL do not go away. From ${logFile}:\n${error.message}`,
          { cause: error },
        );
      }
      await sleep(waitMs, undefined, { signal });
    }
  }
}
