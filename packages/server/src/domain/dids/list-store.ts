import { type Expression, type SqlBool, sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { DidFilters } from './schemas.ts';
import { agentsOfDid, type DidAgentRow, type DidWithAgents } from './store.ts';

/** What the list is ordered by. Ids are time-ordered, so they stand for `created_at`. */
const SORT_KEYS = {
  created_at: sql<string>`id::text`,
  number: sql<string>`number`,
  label: sql<string>`coalesce(label, '') COLLATE "C"`,
};

const LIKE_SPECIALS = /[\\%_]/g;

const filtered = (db: Database, environmentId: string, filters: DidFilters) => {
  let query = db.selectFrom('dids').where('environment_id', '=', environmentId);
  if (filters.trunk_id !== undefined) query = query.where('trunk_id', '=', filters.trunk_id);
  if (filters.country_code !== undefined) query = query.where('country_code', '=', filters.country_code);
  if (filters.tag !== undefined) query = query.where(sql<SqlBool>`tags @> ARRAY[${filters.tag}]::text[]`);
  if (filters.search !== undefined) query = query.where(matches(filters.search));
  if (filters.assigned !== undefined) query = query.where(assignment(filters.assigned === 'true'));
  if (filters.agent_id !== undefined) query = query.where(hasAgent(filters.agent_id));
  return query;
};

/** Digits find numbers however they were typed; anything finds labels; a UUID finds its row. */
function matches(search: string): Expression<SqlBool> {
  if (isUuid(search)) return sql<SqlBool>`id = ${search}`;
  const pattern = `%${search.replace(LIKE_SPECIALS, '\\$&')}%`;
  const digits = search.replace(/[\s().-]/g, '');
  if (!/^\+?\d+$/.test(digits)) return sql<SqlBool>`label ILIKE ${pattern}`;
  return sql<SqlBool>`(number LIKE ${`%${digits}%`} OR label ILIKE ${pattern})`;
}

const assignment = (wanted: boolean): Expression<SqlBool> => sql<SqlBool>`${wanted} = EXISTS (
  SELECT FROM agent_numbers n WHERE n.environment_id = dids.environment_id AND n.did_id = dids.id)`;

const hasAgent = (agentId: string): Expression<SqlBool> => sql<SqlBool>`EXISTS (
  SELECT FROM agent_numbers n
  WHERE n.environment_id = dids.environment_id AND n.did_id = dids.id AND n.agent_id = ${agentId})`;

export const countDids = async (
  db: Database,
  environmentId: string,
  filters: DidFilters,
): Promise<number> => {
  const { total } = await filtered(db, environmentId, filters)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
};

export type DidSlice = { limit: number; offset?: number; after?: DidWithAgents | undefined };

/** One slice of the list: after a row (streaming, constant cost per batch) or at an offset (paging). */
export function listDids(
  db: Database,
  environmentId: string,
  filters: DidFilters,
  { limit, offset = 0, after }: DidSlice,
): Promise<DidWithAgents[]> {
  const descending = filters.sort.startsWith('-');
  const name = filters.sort.replace('-', '') as keyof typeof SORT_KEYS;
  const key = name === 'created_at' ? sql<string>`id` : SORT_KEYS[name];
  const direction = descending ? 'desc' : 'asc';
  // Only the detailed list shows agents; looking them up would be most of the plain list's cost.
  const agents = filters.include === 'details' ? agentsOfDid : sql<DidAgentRow[]>`'[]'::json`;
  let query = filtered(db, environmentId, filters).selectAll().select(agents.as('agents'));
  if (after) {
    const value = { created_at: after.id, number: after.number, label: after.label ?? '' }[name];
    const comparison = sql.raw(descending ? '<' : '>');
    query = query.where(sql<SqlBool>`(${key}, id) ${comparison} (${value}, ${after.id})`);
  }
  return query
    .orderBy(key, direction)
    .orderBy('id', direction)
    .limit(limit)
    .offset(offset)
    .execute() as Promise<DidWithAgents[]>;
}
