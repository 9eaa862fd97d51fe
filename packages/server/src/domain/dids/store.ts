import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { prepared } from '../../storage/prepared.ts';
import type { Schema } from '../../storage/schema.ts';

export type DidRow = Selectable<Schema['dids']>;
export type DidAgentRow = { id: string; name: string; direction: 'inbound' | 'outbound' };
export type DidWithAgents = DidRow & { agents: DidAgentRow[] };

/**
 * The whole of `POST …/dids` in one round trip: the trunk must exist in the environment, the number
 * must be free, and the event is written exactly when the row is. ON CONFLICT lets any number of
 * simultaneous requests for one number end with one row and no error to recover from.
 */
export const INSERT_DID = `WITH trunk AS (
     SELECT id FROM sip_trunks WHERE environment_id = $1 AND id = $2
   ), did AS (
     INSERT INTO dids (environment_id, id, trunk_id, number, country_code, created_at, updated_at)
     SELECT $1, $3, id, $4, $5, $6, $6 FROM trunk
     ON CONFLICT (environment_id, number) DO NOTHING
     RETURNING id
   ), event AS (
     INSERT INTO events (environment_id, id, type, subject_type, subject_id, actor, request_id, after, created_at)
     SELECT $1, $7, 'did.created', 'did', id, $8::jsonb, $9, $10::jsonb, $6 FROM did
   )
   SELECT EXISTS (SELECT FROM trunk) AS trunk_exists, EXISTS (SELECT FROM did) AS inserted`;

export const insertDid = prepared<{ trunk_exists: boolean; inserted: boolean }>('insert_did', INSERT_DID);

/** Agents of a DID as a JSON array, in one sub-select. */
export const agentsOfDid = sql<DidAgentRow[]>`(
  SELECT coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'direction', n.direction)
    ORDER BY a.id), '[]')
  FROM agent_numbers n JOIN agents a ON a.environment_id = n.environment_id AND a.id = n.agent_id
  WHERE n.environment_id = dids.environment_id AND n.did_id = dids.id)`;

export const findDid = (
  db: Database,
  environmentId: string,
  id: string,
): Promise<DidWithAgents | undefined> =>
  db
    .selectFrom('dids')
    .selectAll()
    .select(agentsOfDid.as('agents'))
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();

/** Keeps the row from changing until the transaction ends. */
export const lockDid = (db: Database, environmentId: string, id: string): Promise<DidRow | undefined> =>
  db
    .selectFrom('dids')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();

export type DidChanges = Partial<Pick<DidRow, 'label' | 'note' | 'tags' | 'trunk_id'>>;

export async function updateDid(
  db: Database,
  environmentId: string,
  id: string,
  changes: DidChanges,
  at: Date,
): Promise<void> {
  await db
    .updateTable('dids')
    .set({ ...changes, updated_at: at, revision: sql`revision + 1` })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute();
}

export async function deleteDid(db: Database, environmentId: string, id: string): Promise<void> {
  await db.deleteFrom('dids').where('environment_id', '=', environmentId).where('id', '=', id).execute();
}
