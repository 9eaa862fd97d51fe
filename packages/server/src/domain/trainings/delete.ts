import { CatalogueError } from '../../kernel/errors.ts';
import { draftAgent, lockAgent } from '../agents/lock.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { trainingFacts } from './present.ts';
import { deleteTraining as removeTraining, findTraining } from './store.ts';

/** Contract §4.3; the agent becomes a draft. */
export async function deleteTraining(
  context: Context,
  agentId: string,
  id: string,
  expected: ExpectedRevision,
): Promise<void> {
  requireScope(context, 'agents:write');
  await transact(context, async (tx) => {
    await lockAgent(tx, agentId, expected);
    const before = await findTraining(tx.db, tx.environmentId, agentId, id);
    if (!before) throw new CatalogueError('TRAINING_NOT_FOUND');
    await removeTraining(tx.db, tx.environmentId, id);
    await draftAgent(tx, agentId);
    await record(tx, {
      type: 'training.deleted',
      subjectType: 'training',
      subjectId: id,
      before: trainingFacts(before),
    });
  });
}
