import type { Database } from './database.ts';

const RETRIES_MAX = 5;
/** Serialization failure and deadlock: the statement did nothing and may simply run again. */
const RETRYABLE = new Set(['40001', '40P01']);

const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const waitingForCommit = new WeakMap<Database, (() => void)[]>();

/**
 * Runs the callback once the transaction that `db` is has committed, and never when it rolled back:
 * what is kept in memory must not learn of a change before everyone else can read it.
 * Outside a transaction there is nothing to wait for.
 */
export function afterCommit(db: Database, callback: () => void): void {
  const waiting = waitingForCommit.get(db);
  if (waiting) waiting.push(callback);
  else callback();
}

/**
 * Runs the work in a transaction, or joins the one that `db` already is.
 * Only the outermost transaction is retried: a joined one is no longer whole on its own.
 */
export async function inTransaction<Result>(
  db: Database,
  work: (transaction: Database) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) return work(db);
  for (let attempt = 1; ; attempt += 1) {
    const callbacks: (() => void)[] = [];
    try {
      const result = await db.transaction().execute((transaction) => {
        waitingForCommit.set(transaction, callbacks);
        return work(transaction);
      });
      for (const callback of callbacks) callback();
      return result;
    } catch (error) {
      if (attempt > RETRIES_MAX || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/** The constraint behind a unique (23505) or foreign-key (23503) violation, if the error is one. */
export function violatedConstraint(error: unknown): string | undefined {
  const state = sqlState(error);
  if (state !== '23505' && state !== '23503') return undefined;
  const { constraint } = error as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : undefined;
}

/** Connection refused, server shutting down, connection lost: the request may be sent again later. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  if (/^(08|57P0)/.test(state) || /^(ECONN|ENOENT|EPIPE|ETIMEDOUT)/.test(state)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|is not queryable|timeout exceeded when trying/.test(error.message)
  );
}
