import { BATCH_NUMBERS_MAX } from './limits.ts';
import { CODES, packNumber, type Problem, UNDECIDED } from './results.ts';
import type { Annotations } from './annotations.ts';

/**
 * What the database is asked to insert: PostgreSQL array literals, made in the thread that checks, so
 * that the main one only passes them on. A column without any value is `{}`; unnest fills it up with NULL.
 */
export type NewDids = {
  count: number;
  numbers: string;
  countries: string;
  /** Of all rows, when `countries` is empty. */
  country: string;
  labels: string;
  notes: string;
  tags: string;
};

/** Up to 5,000 checked numbers of a chunk; the three arrays run in parallel. */
export type Batch = {
  rowNumbers: Uint32Array<ArrayBuffer>;
  numbers: Float64Array<ArrayBuffer>;
  /** UNDECIDED where the database has the word: the n-th of them is the n-th of `dids`. */
  verdicts: Uint8Array<ArrayBuffer>;
  problems: Problem[];
  dids: NewDids;
  /** Rows of the file that end in this batch. */
  rowsDone: number;
  /** Whether the chunk ends with it. */
  last: boolean;
};

/** Between the tags of one row: a control character, which no tag may hold. */
export const TAG_SEPARATOR = '\u001f';

/** Collects the numbers of one batch. */
export class BatchBuilder {
  #rows: number[] = [];
  #numbers: number[] = [];
  #codes: number[] = [];
  #problems: Problem[] = [];
  #e164: string[] = [];
  #countries: string[] = [];
  #annotations: Annotations[] = [];
  rowsDone = 0;

  get isFull(): boolean {
    return this.#rows.length >= BATCH_NUMBERS_MAX;
  }

  #add(row: number, number: number, code: number): number {
    this.#numbers.push(number);
    this.#codes.push(code);
    return this.#rows.push(row) - 1;
  }

  addInvalid(row: number, problem: Omit<Problem, 'at'>): void {
    this.#problems.push({ at: this.#add(row, 0, CODES.invalid), ...problem });
  }

  addDuplicate(row: number, e164: string, firstRow: number): void {
    const at = this.#add(row, packNumber(e164), CODES.duplicate_in_file);
    this.#problems.push({ at, first_row: firstRow });
  }

  addCandidate(row: number, e164: string, country: string, annotations: Annotations): void {
    this.#add(row, packNumber(e164), UNDECIDED);
    this.#e164.push(e164);
    this.#countries.push(country);
    this.#annotations.push(annotations);
  }

  build(last: boolean): Batch {
    const [country = ''] = this.#countries;
    const oneCountry = this.#countries.every((each) => each === country);
    return {
      rowNumbers: Uint32Array.from(this.#rows),
      numbers: Float64Array.from(this.#numbers),
      verdicts: Uint8Array.from(this.#codes),
      problems: this.#problems,
      dids: {
        count: this.#e164.length,
        numbers: `{${this.#e164.join(',')}}`,
        countries: oneCountry ? '{}' : `{${this.#countries.join(',')}}`,
        country,
        labels: textArray(this.#annotations.map(({ label }) => label)),
        notes: textArray(this.#annotations.map(({ note }) => note)),
        tags: textArray(this.#annotations.map(({ tags }) => tags.join(TAG_SEPARATOR) || null)),
      },
      rowsDone: this.rowsDone,
      last,
    };
  }
}

const textArray = (texts: readonly (string | null)[]): string =>
  texts.every((text) => text === null) ? '{}' : `{${texts.map(arrayElement).join(',')}}`;

const arrayElement = (text: string | null): string =>
  text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
