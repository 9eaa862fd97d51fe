import type { FastifyInstance } from 'fastify';
import { type Config, ConfigError } from './config.ts';
import type { Platform } from './domain/context.ts';
import { bootstrap, type FirstTokens } from './domain/environments/bootstrap.ts';
import { createAuthenticator } from './domain/tokens/authenticate.ts';
import { buildServer } from './http/server.ts';
import { systemClock } from './kernel/clock.ts';
import { readOrMakeKeyFile } from './kernel/key-file.ts';
import type { Logger } from './kernel/logger.ts';
import { createMetrics } from './kernel/metrics.ts';
import { createKeyRing } from './kernel/secrets.ts';
import { type ConnectionSettings, openDatabase } from './storage/database.ts';
import { masterKeyMatches } from './storage/key-check.ts';
import { migrate } from './storage/migrate.ts';
import { housekeeping } from './jobs/housekeeping.ts';

export type Program = {
  app: FastifyInstance;
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Known only when this start created them. */
  firstTokens: FirstTokens | undefined;
  /** Stops accepting, finishes what runs, writes what is in memory. */
  close(): Promise<void>;
};

/** The only file that wires the parts together. The database must answer; the rest is made here. */
export async function compose(config: Config, settings: ConnectionSettings, log: Logger): Promise<Program> {
  const db = openDatabase(settings, (error) => log.warn({ err: error }, 'database connection lost'));
  try {
    const applied = await migrate(db);
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    const platform = await createPlatform(config, db);
    const firstTokens = await bootstrap(platform, config.bootstrapToken);
    const metrics = createMetrics();
    const authenticator = createAuthenticator(db, platform.clock);
    const { rateLimitPerMinute } = config;
    const app = await buildServer({ platform, authenticator, log, metrics, rateLimitPerMinute });
    const chores = housekeeping({ platform, authenticator, log });
    const url = await app.listen({ host: config.http.host, port: config.http.port });
    return {
      app,
      url,
      firstTokens,
      close: async () => {
        await app.close();
        await chores.stop();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function createPlatform(config: Config, db: Platform['db']): Promise<Platform> {
  const keys = config.masterKeys ?? [await readOrMakeKeyFile(config.dataDir)];
  const keyRing = createKeyRing(keys);
  if (!(await masterKeyMatches(db, keyRing))) {
    throw new ConfigError(
      'TRONCO_MASTER_KEY is not the key that this database was written with; every node needs the same one',
    );
  }
  return { db, clock: systemClock, keyRing };
}
