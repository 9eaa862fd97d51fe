import { type Selectable, sql } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Batch } from './batch.ts';
import type { Chunk } from './record-cutter.ts';
import { bytesOf, type Problem } from './results.ts';

/** An import inside its environment: what every statement here is about. */
export type ImportKey = { environmentId: string; importId: string };

export async function insertChunk(db: Database, key: ImportKey, seq: number, chunk: Chunk): Promise<void> {
  await db
    .insertInto('did_import_chunks')
    .values({
      environment_id: key.environmentId,
      import_id: key.importId,
      seq,
      first_row: chunk.firstRow,
      row_count: chunk.rowCount,
      body: chunk.body.toString(),
    })
    .execute();
}

export type OpenChunk = {
  seq: number;
  first_row: number;
  body: string;
  /** Of its numbers, how many have their verdict, in how many parts. */
  numbers_done: number;
  parts_done: number;
};

/** The next chunk after `afterSeq` that is not finished. */
export async function nextOpenChunk(
  db: Database,
  { environmentId, importId }: ImportKey,
  afterSeq: number,
): Promise<OpenChunk | undefined> {
  const { rows } = await sql<OpenChunk>`
    SELECT c.seq, c.first_row, c.body, r.numbers_done, r.parts_done
    FROM did_import_chunks c, LATERAL (
      SELECT coalesce(sum(octet_length(verdicts)), 0)::int AS numbers_done, count(*)::int AS parts_done
      FROM did_import_results r
      WHERE r.environment_id = c.environment_id AND r.import_id = c.import_id AND r.seq = c.seq) r
    WHERE c.environment_id = ${environmentId} AND c.import_id = ${importId}
      AND c.seq > ${afterSeq} AND NOT c.done
    ORDER BY c.seq LIMIT 1`.execute(db);
  return rows[0];
}

export async function hasOpenChunk(db: Database, { environmentId, importId }: ImportKey): Promise<boolean> {
  const row = await db
    .selectFrom('did_import_chunks')
    .select('seq')
    .where('environment_id', '=', environmentId)
    .where('import_id', '=', importId)
    .where('done', '=', false)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export type ResultRow = Selectable<Schema['did_import_results']>;
export type PartPosition = Pick<ResultRow, 'seq' | 'part'>;

/** The verdicts of one batch. @returns false when that part is there already: somebody else was faster */
export async function insertResult(
  db: Database,
  { environmentId, importId }: ImportKey,
  { seq, part }: PartPosition,
  batch: Pick<Batch, 'verdicts' | 'rowNumbers' | 'numbers'> & { problems: readonly Problem[] },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('did_import_results')
    .values({
      environment_id: environmentId,
      import_id: importId,
      seq,
      part,
      verdicts: bytesOf(batch.verdicts),
      row_numbers: bytesOf(batch.rowNumbers),
      numbers: bytesOf(batch.numbers),
      problems: batch.problems.length > 0 ? JSON.stringify(batch.problems) : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function closeChunk(db: Database, key: ImportKey, seq: number): Promise<void> {
  await db
    .updateTable('did_import_chunks')
    .set({ done: true })
    .where('environment_id', '=', key.environmentId)
    .where('import_id', '=', key.importId)
    .where('seq', '=', seq)
    .execute();
}

const after = (position: PartPosition) => sql<boolean>`(seq, part) > (${position.seq}, ${position.part})`;

/** The part after a position, with one of the given verdicts where any are given. */
export function nextResult(
  db: Database,
  { environmentId, importId }: ImportKey,
  position: PartPosition,
  verdictCode?: number,
): Promise<ResultRow | undefined> {
  let query = db
    .selectFrom('did_import_results')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('import_id', '=', importId)
    .where(after(position));
  if (verdictCode !== undefined) {
    query = query.where(sql<boolean>`position(${Buffer.from([verdictCode])}::bytea in verdicts) > 0`);
  }
  return query.orderBy('seq').orderBy('part').limit(1).executeTakeFirst();
}
