import { enqueueJob } from '../../storage/jobs.ts';
import type { Context } from '../context.ts';

/** The job that processes an import; its key is the import's id. */
export const IMPORT_JOB = 'did_import';

/** Call it in the transaction that makes the import ready for work. */
export const enqueueImport = (tx: Context, importId: string): Promise<void> =>
  enqueueJob(tx.db, {
    environmentId: tx.environmentId,
    kind: IMPORT_JOB,
    key: importId,
    payload: { import_id: importId },
  });
