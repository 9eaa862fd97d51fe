import {
  type Expression,
  type Insertable,
  type Selectable,
  sql,
  type SqlBool,
  type Updateable,
} from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import { actionsOfAgent, type ShownAction } from '../actions/store.ts';
import { type ShownTraining, trainingsOfAgent } from '../trainings/store.ts';
import { type AgentNumber, numbersOfAgent } from './number-store.ts';
import type { AgentFilters } from './schemas.ts';

export type AgentRow = Selectable<Schema['agents']>;
export type AgentChanges = Updateable<Schema['agents']>;

/** An agent and all it owns, read in one statement and hence at one moment. */
export type FullAgent = AgentRow & {
  trainings: ShownTraining[];
  actions: ShownAction[];
  phone_numbers: AgentNumber[];
};

const LIKE_SPECIALS = /[\\%_]/g;

const one = (db: Database, environmentId: string, id: string) =>
  db.selectFrom('agents').where('environment_id', '=', environmentId).where('id', '=', id);

const full = (query: ReturnType<typeof one>) =>
  query
    .selectAll()
    .select([
      trainingsOfAgent.as('trainings'),
      actionsOfAgent.as('actions'),
      numbersOfAgent.as('phone_numbers'),
    ]);

export const findAgent = (db: Database, environmentId: string, id: string): Promise<FullAgent | undefined> =>
  full(one(db, environmentId, id)).executeTakeFirst();

/** For the end of a transaction that holds the agent's lock. */
export const readAgent = (db: Database, environmentId: string, id: string): Promise<FullAgent> =>
  full(one(db, environmentId, id)).executeTakeFirstOrThrow();

export const agentExists = async (db: Database, environmentId: string, id: string): Promise<boolean> =>
  (await one(db, environmentId, id).select('id').executeTakeFirst()) !== undefined;

export const lockAgentRow = (
  db: Database,
  environmentId: string,
  id: string,
): Promise<AgentRow | undefined> => one(db, environmentId, id).selectAll().forUpdate().executeTakeFirst();

export async function insertAgent(db: Database, row: Insertable<Schema['agents']>): Promise<void> {
  await db.insertInto('agents').values(row).execute();
}

export const updateAgent = (
  db: Database,
  environmentId: string,
  id: string,
  changes: AgentChanges,
): Promise<AgentRow> =>
  db
    .updateTable('agents')
    .set({ ...changes, revision: sql`revision + 1` })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Trainings, actions and number assignments go with the row. */
export async function deleteAgent(db: Database, environmentId: string, id: string): Promise<void> {
  await db.deleteFrom('agents').where('environment_id', '=', environmentId).where('id', '=', id).execute();
}

const filtered = (db: Database, environmentId: string, filters: AgentFilters) => {
  let query = db.selectFrom('agents').where('environment_id', '=', environmentId);
  if (filters.status !== undefined) query = query.where('current_status', '=', filters.status);
  if (filters.direction !== undefined) query = query.where('direction', '=', filters.direction);
  if (filters.search) query = query.where(nameOrLabelHas(filters.search));
  return query;
};

function nameOrLabelHas(search: string): Expression<SqlBool> {
  const pattern = `%${search.replace(LIKE_SPECIALS, '\\$&')}%`;
  return sql<SqlBool>`(name ILIKE ${pattern} OR label ILIKE ${pattern})`;
}

/** One page, oldest first, with everything each agent owns: one statement whatever the page's size. */
export const listAgents = (
  db: Database,
  environmentId: string,
  filters: AgentFilters,
  { limit, offset }: { limit: number; offset: number },
): Promise<FullAgent[]> =>
  full(filtered(db, environmentId, filters))
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute();

export async function countAgents(
  db: Database,
  environmentId: string,
  filters: AgentFilters,
): Promise<number> {
  const { total } = await filtered(db, environmentId, filters)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}
