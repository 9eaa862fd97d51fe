import { CatalogueError } from '../../kernel/errors.ts';
import { afterCommit } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { type EnvironmentRow, lockEnvironment, updateEnvironment } from './store.ts';

/**
 * Takes an environment out of use: its tokens are refused until it is restored, nothing is deleted.
 * Asking for what already is changes nothing and is no error.
 */
export const archiveEnvironment = (context: Context, id: string): Promise<EnvironmentRow> =>
  setArchived(context, id, true);

export const restoreEnvironment = (context: Context, id: string): Promise<EnvironmentRow> =>
  setArchived(context, id, false);

async function setArchived(context: Context, id: string, archived: boolean): Promise<EnvironmentRow> {
  requireScope(context, 'admin');
  return transact(context, async (tx) => {
    const before = await lockEnvironment(tx.db, id);
    if (!before) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
    if ((before.archived_at !== null) === archived) return before;
    const now = tx.clock.now();
    const after = await updateEnvironment(tx.db, id, { archived_at: archived ? now : null, updated_at: now });
    await record(
      { ...tx, environmentId: id },
      {
        type: archived ? 'environment.archived' : 'environment.restored',
        subjectType: 'environment',
        subjectId: id,
        before: { archived_at: before.archived_at },
        after: { archived_at: after.archived_at },
      },
    );
    afterCommit(tx.db, () => tx.tokenCache.forgetEnvironment(id));
    return after;
  });
}
