import { type Context, transact } from '../context.ts';
import type { Batch } from './batch.ts';
import { closeChunk, insertResult, type PartPosition } from './chunk-store.ts';
import { addCounts, CODES, countVerdicts, UNDECIDED } from './results.ts';
import { changeImport, type ImportRow, lockImport } from './store.ts';
import { createDids, type Holder, holdersOf, type IdBlock, newIdBlock } from './write-store.ts';

/** @returns false when the import is no longer running: cancelled, or gone with its trunk */
export type BatchWritten = boolean;

/**
 * One batch in one transaction: the DIDs, their verdicts, the progress. A crash loses all of it or
 * nothing, so the next node goes on exactly behind the last batch that counts.
 * @param progress keeps the job's lease in the same transaction
 */
export const writeBatch = (
  context: Context,
  importId: string,
  position: PartPosition,
  batch: Batch,
  progress: (tx: Context) => Promise<void>,
): Promise<BatchWritten> =>
  transact(context, async (tx) => {
    const row = await lockImport(tx.db, tx.environmentId, importId);
    if (row?.status !== 'running') return false;
    const decided = await decide(tx, row, batch);
    const key = { environmentId: tx.environmentId, importId };
    const isNew = await insertResult(tx.db, key, position, { ...batch, ...decided });
    if (!isNew) throw new Error('another worker has written this part of the import');
    if (batch.last) await closeChunk(tx.db, key, position.seq);
    await changeImport(tx.db, row, {
      rows_done: row.rows_done + batch.rowsDone,
      counts: addCounts(row.counts, countVerdicts(decided.verdicts)),
    });
    await progress(tx);
    return true;
  });

type Decided = Pick<Batch, 'verdicts' | 'problems'>;

/** Has the database decide what the rules could not: who has the number. */
async function decide(tx: Context, row: ImportRow, batch: Batch): Promise<Decided> {
  const { dids } = batch;
  if (dids.count === 0) return { verdicts: batch.verdicts, problems: batch.problems };
  const ids = newIdBlock();
  if (!row.dry_run) {
    const place = { environmentId: tx.environmentId, trunkId: row.trunk_id, at: tx.clock.now() };
    const created = await createDids(tx.db, place, ids, dids);
    if (created === dids.count) {
      const verdicts = batch.verdicts.map((code) => (code === UNDECIDED ? CODES.created : code));
      return { verdicts, problems: batch.problems };
    }
  }
  const holders = await holdersOf(tx.db, tx.environmentId, dids.numbers);
  return compare(row, batch, holders, ids);
}

const elementsOf = (literal: string): string[] => literal.slice(1, -1).split(',');

function compare(row: ImportRow, batch: Batch, holders: ReadonlyMap<string, Holder>, ids: IdBlock): Decided {
  const numbers = elementsOf(batch.dids.numbers);
  const problems = [...batch.problems];
  let next = 0;
  // A copy: when the transaction is run again, the batch must be as it was.
  const verdicts = batch.verdicts.map((code, at) => {
    if (code !== UNDECIDED) return code;
    const holder = holders.get(numbers[next] ?? '');
    next += 1;
    if (!holder && row.dry_run) return CODES.created;
    if (!holder) throw new Error('a number was removed while it was compared; the batch runs again');
    if (holder.id.startsWith(ids.prefix)) return CODES.created;
    if (holder.trunk_id === row.trunk_id) return CODES.unchanged;
    problems.push({ at, trunk_id: holder.trunk_id, did_id: holder.id });
    return CODES.conflict;
  });
  return { verdicts, problems };
}
