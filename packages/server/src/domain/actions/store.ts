import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { InputResource } from './inputs.ts';

export type ActionRow = Omit<Selectable<Schema['actions']>, 'input_schema'> & {
  input_schema: InputResource[];
};

/** What an answer shows of an action; read through JSON, its times are text. */
export type ShownAction = Pick<
  ActionRow,
  'id' | 'name' | 'description' | 'type' | 'input_schema' | 'url' | 'authorization_url' | 'current_status'
> & { created_at: Date | string; updated_at: Date | string };

/** Actions of an agent as a JSON array, in one sub-select of a query on `agents`. */
export const actionsOfAgent = sql<ShownAction[]>`(
  SELECT coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'description', x.description,
    'type', x.type, 'input_schema', x.input_schema, 'url', x.url,
    'authorization_url', x.authorization_url, 'current_status', x.current_status,
    'created_at', x.created_at, 'updated_at', x.updated_at) ORDER BY x.id), '[]')
  FROM actions x WHERE x.environment_id = agents.environment_id AND x.agent_id = agents.id)`;

const ofAgent = (db: Database, environmentId: string, agentId: string) =>
  db
    .selectFrom('actions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId)
    .$castTo<ActionRow>();

export const listActions = (db: Database, environmentId: string, agentId: string): Promise<ActionRow[]> =>
  ofAgent(db, environmentId, agentId).orderBy('id').execute();

export const findAction = (
  db: Database,
  environmentId: string,
  agentId: string,
  id: string,
): Promise<ActionRow | undefined> =>
  ofAgent(db, environmentId, agentId).where('id', '=', id).executeTakeFirst();

export const findActionByNode = (
  db: Database,
  environmentId: string,
  agentId: string,
  nodeId: string,
): Promise<ActionRow | undefined> =>
  ofAgent(db, environmentId, agentId).where('node_id', '=', nodeId).executeTakeFirst();

export async function countActions(db: Database, environmentId: string, agentId: string): Promise<number> {
  const { total } = await db
    .selectFrom('actions')
    .select(sql<number>`count(*)::int`.as('total'))
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  return total;
}

export const insertAction = (db: Database, row: Insertable<Schema['actions']>): Promise<ActionRow> =>
  db.insertInto('actions').values(row).returningAll().$castTo<ActionRow>().executeTakeFirstOrThrow();

export const updateAction = (
  db: Database,
  environmentId: string,
  id: string,
  changes: Updateable<Schema['actions']>,
): Promise<ActionRow> =>
  db
    .updateTable('actions')
    .set(changes)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .returningAll()
    .$castTo<ActionRow>()
    .executeTakeFirstOrThrow();

export async function deleteAction(db: Database, environmentId: string, id: string): Promise<void> {
  await db.deleteFrom('actions').where('environment_id', '=', environmentId).where('id', '=', id).execute();
}
