import { CatalogueError } from '../../kernel/errors.ts';
import { changePartOfAgent } from '../agents/lock.ts';
import { type Context, record, requireScope } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { actionFacts } from './present.ts';
import { deleteAction as removeAction, findAction } from './store.ts';

/** Contract §5.3; the agent becomes a draft. */
export async function deleteAction(
  context: Context,
  agentId: string,
  id: string,
  expected: ExpectedRevision,
): Promise<void> {
  requireScope(context, 'agents:write');
  await changePartOfAgent(context, agentId, expected, async (tx) => {
    const before = await findAction(tx.db, tx.environmentId, agentId, id);
    if (!before) throw new CatalogueError('ACTION_NOT_FOUND');
    await removeAction(tx.db, tx.environmentId, id);
    await record(tx, {
      type: 'action.deleted',
      subjectType: 'action',
      subjectId: id,
      before: actionFacts(before),
    });
  });
}
