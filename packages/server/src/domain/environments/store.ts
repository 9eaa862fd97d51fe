import { type Selectable, sql } from 'kysely';
import { isUuid } from '../../kernel/ids.ts';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';

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

export const listEnvironments = (db: Database): Promise<EnvironmentRow[]> =>
  db.selectFrom('environments').selectAll().orderBy('id').execute();

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
