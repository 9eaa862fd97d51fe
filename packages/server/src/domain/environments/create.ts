import { CatalogueError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import type { EnvironmentInput } from './schemas.ts';
import { type EnvironmentRow, insertEnvironment } from './store.ts';

/**
 * Makes an empty environment. What happens to an environment is told in its own audit log, so that
 * those who live in it can read it.
 * @throws ENVIRONMENT_NAME_TAKEN
 */
export async function createEnvironment(context: Context, input: EnvironmentInput): Promise<EnvironmentRow> {
  requireScope(context, 'admin');
  return transact(context, async (tx) => {
    const id = newId();
    const row = await insertEnvironment(tx.db, id, input.name, tx.clock.now());
    if (!row) throw new CatalogueError('ENVIRONMENT_NAME_TAKEN');
    await record(
      { ...tx, environmentId: id },
      { type: 'environment.created', subjectType: 'environment', subjectId: id, after: { name: row.name } },
    );
    return row;
  });
}
