import { enableCompileCache } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError, readConfig } from './config.ts';
import { banner, tokensOnly } from './banner.ts';
import type { Program } from './compose.ts';
import type { FirstTokens } from './domain/environments/bootstrap.ts';
import { updateCredentialsUrl, writeCredentials } from './credentials.ts';
import { createLogger, type Logger } from './kernel/logger.ts';
import type { ConnectionSettings } from './storage/database.ts';

type Opened = { settings: ConnectionSettings; close(): Promise<void> };

/**
 * `npm start`: runs until SIGTERM or SIGINT, then drains. Everything a person should see goes to
 * stdout; the log goes to stderr.
 * @returns the process's exit code.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env);
  const log = createLogger(config.logLevel);
  if (config.unknownNames.length > 0) log.warn({ names: config.unknownNames }, 'no setting of Tronco');
  await mkdir(config.dataDir, { recursive: true, mode: 0o711 });
  enableCompileCache(join(config.dataDir, 'compile-cache'));
  let url: string | undefined;
  const stopped = stopSignal();
  // The database starts while the rest of the program is loaded.
  const [database, { compose }] = await Promise.all([
    openStorage(config, log, () => ({ pid: process.pid, ...(url && { url }) })),
    import('./compose.ts'),
  ]);
  let unseen: FirstTokens | undefined;
  try {
    const program = await compose(config, database.settings, log, (tokens) => (unseen = tokens));
    ({ url } = program);
    await announce(config, program);
    unseen = undefined;
    log.info({ url, signal: await stopped }, 'stopping');
    await program.close();
    return 0;
  } finally {
    // Stored only as hashes: a start that fails after making them must still show them.
    if (unseen) process.stdout.write(tokensOnly(unseen));
    await database.close();
  }
}

async function openStorage(
  config: Config,
  log: Logger,
  describe: () => { pid: number; url?: string },
): Promise<Opened> {
  if (config.databaseUrl !== undefined) return { settings: config.databaseUrl, close: async () => {} };
  const { claimDataDirectory } = await import('./storage/embedded/data-directory-lock.ts');
  const claim = await claimDataDirectory(config.dataDir, describe);
  try {
    const { startEmbeddedPostgres } = await import('./storage/embedded/embedded.ts');
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
    return {
      settings: postgres.connection,
      close: async () => {
        await postgres.stop();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** First signal: drain. Second: the person means it. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(1));
      });
    }
  });
}

async function announce(config: Config, program: Program): Promise<void> {
  const { url, firstTokens } = program;
  if (firstTokens) await writeCredentials(config.dataDir, { url, adminToken: firstTokens.adminToken });
  else await updateCredentialsUrl(config.dataDir, url);
  process.stdout.write(banner(program.url, program.firstTokens));
}

/** What a person reads when the start fails: one line, no stack. */
export function startFailure(error: unknown): string {
  if (error instanceof ConfigError) return `Wrong setting: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `The address is in use: another program listens there. Set TRONCO_HTTP_PORT to a free port.`;
  }
  // A database's own address problems have become sentences by now (storage/ping.ts).
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    return `Cannot listen at TRONCO_HTTP_HOST, TRONCO_HTTP_PORT: ${error.message}`;
  }
  if (syscall === 'mkdir') return `The data directory TRONCO_DATA_DIR cannot be made: ${error.message}`;
  return error.message;
}
