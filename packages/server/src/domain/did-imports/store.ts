import { type Insertable, type Selectable, sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Slice } from '../list.ts';
import type { CsvLayout } from './layout.ts';
import type { VerdictCounts } from './results.ts';

export type ImportRow = Selectable<Schema['did_imports']>;
export type NewImport = Pick<
  Insertable<Schema['did_imports']>,
  | 'environment_id'
  | 'id'
  | 'trunk_id'
  | 'format'
  | 'dry_run'
  | 'default_country_code'
  | 'actor'
  | 'request_id'
  | 'created_at'
>;

export async function insertImport(db: Database, row: NewImport): Promise<void> {
  await db
    .insertInto('did_imports')
    .values({
      ...row,
      status: 'uploading',
      content_sha256: null,
      layout: null,
      counts: '{}',
      error: null,
      started_at: null,
      finished_at: null,
    })
    .execute();
}

/** The upload is complete: from here on the import exists for everyone. */
export async function queueUploaded(
  db: Database,
  environmentId: string,
  id: string,
  upload: { layout: CsvLayout | undefined; rowsTotal: number; sha256: string },
): Promise<void> {
  await db
    .updateTable('did_imports')
    .set({
      status: 'queued',
      layout: upload.layout ? JSON.stringify(upload.layout) : null,
      rows_total: upload.rowsTotal,
      content_sha256: upload.sha256,
    })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute();
}

/** Removes an upload that came to nothing; what has been queued stays. */
export async function deleteUpload(db: Database, environmentId: string, id: string): Promise<void> {
  await db
    .deleteFrom('did_imports')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('status', '=', 'uploading')
    .execute();
}

const visible = (db: Database, environmentId: string) =>
  db
    .selectFrom('did_imports')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '!=', 'uploading');

export const findImport = (db: Database, environmentId: string, id: string): Promise<ImportRow | undefined> =>
  visible(db, environmentId).where('id', '=', id).executeTakeFirst();

/** Holds off every other change of the import until the transaction ends. */
export const lockImport = (db: Database, environmentId: string, id: string): Promise<ImportRow | undefined> =>
  visible(db, environmentId).where('id', '=', id).forUpdate().executeTakeFirst();

/** Newest first. */
export function listImports(
  db: Database,
  environmentId: string,
  trunkId: string,
  { limit, offset = 0, after }: Slice<ImportRow>,
): Promise<ImportRow[]> {
  let query = visible(db, environmentId).where('trunk_id', '=', trunkId);
  if (after) query = query.where('id', '<', after.id);
  return query.orderBy('id', 'desc').limit(limit).offset(offset).execute();
}

export async function countImports(db: Database, environmentId: string, trunkId: string): Promise<number> {
  const { total } = await visible(db, environmentId)
    .where('trunk_id', '=', trunkId)
    .clearSelect()
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

export type ImportChanges = {
  status?: ImportRow['status'];
  error?: string | null;
  started_at?: Date;
  finished_at?: Date | null;
  rows_done?: number;
  counts?: VerdictCounts;
};

export async function changeImport(db: Database, row: ImportRow, changes: ImportChanges): Promise<void> {
  const { counts, ...rest } = changes;
  await db
    .updateTable('did_imports')
    .set({ ...rest, ...(counts && { counts: JSON.stringify(counts) }) })
    .where('environment_id', '=', row.environment_id)
    .where('id', '=', row.id)
    .execute();
}

/** Uploads that ended with their node, and the contents of imports that ended long ago. */
export async function sweepImports(db: Database, abandonedBefore: Date, endedBefore: Date): Promise<void> {
  await sql`DELETE FROM did_imports WHERE status = 'uploading' AND created_at < ${abandonedBefore}`.execute(
    db,
  );
  for (const table of ['did_import_chunks', 'did_import_results']) {
    await sql`
      DELETE FROM ${sql.table(table)} c USING did_imports i
      WHERE i.environment_id = c.environment_id AND i.id = c.import_id AND i.finished_at < ${endedBefore}`.execute(
      db,
    );
  }
}
