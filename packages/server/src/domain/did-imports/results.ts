import type { FieldErrors } from '../../kernel/errors.ts';

/** What became of a number. `created` in a dry run: would have been. */
export const VERDICTS = ['created', 'unchanged', 'conflict', 'duplicate_in_file', 'invalid'] as const;
export type Verdict = (typeof VERDICTS)[number];
export type VerdictCounts = Record<Verdict, number>;

/** One byte a number, as stored. UNDECIDED exists only until the database has answered. */
export const UNDECIDED = 0;
export const CODES = { created: 1, unchanged: 2, conflict: 3, duplicate_in_file: 4, invalid: 5 } as const;

export const verdictOf = (code: number): Verdict => VERDICTS[code - 1] ?? 'invalid';

export const NO_COUNTS: VerdictCounts = {
  created: 0,
  unchanged: 0,
  conflict: 0,
  duplicate_in_file: 0,
  invalid: 0,
};

export function countVerdicts(verdicts: Uint8Array): VerdictCounts {
  const counts = { ...NO_COUNTS };
  for (const code of verdicts) counts[verdictOf(code)] += 1;
  return counts;
}

export function addCounts(a: Partial<VerdictCounts>, b: VerdictCounts): VerdictCounts {
  const sum = { ...b };
  for (const verdict of VERDICTS) sum[verdict] += a[verdict] ?? 0;
  return sum;
}

/** What a verdict says beside itself; `at` is the place in the part's arrays. */
export type Problem = {
  at: number;
  /** As written in the file, where it is no E.164. */
  written?: string;
  errors?: FieldErrors;
  suggestion?: { number: string };
  /** Where the file has the number first. */
  first_row?: number;
  /** Who has the number already. */
  trunk_id?: string;
  did_id?: string;
};

/**
 * E.164 as a number and back. 15 digits fit a double exactly, and no calling code starts with 0, so
 * nothing is lost; eight bytes a number keep a million of them in 8 MB. 0 = no number.
 */
export const packNumber = (e164: string): number => Number(e164.slice(1));
export const unpackNumber = (packed: number): string => `+${packed}`;

/** Bytes of a typed array, little-endian on every machine that Node 24 runs on. */
export const bytesOf = (array: Float64Array | Uint32Array | Uint8Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** Copies: a typed array needs an aligned start, and what pg hands out is a window somewhere. */
export const rowNumbersOf = (bytes: Buffer): Uint32Array<ArrayBuffer> =>
  new Uint32Array(new Uint8Array(bytes).buffer);
export const numbersOf = (bytes: Buffer): Float64Array<ArrayBuffer> =>
  new Float64Array(new Uint8Array(bytes).buffer);
