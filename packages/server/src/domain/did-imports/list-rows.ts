import type { Context } from '../context.ts';
import { nextResult, type PartPosition, type ResultRow } from './chunk-store.ts';
import { getImport } from './get.ts';
import {
  CODES,
  NO_COUNTS,
  numbersOf,
  type Problem,
  rowNumbersOf,
  unpackNumber,
  type Verdict,
  verdictOf,
  VERDICTS,
} from './results.ts';
import type { DidImportRow } from './schemas.ts';
import type { ImportRow } from './store.ts';
import { createdDidIds } from './write-store.ts';

/** Between the nodes that have worked on one import. */
const CLOCK_SKEW_MS = 60_000;

export type ImportRowList = {
  total: number;
  /** In the order of the file, a part at a time; nothing is read before it is asked for. */
  batches(offset?: number): AsyncGenerator<DidImportRow[]>;
};

/** What became of each row so far. @throws IMPORT_NOT_FOUND */
export async function listImportRows(
  context: Context,
  trunkId: string,
  id: string,
  verdict: Verdict | undefined,
): Promise<ImportRowList> {
  const row = await getImport(context, trunkId, id);
  const counts = { ...NO_COUNTS, ...row.counts };
  const total = verdict ? counts[verdict] : VERDICTS.reduce((sum, each) => sum + counts[each], 0);
  return { total, batches: (offset = 0) => readBatches(context, row, verdict, offset) };
}

async function* readBatches(
  context: Context,
  row: ImportRow,
  verdict: Verdict | undefined,
  offset: number,
): AsyncGenerator<DidImportRow[]> {
  const key = { environmentId: context.environmentId, importId: row.id };
  let position: PartPosition = { seq: -1, part: -1 };
  let toSkip = offset;
  for (;;) {
    const result = await nextResult(context.db, key, position, verdict && CODES[verdict]);
    if (!result) return;
    position = result;
    const places = placesWith(result.verdicts, verdict);
    const wanted = places.slice(toSkip);
    toSkip = Math.max(0, toSkip - places.length);
    if (wanted.length > 0) yield await presentPlaces(context, row, result, wanted);
  }
}

function placesWith(verdicts: Buffer, verdict: Verdict | undefined): number[] {
  const places: number[] = [];
  verdicts.forEach((code, at) => {
    if (verdict === undefined || code === CODES[verdict]) places.push(at);
  });
  return places;
}

async function presentPlaces(
  context: Context,
  row: ImportRow,
  result: ResultRow,
  places: readonly number[],
): Promise<DidImportRow[]> {
  const numbers = numbersOf(result.numbers);
  const rowNumbers = rowNumbersOf(result.row_numbers);
  const problems = new Map(
    (JSON.parse(result.problems ?? '[]') as Problem[]).map(({ at, ...rest }) => [at, rest]),
  );
  const created = places.filter((at) => result.verdicts[at] === CODES.created);
  const ids = await idsOf(
    context,
    row,
    created.map((at) => unpackNumber(numbers[at] ?? 0)),
  );
  return places.map((at) => {
    const verdict = verdictOf(result.verdicts[at] ?? 0);
    const { written, ...problem } = problems.get(at) ?? {};
    const number = numbers[at] ? unpackNumber(numbers[at]) : (written ?? '');
    return {
      row: rowNumbers[at] ?? 0,
      number,
      verdict,
      ...(verdict === 'created' && { did_id: ids.get(number) ?? null }),
      ...problem,
    };
  });
}

async function idsOf(context: Context, row: ImportRow, numbers: string[]): Promise<Map<string, string>> {
  if (row.dry_run || !row.started_at || numbers.length === 0) return new Map();
  const from = row.started_at.getTime() - CLOCK_SKEW_MS;
  const until = (row.finished_at ?? context.clock.now()).getTime() + CLOCK_SKEW_MS;
  return createdDidIds(context.db, context.environmentId, numbers, [new Date(from), new Date(until)]);
}
