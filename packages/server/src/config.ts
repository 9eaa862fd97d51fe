import { resolve } from 'node:path';
import { z } from 'zod';
import { LOG_LEVELS } from './kernel/logger.ts';
import { isWellFormedToken } from './kernel/token-format.ts';

/** What pg accepts; the form for a Unix socket has no host behind its `@`, which a URL may not lack. */
const isPostgresUrl = (text: string): boolean =>
  /^postgres(ql)?:\/\/./.test(text) && URL.canParse(text.replace('@/', '@socket/'));

/** Every setting of the server. Docs: docs/en/operations/configuration.md. */
const schema = z.object({
  TRONCO_DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, {
      error:
        'must look like postgres://user:password@host:5432/database, or postgres://user@/database?host=/socket/directory',
    })
    .optional(),
  TRONCO_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  TRONCO_HTTP_PORT: z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65_535, 'must be a port number')
    .default(8080),
  TRONCO_BOOTSTRAP_TOKEN: z
    .string()
    .refine(isWellFormedToken, {
      error:
        'must be talq_ followed by 32 base62 characters and their checksum; `tronco token generate` makes one',
    })
    .optional(),
  TRONCO_MASTER_KEY: z
    .string()
    .transform((text, context) => {
      const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
      if (keys.some((key) => key.length !== 32)) {
        context.addIssue(
          'must be 32 random bytes in base64 (several separated by commas, newest first); `openssl rand -base64 32` makes one',
        );
      }
      return keys;
    })
    .optional(),
  TRONCO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  TRONCO_RATE_LIMIT: z.coerce
    .number({ error: 'must be a whole number of requests per minute and token, 0 for no limit' })
    .int()
    .min(0)
    .default(6_000),
});

export type Config = {
  /** Absolute path; holds the embedded PostgreSQL, the key file and the CLI's credentials. */
  dataDir: string;
  /** Absent: the embedded PostgreSQL. */
  databaseUrl: string | undefined;
  http: { host: string; port: number };
  bootstrapToken: string | undefined;
  /** 32-byte keys, current first. Absent: a key file in the data directory. */
  masterKeys: Buffer[] | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Requests per minute and token; 0 = no limit. */
  rateLimitPerMinute: number;
  /**
   * Variables that look like ours and are not, probably mistyped. Only warned about: Kubernetes puts
   * TRONCO_PORT and the like into every pod beside a service named tronco.
   */
  unknownNames: string[];
};

/** Thrown for a wrong setting; its message is one line for a person. */
export class ConfigError extends Error {}

/** Reads the settings. Values are never repeated in the error: they may be secrets. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // An empty variable is how shells and compose files say "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(lines.join('; '));
  }
  const value = result.data;
  return {
    dataDir: resolve(value.TRONCO_DATA_DIR),
    databaseUrl: value.DATABASE_URL,
    http: { host: value.TRONCO_HTTP_HOST, port: value.TRONCO_HTTP_PORT },
    bootstrapToken: value.TRONCO_BOOTSTRAP_TOKEN,
    masterKeys: value.TRONCO_MASTER_KEY,
    logLevel: value.TRONCO_LOG_LEVEL,
    rateLimitPerMinute: value.TRONCO_RATE_LIMIT,
    unknownNames: Object.keys(given).filter((name) => name.startsWith('TRONCO_') && !isKnown(name)),
  };
}

/** Settings that belong to the CLI or to tests and pass through the same environment. */
const ELSEWHERE = new Set(['TRONCO_URL', 'TRONCO_TOKEN', 'TRONCO_ENVIRONMENT']);

const isKnown = (name: string): boolean => name in schema.shape || ELSEWHERE.has(name);
