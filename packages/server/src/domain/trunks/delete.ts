import { CatalogueError } from '../../kernel/errors.ts';
import { violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import { presentTrunk } from './present.ts';
import { deleteTrunk as removeTrunk, lockTrunk } from './store.ts';

/** Contract §12.5. The foreign key decides, so a DID added at the same moment cannot be orphaned. */
export async function deleteTrunk(context: Context, id: string, expected: ExpectedRevision): Promise<void> {
  requireScope(context, 'trunks:write');
  await transact(context, async (tx) => {
    const before = await lockTrunk(tx.db, tx.environmentId, id);
    if (!before) throw new CatalogueError('TRUNK_NOT_FOUND');
    requireRevision(before, expected);
    try {
      await removeTrunk(tx.db, tx.environmentId, id);
    } catch (error) {
      if (violatedConstraint(error) === 'dids_trunk_fkey') throw new CatalogueError('TRUNK_HAS_DIDS');
      throw error;
    }
    await record(tx, {
      type: 'trunk.deleted',
      subjectType: 'trunk',
      subjectId: id,
      before: presentTrunk(before),
    });
  });
}
