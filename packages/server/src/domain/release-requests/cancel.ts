import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope, transact } from '../context.ts';
import { requirePending, resolve } from './resolve.ts';
import { lockRelease } from './store.ts';

/**
 * Takes a request back (contract §14.6); it stays listed.
 * @throws RELEASE_REQUEST_NOT_FOUND, RELEASE_ALREADY_RESOLVED
 */
export async function cancelRelease(context: Context, id: string): Promise<void> {
  requireScope(context, 'dids:write');
  await transact(context, async (tx) => {
    const row = await lockRelease(tx.db, tx.environmentId, id);
    if (!row) throw new CatalogueError('RELEASE_REQUEST_NOT_FOUND');
    requirePending(row);
    await resolve(tx, row, { status: 'cancelled' });
  });
}
