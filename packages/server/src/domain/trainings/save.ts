import { validationError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { changePartOfAgent } from '../agents/lock.ts';
import { type Context, record, requireScope } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { trainingFacts } from './present.ts';
import type { SaveTrainingInput } from './schemas.ts';
import {
  countTrainings,
  findTrainingByNode,
  insertTraining,
  type TrainingRow,
  updateTraining,
} from './store.ts';

/** They all travel inside every answer that shows the agent, and into its prompt. */
const TRAININGS_MAX = 500;

/**
 * Contract §4.1: creates a training, or replaces the one with the same `node_id`; the agent becomes a
 * draft. The agent's row is locked, so two requests with one `node_id` make one training.
 */
export async function saveTraining(
  context: Context,
  agentId: string,
  input: SaveTrainingInput,
  expected: ExpectedRevision,
): Promise<TrainingRow> {
  requireScope(context, 'agents:write');
  return changePartOfAgent(context, agentId, expected, async (tx) => {
    const nodeId = input.node_id ?? null;
    const before =
      nodeId === null ? undefined : await findTrainingByNode(tx.db, tx.environmentId, agentId, nodeId);
    const after = before ? await replace(tx, before.id, input) : await insert(tx, agentId, nodeId, input);
    await record(tx, {
      type: before ? 'training.updated' : 'training.created',
      subjectType: 'training',
      subjectId: after.id,
      before: before && trainingFacts(before),
      after: trainingFacts(after),
    });
    return after;
  });
}

const replace = (tx: Context, id: string, input: SaveTrainingInput): Promise<TrainingRow> =>
  updateTraining(tx.db, tx.environmentId, id, {
    subject: input.subject,
    instructions: input.instructions,
    current_status: input.current_status,
    updated_at: tx.clock.now(),
  });

async function insert(
  tx: Context,
  agentId: string,
  nodeId: string | null,
  input: SaveTrainingInput,
): Promise<TrainingRow> {
  if ((await countTrainings(tx.db, tx.environmentId, agentId)) >= TRAININGS_MAX) {
    throw validationError({ trainings: [`An agent may have at most ${TRAININGS_MAX} trainings.`] });
  }
  const now = tx.clock.now();
  return insertTraining(tx.db, {
    environment_id: tx.environmentId,
    id: newId(),
    agent_id: agentId,
    node_id: nodeId,
    subject: input.subject,
    instructions: input.instructions,
    current_status: input.current_status,
    created_at: now,
    updated_at: now,
  });
}
