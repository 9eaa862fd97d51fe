import type { FieldErrors } from '../../kernel/errors.ts';
import { checkDidNumber } from '../dids/number.ts';
import { type Annotations, checkAnnotations } from './annotations.ts';
import { type Batch, BatchBuilder } from './batch.ts';
import { type NumberRange, readRange } from './ranges.ts';
import { packNumber, type Problem } from './results.ts';
import { type Format, readRows, type Row } from './rows.ts';
import type { SeenNumbers } from './seen-numbers.ts';

export type CheckSettings = Format & { defaultCountry: string | undefined; rowsTotal: number };

/** @property skip numbers of this chunk whose verdicts are already stored */
export type ChunkToCheck = { body: string; firstRow: number; skip: number };

const WRITTEN_MAX = 64;

/**
 * Checks the numbers of one chunk, batch by batch, against every rule that needs no database. Ranges are
 * counted out as the batches are asked for, so a chunk of ranges takes no more memory than another.
 * @throws TooManyNumbers
 */
export function* checkChunk(
  chunk: ChunkToCheck,
  settings: Format & Pick<CheckSettings, 'defaultCountry'>,
  seen: SeenNumbers,
): Generator<Batch> {
  let batch = new BatchBuilder();
  let left = chunk.skip;
  for (const row of readRows(chunk.body, chunk.firstRow, settings)) {
    const checked = checkRow(row, settings.defaultCountry);
    const count = checked.range?.count ?? 1;
    if (left >= count) {
      left -= count;
      continue;
    }
    for (let i = left; i < count; i += 1) {
      if (batch.isFull) {
        yield batch.build(false);
        batch = new BatchBuilder();
      }
      addNumber(batch, checked, i, seen);
    }
    left = 0;
    batch.rowsDone += 1;
  }
  yield batch.build(true);
}

type CheckedRow = {
  row: number;
  country: string;
  annotations: Annotations;
  /** A single number, already checked. */
  e164?: string;
  range?: NumberRange;
  problem?: Omit<Problem, 'at'>;
};

function checkRow(input: Row, defaultCountry: string | undefined): CheckedRow {
  const errors: FieldErrors = { ...input.errors };
  const annotations = checkAnnotations(input, errors);
  const country = input.country || defaultCountry || '';
  const read = readRange(input.number);
  // The first of a range answers for all in what they share: length, calling code, country.
  const number = read?.ok ? numberAt(read.range, 0) : input.number;
  const result = read && !read.ok ? undefined : checkNumber(country, number, errors);
  if (read && !read.ok) errors.number ??= [read.sentence];
  const base = { row: input.row, country: result?.country ?? country, annotations };
  if (Object.keys(errors).length > 0) {
    const suggestion = result?.suggestion;
    return {
      ...base,
      problem: { written: input.number.slice(0, WRITTEN_MAX), errors, ...(suggestion && { suggestion }) },
    };
  }
  if (read?.ok) return { ...base, range: read.range };
  return { ...base, e164: result?.e164 ?? '' };
}

type CheckedNumber = { e164?: string; country?: string; suggestion?: { number: string } };

function checkNumber(country: string, number: string, errors: FieldErrors): CheckedNumber {
  if (number === '') errors.number ??= ['The number field is required.'];
  if (country === '') errors.country_code ??= ['The country code field is required.'];
  if (errors.number || errors.country_code) return {};
  const checked = checkDidNumber(country, number);
  if (checked.ok) return { e164: checked.value.number, country: checked.value.countryCode };
  Object.assign(errors, checked.errors);
  return checked.details ?? {};
}

const numberAt = (range: NumberRange, index: number): string => `+${range.first + index}`;

function addNumber(batch: BatchBuilder, checked: CheckedRow, index: number, seen: SeenNumbers): void {
  const { row, problem, range, country, annotations } = checked;
  if (problem) {
    batch.addInvalid(row, problem);
    return;
  }
  let e164 = checked.e164 ?? '';
  if (range) {
    const written = numberAt(range, index);
    const result = checkDidNumber(country, written);
    if (!result.ok) {
      batch.addInvalid(row, { written, errors: result.errors });
      return;
    }
    e164 = result.value.number;
  }
  const firstRow = seen.add(packNumber(e164), row);
  if (firstRow > 0) batch.addDuplicate(row, e164, firstRow);
  else batch.addCandidate(row, e164, country, annotations);
}
