import { type Context, requireScope, transact } from '../context.ts';
import type { Batch } from './batch.ts';
import type { CheckSettings } from './check-rows.ts';
import type { Checker } from './checker.ts';
import { type ImportKey, nextOpenChunk, nextResult, type PartPosition } from './chunk-store.ts';
import { endImport } from './end.ts';
import type { Column } from './layout.ts';
import { NUMBERS_MAX } from './limits.ts';
import { numbersOf, rowNumbersOf } from './results.ts';
import { TooManyNumbers } from './seen-numbers.ts';
import { changeImport, type ImportRow, lockImport } from './store.ts';
import { writeBatch } from './write-batch.ts';

export type ImportTools = {
  checker: Checker;
  /** Aborted when this node stops or no longer holds the job. */
  signal: AbortSignal;
  /** Keeps the job's lease inside the transaction of a batch; throws when the lease is lost. */
  progress(tx: Context): Promise<void>;
  /** Rows of the file whose verdicts are now durable. */
  rowsImported(count: number): void;
};

/**
 * Processes an import from wherever it stands. While PostgreSQL writes one batch, the thread checks the
 * next. Safe to call again at any time and by anyone: what is done stays done, once.
 * @returns false when it was interrupted and should be called again
 */
export async function processImport(
  context: Context,
  importId: string,
  tools: ImportTools,
): Promise<boolean> {
  requireScope(context, 'dids:write');
  const row = await transact(context, (tx) => start(tx, importId));
  if (!row) return true;
  try {
    await prepareChecker(context, row, tools.checker);
    const ended = await writeAll(context, row, tools);
    if (ended) await endImport(context, importId, { status: 'succeeded' });
    return ended || !tools.signal.aborted;
  } catch (error) {
    if (!(error instanceof TooManyNumbers)) throw error;
    const limit = NUMBERS_MAX.toLocaleString('en');
    const reason = `The ranges of the file hold more than ${limit} numbers. Split it into several imports.`;
    await endImport(context, importId, { status: 'failed', error: reason });
    return true;
  } finally {
    tools.checker.rest();
  }
}

/** @returns undefined when there is nothing to do: ended, or gone with its trunk */
async function start(tx: Context, importId: string): Promise<ImportRow | undefined> {
  const row = await lockImport(tx.db, tx.environmentId, importId);
  if (row?.status !== 'queued' && row?.status !== 'running') return undefined;
  await changeImport(tx.db, row, { status: 'running', started_at: row.started_at ?? tx.clock.now() });
  return row;
}

/** A file's duplicates are found across all of it, so the numbers of earlier batches must be known again. */
async function prepareChecker(context: Context, row: ImportRow, checker: Checker): Promise<void> {
  await checker.begin(settingsOf(row));
  const key = { environmentId: context.environmentId, importId: row.id };
  let position: PartPosition = { seq: -1, part: -1 };
  for (;;) {
    const result = await nextResult(context.db, key, position);
    if (!result) return;
    await checker.remember(numbersOf(result.numbers), rowNumbersOf(result.row_numbers));
    position = result;
  }
}

function settingsOf(row: ImportRow): CheckSettings {
  const common = { defaultCountry: row.default_country_code ?? undefined, rowsTotal: row.rows_total };
  if (row.format === 'ndjson') return { format: 'ndjson', ...common };
  const { delimiter = ',', columns = ['number'] } = row.layout ?? {};
  return { format: 'csv', layout: { delimiter, columns: columns as Column[] }, ...common };
}

/** @returns whether everything is written; false when interrupted, cancelled or gone */
async function writeAll(context: Context, row: ImportRow, tools: ImportTools): Promise<boolean> {
  const key = { environmentId: context.environmentId, importId: row.id };
  const batches = batchesOf(context, key, tools.checker);
  let upcoming = batches.next();
  try {
    for (;;) {
      const current = await upcoming;
      if (current.done) return true;
      upcoming = batches.next();
      // Awaited in the next turn; until then its failure is nobody's unhandled rejection.
      upcoming.catch(() => {});
      if (tools.signal.aborted) return false;
      const { position, batch } = current.value;
      if (!(await writeBatch(context, row.id, position, batch, tools.progress))) return false;
      tools.rowsImported(batch.rowsDone);
      release(batch);
    }
  } finally {
    // The thread may still be at work on it, and the next import must not come in between.
    await upcoming.catch(() => {});
  }
}

/** Frees the arrays now: they lie outside the heap, where the collector sees no hurry. */
function release({ numbers, rowNumbers, verdicts }: Batch): void {
  for (const { buffer } of [numbers, rowNumbers, verdicts]) buffer.transfer(0);
}

type PlacedBatch = { position: PartPosition; batch: Batch };

/** The batches of all chunks that are not finished, in order. */
async function* batchesOf(context: Context, key: ImportKey, checker: Checker): AsyncGenerator<PlacedBatch> {
  let seq = -1;
  for (;;) {
    const chunk = await nextOpenChunk(context.db, key, seq);
    if (!chunk) return;
    ({ seq } = chunk);
    const { body, first_row: firstRow, numbers_done: skip } = chunk;
    await checker.chunk({ body, firstRow, skip });
    for (let part = chunk.parts_done; ; part += 1) {
      const batch = await checker.batch();
      yield { position: { seq, part }, batch };
      if (batch.last) break;
    }
  }
}
