import { type Insertable, type Selectable, sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Slice } from '../list.ts';
import type { ReleaseFilters } from './schemas.ts';

export type ReleaseRow = Selectable<Schema['release_requests']>;
export type ReleaseWithEnvironment = ReleaseRow & { environment_name: string };
export type Resolution = Pick<ReleaseRow, 'status' | 'rejection_reason' | 'resolved_at'>;

/** @returns undefined when the number has a pending request already. */
export const insertRelease = (
  db: Database,
  row: Insertable<Schema['release_requests']>,
): Promise<ReleaseRow | undefined> =>
  db
    .insertInto('release_requests')
    .values(row)
    // Written out: PostgreSQL finds the partial index only when the condition is no parameter.
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'did_id'])
        .where(sql<boolean>`status = 'pending'`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();

export const lockRelease = (
  db: Database,
  environmentId: string,
  id: string,
): Promise<ReleaseRow | undefined> =>
  db
    .selectFrom('release_requests')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();

export const resolveRelease = (
  db: Database,
  { environment_id, id }: ReleaseRow,
  resolution: Resolution,
): Promise<ReleaseRow> =>
  db
    .updateTable('release_requests')
    .set(resolution)
    .where('environment_id', '=', environment_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const lockPendingRelease = (
  db: Database,
  environmentId: string,
  didId: string,
): Promise<ReleaseRow | undefined> =>
  db
    .selectFrom('release_requests')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('did_id', '=', didId)
    .where('status', '=', 'pending')
    .forUpdate()
    .executeTakeFirst();

/** The operator's look-up: the id alone, over all environments. */
export const findReleaseAnywhere = (db: Database, id: string): Promise<ReleaseWithEnvironment | undefined> =>
  withEnvironment(db).where('release_requests.id', '=', id).executeTakeFirst();

const withEnvironment = (db: Database) =>
  db
    .selectFrom('release_requests')
    .innerJoin('environments', 'environments.id', 'release_requests.environment_id')
    .selectAll('release_requests')
    .select('environments.name as environment_name');

/** Newest first; of all environments when the filters name none. */
export function listReleases(
  db: Database,
  filters: ReleaseFilters,
  { limit, offset = 0, after }: Slice<ReleaseWithEnvironment>,
): Promise<ReleaseWithEnvironment[]> {
  const { environment_id, status } = filters;
  let query = withEnvironment(db);
  if (environment_id !== undefined) query = query.where('environment_id', '=', environment_id);
  if (status !== undefined) query = query.where('status', '=', status);
  if (after) query = query.where('release_requests.id', '<', after.id);
  return query.orderBy('release_requests.id', 'desc').limit(limit).offset(offset).execute();
}

export async function countReleases(
  db: Database,
  { environment_id, status }: ReleaseFilters,
): Promise<number> {
  let query = db.selectFrom('release_requests').select(sql<number>`count(*)::int`.as('total'));
  if (environment_id !== undefined) query = query.where('environment_id', '=', environment_id);
  if (status !== undefined) query = query.where('status', '=', status);
  return (await query.executeTakeFirstOrThrow()).total;
}
