import { CatalogueError } from '../../kernel/errors.ts';
import { violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { cancelPendingRelease } from '../release-requests/resolve.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import { didFacts } from './present.ts';
import { deleteDid as removeDid, lockDid } from './store.ts';

/** Contract §12.10. The foreign key of the assignment decides, whatever happens at the same moment. */
export async function deleteDid(
  context: Context,
  trunkId: string,
  id: string,
  expected: ExpectedRevision,
): Promise<void> {
  requireScope(context, 'dids:write');
  await transact(context, async (tx) => {
    const before = await lockDid(tx.db, tx.environmentId, id);
    if (!before || before.trunk_id !== trunkId) throw new CatalogueError('DID_NOT_FOUND');
    requireRevision(before, expected);
    try {
      await removeDid(tx.db, tx.environmentId, id);
    } catch (error) {
      if (violatedConstraint(error) === 'agent_numbers_did_fkey') throw new CatalogueError('DID_IN_USE');
      throw error;
    }
    await cancelPendingRelease(tx, id);
    await record(tx, { type: 'did.deleted', subjectType: 'did', subjectId: id, before: didFacts(before) });
  });
}
