import { CatalogueError } from '../../kernel/errors.ts';
import { afterCommit, violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import type { EnvironmentInput } from './schemas.ts';
import { type EnvironmentRow, lockEnvironment, updateEnvironment } from './store.ts';

/** @throws ENVIRONMENT_NOT_FOUND, ENVIRONMENT_NAME_TAKEN, PRECONDITION_FAILED */
export async function renameEnvironment(
  context: Context,
  id: string,
  input: EnvironmentInput,
  expected: ExpectedRevision,
): Promise<EnvironmentRow> {
  requireScope(context, 'admin');
  return transact(context, async (tx) => {
    const before = await lockEnvironment(tx.db, id);
    if (!before) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
    requireRevision(before, expected);
    if (before.name === input.name) return before;
    const after = await rename(tx, id, input.name);
    await record(
      { ...tx, environmentId: id },
      {
        type: 'environment.renamed',
        subjectType: 'environment',
        subjectId: id,
        before: { name: before.name },
        after: { name: after.name },
      },
    );
    afterCommit(tx.db, () => tx.tokenCache.forgetEnvironment(id));
    return after;
  });
}

async function rename(tx: Context, id: string, name: string): Promise<EnvironmentRow> {
  try {
    return await updateEnvironment(tx.db, id, { name, updated_at: tx.clock.now() });
  } catch (error) {
    if (violatedConstraint(error) === 'environments_name_key') {
      throw new CatalogueError('ENVIRONMENT_NAME_TAKEN');
    }
    throw error;
  }
}
