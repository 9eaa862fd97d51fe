import { type Context, record, transact } from '../context.ts';
import { importFacts } from './present.ts';
import { changeImport, type ImportChanges, type ImportRow, lockImport } from './store.ts';

type Ending = { status: 'succeeded' } | { status: 'failed'; error: string };

const EVENTS = { succeeded: 'did.import_finished', failed: 'did.import_failed' } as const;

/**
 * The end of a running import, with the one event that tells its counts. Whoever follows the log finds
 * the DIDs by `GET …/imports/{import_id}/rows?verdict=created`.
 */
export const endImport = (context: Context, importId: string, ending: Ending): Promise<void> =>
  transact(context, async (tx) => {
    const row = await lockImport(tx.db, tx.environmentId, importId);
    if (row?.status !== 'queued' && row?.status !== 'running') return;
    await changeAndRecord(tx, row, { ...ending, finished_at: tx.clock.now() }, EVENTS[ending.status]);
  });

/** A change of the life cycle with its audit event. @returns the row as it is now */
export async function changeAndRecord(
  tx: Context,
  row: ImportRow,
  changes: ImportChanges & Pick<ImportRow, 'status'>,
  type: string,
): Promise<ImportRow> {
  await changeImport(tx.db, row, changes);
  const after = { ...row, ...changes };
  await record(tx, {
    type,
    subjectType: 'did_import',
    subjectId: row.id,
    before: { status: row.status },
    after: importFacts(after),
  });
  return after;
}
