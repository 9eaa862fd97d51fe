import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope, transact } from '../context.ts';
import { changeAndRecord } from './end.ts';
import { type ImportRow, lockImport } from './store.ts';

/**
 * Stops an import before its next batch. The DIDs that it has created stay; it can be resumed.
 * @throws IMPORT_NOT_FOUND, IMPORT_NOT_CANCELLABLE
 */
export async function cancelImport(context: Context, trunkId: string, id: string): Promise<ImportRow> {
  requireScope(context, 'dids:write');
  return transact(context, async (tx) => {
    const row = await lockImport(tx.db, tx.environmentId, id);
    if (row?.trunk_id !== trunkId) throw new CatalogueError('IMPORT_NOT_FOUND');
    if (row.status !== 'queued' && row.status !== 'running')
      throw new CatalogueError('IMPORT_NOT_CANCELLABLE');
    return changeAndRecord(
      tx,
      row,
      { status: 'cancelled', finished_at: tx.clock.now() },
      'did.import_cancelled',
    );
  });
}
