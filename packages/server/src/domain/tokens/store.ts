import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Slice } from '../list.ts';

export type TokenRow = Selectable<Schema['api_tokens']>;
export type TokenWithEnvironment = TokenRow & {
  environment_archived: boolean;
  /** null for a token of the installation. */
  environment_name: string | null;
};

/** The one look-up without an environment: the token decides which it is. */
export const findTokenByHash = (db: Database, hash: string): Promise<TokenWithEnvironment | undefined> =>
  db
    .selectFrom('api_tokens')
    .leftJoin('environments', 'environments.id', 'api_tokens.environment_id')
    .selectAll('api_tokens')
    .select(sql<boolean>`environments.archived_at IS NOT NULL`.as('environment_archived'))
    .select('environments.name as environment_name')
    .where('token_hash', '=', hash)
    .executeTakeFirst();

/** @returns false when a token with this hash exists already. */
export async function insertToken(db: Database, row: Insertable<Schema['api_tokens']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('api_tokens')
    .values(row)
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

const ofEnvironment = (db: Database, environmentId: string) =>
  db.selectFrom('api_tokens').where('environment_id', '=', environmentId);

export const findToken = (db: Database, environmentId: string, id: string): Promise<TokenRow | undefined> =>
  ofEnvironment(db, environmentId).selectAll().where('id', '=', id).executeTakeFirst();

/** Oldest first, revoked ones included. */
export function listTokens(
  db: Database,
  environmentId: string,
  { limit, offset = 0, after }: Slice<TokenRow>,
): Promise<TokenRow[]> {
  let query = ofEnvironment(db, environmentId).selectAll();
  if (after) query = query.where('id', '>', after.id);
  return query.orderBy('id').limit(limit).offset(offset).execute();
}

export async function countTokens(db: Database, environmentId: string): Promise<number> {
  const { total } = await ofEnvironment(db, environmentId)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

/** Those not yet revoked; nobody else can revoke one of them until the transaction ends. */
export const lockUnrevokedTokens = (db: Database, environmentId: string): Promise<TokenRow[]> =>
  ofEnvironment(db, environmentId)
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();

/** @returns the token as it was revoked, or undefined when there is none that still works. */
export const revokeToken = (
  db: Database,
  environmentId: string,
  id: string,
  at: Date,
): Promise<TokenRow | undefined> =>
  db
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst();

/** Writes down the last uses in one statement; times never go back. */
export async function touchTokens(db: Database, uses: ReadonlyMap<string, Date>): Promise<void> {
  if (uses.size === 0) return;
  await sql`
    UPDATE api_tokens SET last_used_at = greatest(last_used_at, used.at)
    FROM unnest(${[...uses.keys()]}::uuid[], ${[...uses.values()]}::timestamptz[]) AS used (id, at)
    WHERE api_tokens.id = used.id`.execute(db);
}
