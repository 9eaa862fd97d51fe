import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How long a key is remembered. */
export const IDEMPOTENCY_TTL_MS = 24 * 60 * 60 * 1_000;

export type StoredResponse = {
  fingerprint: string;
  status: number;
  response: string;
  headers: Record<string, string>;
};

export type KeyId = { environmentId: string; tokenId: string; key: string };

/**
 * Claims the key in the caller's transaction. A second request with the same key waits here until the
 * first commits or rolls back. A key older than `cutoff` is as good as none.
 * @returns the stored answer when the key was used before.
 */
export async function claimKey(
  db: Database,
  { environmentId, tokenId, key }: KeyId,
  fingerprint: string,
  now: Date,
  cutoff: Date,
): Promise<StoredResponse | undefined> {
  const claimed = await sql`
    INSERT INTO idempotency_keys (environment_id, token_id, key, fingerprint, created_at)
    VALUES (${environmentId}, ${tokenId}, ${key}, ${fingerprint}, ${now})
    ON CONFLICT (environment_id, token_id, key) DO UPDATE
      SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = NULL, response = NULL
      WHERE idempotency_keys.created_at < ${cutoff}
    RETURNING 1`.execute(db);
  if (claimed.rows.length > 0) return undefined;
  const { rows } = await sql<StoredResponse>`
    SELECT fingerprint, status, response, headers FROM idempotency_keys
    WHERE environment_id = ${environmentId} AND token_id = ${tokenId} AND key = ${key}`.execute(db);
  return rows[0];
}

export async function storeResponse(
  db: Database,
  { environmentId, tokenId, key }: KeyId,
  answer: Omit<StoredResponse, 'fingerprint'>,
): Promise<void> {
  await sql`
    UPDATE idempotency_keys
    SET status = ${answer.status}, response = ${answer.response}, headers = ${JSON.stringify(answer.headers)}
    WHERE environment_id = ${environmentId} AND token_id = ${tokenId} AND key = ${key}`.execute(db);
}

export async function forgetKeysBefore(db: Database, cutoff: Date): Promise<void> {
  await sql`DELETE FROM idempotency_keys WHERE created_at < ${cutoff}`.execute(db);
}
