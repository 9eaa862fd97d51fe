import type { FastifyInstance } from 'fastify';
import { type Config, ConfigError } from './config.ts';
import type { Platform } from './domain/context.ts';
import { bootstrap, type FirstTokens } from './domain/environments/bootstrap.ts';
import { registerDocumentation } from './docs/routes.ts';
import { createAuthenticator } from './domain/tokens/authenticate.ts';
import { TrunkChecks } from './domain/trunks/checks.ts';
import { buildServer } from './http/server.ts';
import { systemClock } from './kernel/clock.ts';
import { readOrMakeKeyFile } from './kernel/key-file.ts';
import type { Logger } from './kernel/logger.ts';
import { createMetrics } from './kernel/metrics.ts';
import { createKeyRing } from './kernel/secrets.ts';
import { type ConnectionSettings, openDatabase } from './storage/database.ts';
import { masterKeyMatches } from './storage/key-check.ts';
import { migrate } from './storage/migrate.ts';
import { requireDatabase } from './storage/ping.ts';
import { importJobs } from './jobs/did-imports.ts';
import { housekeeping } from './jobs/housekeeping.ts';
import { IMPORT_JOB } from './domain/did-imports/job.ts';
import { createJobRunner } from './jobs/runner.ts';
import { createTrunkProbe } from './telephony/trunk-probe.ts';

export type Program = {
  app: FastifyInstance;
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Known only when this start created them. */
  firstTokens: FirstTokens | undefined;
  /** Stops accepting, finishes what runs, writes what is in memory. */
  close(): Promise<void>;
};

/**
 * The only file that wires the parts together. The database must answer; the rest is made here, and
 * unmade in the opposite order: by `close`, or at once when the start fails half way.
 * @param onFirstTokens hears the tokens as soon as they exist, whatever becomes of the start.
 */
export async function compose(
  config: Config,
  settings: ConnectionSettings,
  log: Logger,
  onFirstTokens: (tokens: FirstTokens) => void,
): Promise<Program> {
  await using parts = new AsyncDisposableStack();
  const db = openDatabase(settings, (error) => log.warn({ err: error }, 'database connection lost'));
  parts.defer(() => db.destroy());
  await requireDatabase(db);
  const applied = await migrate(db);
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const authenticator = createAuthenticator(db, systemClock);
  const platform = await createPlatform(config, db, authenticator);
  const firstTokens = await bootstrap(platform, config.bootstrapToken);
  if (firstTokens) onFirstTokens(firstTokens);
  const metrics = createMetrics();
  const { rateLimitPerMinute } = config;
  const chores = housekeeping({ platform, authenticator, log });
  parts.defer(() => chores.stop());
  const imports = importJobs(platform, metrics);
  parts.defer(() => imports.stop());
  const jobs = createJobRunner({ db, log, handlers: { [IMPORT_JOB]: imports } });
  parts.defer(() => jobs.stop());
  const trunkChecks = new TrunkChecks({ probe: createTrunkProbe() });
  const app = await buildServer({
    platform,
    authenticator,
    log,
    metrics,
    trunkChecks,
    rateLimitPerMinute,
    kickJobs: jobs.kick,
  });
  parts.defer(() => drain(app));
  // First of all: a drain need not wait for what a silent carrier keeps open.
  parts.defer(() => trunkChecks.stop());
  registerDocumentation(app);
  const url = await app.listen({ host: config.http.host, port: config.http.port });
  jobs.start();
  const running = parts.move();
  return { app, url, firstTokens, close: () => running.disposeAsync() };
}

/** Below the ten seconds that container runtimes allow by default, so that PostgreSQL still stops in order. */
const DRAIN_LIMIT_MS = 6_000;

/** Finishes what runs. A client that stalls in the middle of a request is cut off in the end. */
async function drain(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_LIMIT_MS);
  await app.close();
  clearTimeout(cut);
}

async function createPlatform(
  config: Config,
  db: Platform['db'],
  tokenCache: Platform['tokenCache'],
): Promise<Platform> {
  const keys = config.masterKeys ?? [await readOrMakeKeyFile(config.dataDir)];
  const keyRing = createKeyRing(keys);
  if (!(await masterKeyMatches(db, keyRing))) {
    throw new ConfigError(
      'TRONCO_MASTER_KEY is not the key that this database was written with; every node needs the same one',
    );
  }
  return { db, clock: systemClock, keyRing, tokenCache };
}
