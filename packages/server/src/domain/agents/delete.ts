import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { lockAgent } from './lock.ts';
import { releaseNumbers } from './numbers.ts';
import { agentFacts } from './present.ts';
import { deleteAgent as removeAgent, readAgent } from './store.ts';

/**
 * Contract §3.4: with its trainings, actions and number assignments; the numbers stay.
 * @throws AGENT_IS_PUBLISHED
 */
export async function deleteAgent(context: Context, id: string, expected: ExpectedRevision): Promise<void> {
  requireScope(context, 'agents:write');
  await transact(context, async (tx) => {
    const row = await lockAgent(tx, id, expected);
    if (row.current_status === 'published') throw new CatalogueError('AGENT_IS_PUBLISHED');
    const before = await readAgent(tx.db, tx.environmentId, id);
    await releaseNumbers(tx, id);
    await removeAgent(tx.db, tx.environmentId, id);
    await record(tx, {
      type: 'agent.deleted',
      subjectType: 'agent',
      subjectId: id,
      before: {
        ...agentFacts(before),
        training_ids: before.trainings.map((training) => training.id),
        action_ids: before.actions.map((action) => action.id),
      },
    });
  });
}
