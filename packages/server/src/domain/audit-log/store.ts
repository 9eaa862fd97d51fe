import { type Selectable, sql, type SqlBool } from 'kysely';
import { lowestIdAt } from '../../kernel/ids.ts';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { AuditLogFilters } from './schemas.ts';

export type EventRow = Selectable<Schema['events']>;

/** How far an entry's id may lie from its `created_at`: the same clock makes both, some code apart. */
const ID_SLACK_MS = 60 * 60 * 1_000;

const filtered = (db: Database, environmentId: string, filters: AuditLogFilters) => {
  let query = db.selectFrom('events').where('environment_id', '=', environmentId);
  for (const column of ['type', 'subject_type', 'subject_id', 'request_id'] as const) {
    const value = filters[column];
    if (value !== undefined) query = query.where(column, '=', value);
  }
  if (filters.actor_id !== undefined) {
    query = query.where(sql<SqlBool>`actor ->> 'id' = ${filters.actor_id.toLowerCase()}`);
  }
  if (filters.to !== undefined) query = query.where('created_at', '<=', new Date(filters.to));
  if (filters.from !== undefined) {
    const from = new Date(filters.from);
    // Ids are time-ordered, so the primary key ends the search where the time does.
    const lowest = lowestIdAt(new Date(from.getTime() - ID_SLACK_MS));
    query = query.where('created_at', '>=', from).where('id', '>=', lowest);
  }
  return query;
};

/** Newest first, by id: the primary key serves every page. */
export function listEvents(
  db: Database,
  environmentId: string,
  filters: AuditLogFilters,
  { limit, offset }: { limit: number; offset: number },
): Promise<EventRow[]> {
  let query = filtered(db, environmentId, filters).selectAll();
  if (filters.before !== undefined) query = query.where('id', '<', filters.before);
  return query.orderBy('id', 'desc').limit(limit).offset(offset).execute();
}

export async function countEvents(
  db: Database,
  environmentId: string,
  filters: AuditLogFilters,
): Promise<number> {
  const { total } = await filtered(db, environmentId, filters)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}
