import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';

export type TrainingRow = Selectable<Schema['trainings']>;

/** What an answer shows of a training; read through JSON, its times are text. */
export type ShownTraining = Pick<TrainingRow, 'id' | 'subject' | 'instructions' | 'current_status'> & {
  created_at: Date | string;
  updated_at: Date | string;
};

/** Trainings of an agent as a JSON array, in one sub-select of a query on `agents`. */
export const trainingsOfAgent = sql<ShownTraining[]>`(
  SELECT coalesce(json_agg(json_build_object('id', t.id, 'subject', t.subject,
    'instructions', t.instructions, 'current_status', t.current_status,
    'created_at', t.created_at, 'updated_at', t.updated_at) ORDER BY t.id), '[]')
  FROM trainings t WHERE t.environment_id = agents.environment_id AND t.agent_id = agents.id)`;

const ofAgent = (db: Database, environmentId: string, agentId: string) =>
  db
    .selectFrom('trainings')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId);

export const listTrainings = (db: Database, environmentId: string, agentId: string): Promise<TrainingRow[]> =>
  ofAgent(db, environmentId, agentId).orderBy('id').execute();

export const findTraining = (
  db: Database,
  environmentId: string,
  agentId: string,
  id: string,
): Promise<TrainingRow | undefined> =>
  ofAgent(db, environmentId, agentId).where('id', '=', id).executeTakeFirst();

export const findTrainingByNode = (
  db: Database,
  environmentId: string,
  agentId: string,
  nodeId: string,
): Promise<TrainingRow | undefined> =>
  ofAgent(db, environmentId, agentId).where('node_id', '=', nodeId).executeTakeFirst();

export async function countTrainings(db: Database, environmentId: string, agentId: string): Promise<number> {
  const { total } = await db
    .selectFrom('trainings')
    .select(sql<number>`count(*)::int`.as('total'))
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  return total;
}

export const insertTraining = (db: Database, row: Insertable<Schema['trainings']>): Promise<TrainingRow> =>
  db.insertInto('trainings').values(row).returningAll().executeTakeFirstOrThrow();

export const updateTraining = (
  db: Database,
  environmentId: string,
  id: string,
  changes: Updateable<Schema['trainings']>,
): Promise<TrainingRow> =>
  db
    .updateTable('trainings')
    .set(changes)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export async function deleteTraining(db: Database, environmentId: string, id: string): Promise<void> {
  await db.deleteFrom('trainings').where('environment_id', '=', environmentId).where('id', '=', id).execute();
}
