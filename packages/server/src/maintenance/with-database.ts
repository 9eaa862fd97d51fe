import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { type ConnectionSettings, type Database, openDatabase } from '../storage/database.ts';
import { APP_USER, DATABASE } from '../storage/embedded/admin-connection.ts';
import { clusterFiles } from '../storage/embedded/cluster-files.ts';
import { claimDataDirectory } from '../storage/embedded/data-directory-lock.ts';
import { startEmbeddedPostgres } from '../storage/embedded/embedded.ts';
import { DataDirectoryInUse } from '../storage/embedded/errors.ts';
import { readPidFile } from '../storage/embedded/postmaster-pid.ts';
import { requireDatabase } from '../storage/ping.ts';

/** `given`: DATABASE_URL. `running`: the embedded one of a server that runs. `started`: for this alone. */
export type Reached = 'given' | 'running' | 'started';

const START_LIMIT_MS = 20_000;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** There is no embedded database in the data directory, and none was to be made. */
export class NoDatabase extends Error {
  constructor(dataDir: string) {
    super(
      `There is no database in ${dataDir}: check TRONCO_DATA_DIR and DATABASE_URL, or start the server once`,
    );
  }
}

async function hasCluster(dataDir: string): Promise<boolean> {
  return stat(clusterFiles(dataDir).clusterDir).then(
    () => true,
    () => false,
  );
}

/**
 * Does something in the installation's database without its server: in DATABASE_URL, in the embedded
 * PostgreSQL while a server runs it, or in one that is started for this and stopped afterwards.
 * @throws NoDatabase, DatabaseUnreachable, EmbeddedPostgresError
 */
export async function withDatabase<Result>(
  config: Config,
  work: (db: Database, reached: Reached) => Promise<Result>,
  create: 'never' | 'when missing' = 'never',
): Promise<Result> {
  if (config.databaseUrl !== undefined) return inPool(config.databaseUrl, 'given', work);
  const { dataDir } = config;
  if (create === 'never' && !(await hasCluster(dataDir))) throw new NoDatabase(dataDir);
  let claim: Awaited<ReturnType<typeof claimDataDirectory>>;
  try {
    claim = await claimDataDirectory(dataDir, () => ({ pid: process.pid }));
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    return inPool(await runningCluster(dataDir), 'running', work);
  }
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: quiet });
    try {
      return await inPool(postgres.connection, 'started', work);
    } finally {
      await postgres.stop();
    }
  } finally {
    await claim.release();
  }
}

/** Where the other server's PostgreSQL listens. It writes that down once it does. */
async function runningCluster(dataDir: string): Promise<ConnectionSettings> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const file = await readPidFile(clusterFiles(dataDir).clusterDir);
    if (typeof file === 'object' && file.socketDir !== undefined && file.port !== undefined) {
      return { host: file.socketDir, port: file.port, user: APP_USER, database: DATABASE };
    }
    if (performance.now() > deadline) {
      throw new Error(`A server holds ${dataDir}, but its database does not run. Look at that server's log.`);
    }
    await sleep(200);
  }
}

async function inPool<Result>(
  settings: ConnectionSettings,
  reached: Reached,
  work: (db: Database, reached: Reached) => Promise<Result>,
): Promise<Result> {
  const db = openDatabase(settings, () => {});
  try {
    await requireDatabase(db);
    return await work(db, reached);
  } finally {
    await db.destroy();
  }
}
