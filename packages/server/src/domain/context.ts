import type { Clock } from '../kernel/clock.ts';
import { CatalogueError } from '../kernel/errors.ts';
import type { KeyRing } from '../kernel/secrets.ts';
import type { Database } from '../storage/database.ts';
import { type Actor, appendEvent } from '../storage/events.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { TokenCache } from './tokens/authenticate.ts';
import { grants, type Scope } from './tokens/scopes.ts';

/** What every verb may use, whoever calls it. */
export type Platform = {
  db: Database;
  clock: Clock;
  keyRing: KeyRing;
  /** What this node remembers of tokens; verbs that change a token or an environment clear it. */
  tokenCache: TokenCache;
};

/** One caller's view of the platform: the environment it may see and what it may do there. */
export type Context = Platform & {
  environmentId: string;
  actor: Actor;
  scopes: readonly string[];
  requestId: string;
};

/** First line of every verb. The error names the scope, so that the reader knows what to ask for. */
export function requireScope(context: Pick<Context, 'scopes'>, scope: Scope): void {
  if (grants(context.scopes, scope)) return;
  throw new CatalogueError('FORBIDDEN', {
    message: `The token lacks the scope ${scope}`,
    details: { required_scope: scope },
  });
}

/** Runs the work with `db` replaced by a transaction (or by the one that `context` is already in). */
export const transact = <C extends Platform, Result>(
  context: C,
  work: (context: C) => Promise<Result>,
): Promise<Result> => inTransaction(context.db, (db) => work({ ...context, db }));

export type Change = {
  type: string;
  subjectType: string;
  subjectId: string;
  before?: object | undefined;
  after?: object | undefined;
};

/** Audit entry of a change; call it with the context that `transact` handed out. */
export const record = (context: Context, change: Change): Promise<void> =>
  appendEvent(context.db, {
    environmentId: context.environmentId,
    actor: context.actor,
    requestId: context.requestId,
    at: context.clock.now(),
    ...change,
  });
