import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope, transact } from '../context.ts';
import { hasOpenChunk } from './chunk-store.ts';
import { changeAndRecord } from './end.ts';
import { enqueueImport } from './job.ts';
import { type ImportRow, lockImport } from './store.ts';

/**
 * Has a failed or cancelled import go on behind its last batch.
 * @throws IMPORT_NOT_FOUND, IMPORT_NOT_RESUMABLE (also once its file is swept)
 */
export async function resumeImport(context: Context, trunkId: string, id: string): Promise<ImportRow> {
  requireScope(context, 'dids:write');
  return transact(context, async (tx) => {
    const row = await lockImport(tx.db, tx.environmentId, id);
    if (row?.trunk_id !== trunkId) throw new CatalogueError('IMPORT_NOT_FOUND');
    const key = { environmentId: tx.environmentId, importId: id };
    const ended = row.status === 'failed' || row.status === 'cancelled';
    if (!ended || !(await hasOpenChunk(tx.db, key))) throw new CatalogueError('IMPORT_NOT_RESUMABLE');
    await enqueueImport(tx, id);
    return changeAndRecord(
      tx,
      row,
      { status: 'queued', error: null, finished_at: null },
      'did.import_resumed',
    );
  });
}
