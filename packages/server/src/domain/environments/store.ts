import { type Selectable, sql } from 'kysely';
import { isUuid } from '../../kernel/ids.ts';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Slice } from '../list.ts';

export type EnvironmentRow = Selectable<Schema['environments']>;

/** @returns undefined when the name is taken. */
export const insertEnvironment = (
  db: Database,
  id: string,
  name: string,
  now: Date,
): Promise<EnvironmentRow | undefined> =>
  db
    .insertInto('environments')
    .values({ id, name, archived_at: null, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();

/** @param reference an id or a name. */
export const findEnvironment = (db: Database, reference: string): Promise<EnvironmentRow | undefined> =>
  db
    .selectFrom('environments')
    .selectAll()
    .where(isUuid(reference) ? 'id' : 'name', '=', reference)
    .executeTakeFirst();

export const lockEnvironment = (db: Database, id: string): Promise<EnvironmentRow | undefined> =>
  db.selectFrom('environments').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Whether this database was ever set up: environments are archived, never deleted. */
export const hasEnvironments = async (db: Database): Promise<boolean> =>
  (await db.selectFrom('environments').select('id').limit(1).executeTakeFirst()) !== undefined;

const filtered = (db: Database, archived: boolean | undefined) => {
  const query = db.selectFrom('environments');
  if (archived === undefined) return query;
  return query.where('archived_at', archived ? 'is not' : 'is', null);
};

/** Oldest first. */
export function listEnvironments(
  db: Database,
  archived: boolean | undefined,
  { limit, offset = 0, after }: Slice<EnvironmentRow>,
): Promise<EnvironmentRow[]> {
  let query = filtered(db, archived).selectAll();
  if (after) query = query.where('id', '>', after.id);
  return query.orderBy('id').limit(limit).offset(offset).execute();
}

export async function countEnvironments(db: Database, archived: boolean | undefined): Promise<number> {
  const { total } = await filtered(db, archived)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

export const updateEnvironment = (
  db: Database,
  id: string,
  changes: { name?: string; archived_at?: Date | null; updated_at: Date },
): Promise<EnvironmentRow> =>
  db
    .updateTable('environments')
    .set({ ...changes, revision: sql`revision + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
