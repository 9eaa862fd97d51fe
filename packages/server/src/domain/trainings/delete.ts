import { CatalogueError } from '../../kernel/errors.ts';
import { changePartOfAgent } from '../agents/lock.ts';
import { type Context, record, requireScope } from '../context.ts';
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
  await changePartOfAgent(context, agentId, expected, async (tx) => {
    const before = await findTraining(tx.db, tx.environmentId, agentId, id);
    if (!before) throw new CatalogueError('TRAINING_NOT_FOUND');
    await removeTraining(tx.db, tx.environmentId, id);
    await record(tx, {
      type: 'training.deleted',
      subjectType: 'training',
      subjectId: id,
      before: trainingFacts(before),
    });
  });
}
