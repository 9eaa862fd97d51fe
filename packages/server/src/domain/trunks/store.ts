import type { Insertable, Selectable, Updateable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';

export type TrunkRow = Selectable<Schema['sip_trunks']>;

export const insertTrunk = (db: Database, row: Insertable<Schema['sip_trunks']>): Promise<TrunkRow> =>
  db.insertInto('sip_trunks').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Database, environmentId: string, id: string) =>
  db.selectFrom('sip_trunks').selectAll().where('environment_id', '=', environmentId).where('id', '=', id);

export const findTrunk = (db: Database, environmentId: string, id: string): Promise<TrunkRow | undefined> =>
  one(db, environmentId, id).executeTakeFirst();

/** Reads the trunk and keeps others from changing it until the transaction ends. */
export const lockTrunk = (db: Database, environmentId: string, id: string): Promise<TrunkRow | undefined> =>
  one(db, environmentId, id).forUpdate().executeTakeFirst();

export const updateTrunk = (
  db: Database,
  environmentId: string,
  id: string,
  changes: Updateable<Schema['sip_trunks']>,
): Promise<TrunkRow> =>
  db
    .updateTable('sip_trunks')
    .set({ ...changes, revision: sql`revision + 1` })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** The carrier is as it was: no new revision. */
export async function keepHealth(db: Database, environmentId: string, id: string, at: Date): Promise<void> {
  await db
    .updateTable('sip_trunks')
    .set({ last_health_check_at: at })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute();
}

export async function deleteTrunk(db: Database, environmentId: string, id: string): Promise<void> {
  await db
    .deleteFrom('sip_trunks')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute();
}

/** One batch of the list, oldest first, after the given id. */
export function listTrunks(
  db: Database,
  environmentId: string,
  after: string | undefined,
  limit: number,
): Promise<TrunkRow[]> {
  let query = db.selectFrom('sip_trunks').selectAll().where('environment_id', '=', environmentId);
  if (after !== undefined) query = query.where('id', '>', after);
  return query.orderBy('id').limit(limit).execute();
}
