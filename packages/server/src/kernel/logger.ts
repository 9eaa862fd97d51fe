import { type DestinationStream, pino, type Logger } from 'pino';
import { maskNumbersIn } from './mask.ts';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const BUFFER_BYTES = 8 * 1_024;
const FLUSH_EVERY_MS = 200;

/**
 * Lines are gathered for up to 200 ms: a write per request would cost more than the rest of the log.
 * stderr, so that stdout stays for what a person asked to see.
 */
function bufferedStderr(): DestinationStream {
  const destination = pino.destination({ fd: 2, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => destination.flush(), FLUSH_EVERY_MS).unref();
  process.once('exit', () => destination.flushSync());
  return destination;
}

/**
 * One JSON line per entry. Secrets are removed by key; a number in an error is masked here, in anything
 * else by the caller (`kernel/mask.ts`).
 */
export function createLogger(level: LogLevel, destination: DestinationStream = bufferedStderr()): Logger {
  return pino(
    {
      level,
      base: null,
      // Cheaper than pino's redaction, which looks for its paths in every line.
      serializers: { err: describeError, password: redacted, token: redacted, authorization: redacted },
    },
    destination,
  );
}

const redacted = (): string => '[redacted]';

const KEPT = ['code', 'constraint', 'table', 'routine', 'syscall', 'address', 'port'] as const;
const CAUSES_MAX = 5;

/**
 * Message, stack and a few harmless fields. Others stay out: PostgreSQL's `detail` and `where` quote the
 * row, and with it the phone number that was being written.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return maskNumbersIn(String(error));
  const fields: Record<string, unknown> = { ...error };
  return {
    type: error.name,
    message: maskNumbersIn(error.message),
    stack: maskNumbersIn(error.stack ?? ''),
    ...Object.fromEntries(KEPT.filter((key) => key in fields).map((key) => [key, fields[key]])),
    ...(error.cause !== undefined && depth < CAUSES_MAX && { cause: describeError(error.cause, depth + 1) }),
  };
}
