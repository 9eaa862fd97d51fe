import { COMMA } from '../chars.ts';
import { Cursor } from '../cursor.ts';
import { DEFAULT_LIMITS, type ParseLimits } from '../limits.ts';
import type { Parsed } from '../result.ts';

/** A header that stands once in a message. */
export interface SingleHeader<T> {
  readonly kind: 'single';
  /** As it is written: "Call-ID". */
  readonly name: string;
  /** How the container finds it: lower case, compact forms expanded. */
  readonly key: string;
  parse(text: string, limits?: ParseLimits): Parsed<T>;
  format(value: T): string;
}

/** A header whose values may be comma-separated, spread over several lines, or both (RFC 3261 §7.3.1). */
export interface ListHeader<T> {
  readonly kind: 'list';
  readonly name: string;
  readonly key: string;
  /** The values of one line. */
  parse(text: string, limits?: ParseLimits): Parsed<readonly T[]>;
  format(values: readonly T[]): string;
}

/** Reads one value at the cursor and leaves it at the end of the value or before a comma. */
export type ItemReader<T> = (cursor: Cursor) => T | undefined;

export function singleHeader<T>(
  name: string,
  read: ItemReader<T>,
  format: (value: T) => string = String,
): SingleHeader<T> {
  const parse = (text: string, limits: ParseLimits = DEFAULT_LIMITS): Parsed<T> => {
    const cursor = new Cursor(text, limits);
    cursor.skipBlank();
    const value = read(cursor);
    if (value === undefined || !cursor.expectEnd()) return { ok: false, problem: cursor.problem };
    return { ok: true, value };
  };
  return { kind: 'single', name, key: name.toLowerCase(), parse, format };
}

interface ListOptions<T> {
  readonly format?: (value: T) => string;
  /** Whether an empty header line is a legal empty list, as for Supported, Allow and Accept. */
  readonly mayBeEmpty?: boolean;
}

export function listHeader<T>(
  name: string,
  read: ItemReader<T>,
  options: ListOptions<T> = {},
): ListHeader<T> {
  const parse = (text: string, limits: ParseLimits = DEFAULT_LIMITS): Parsed<readonly T[]> => {
    const cursor = new Cursor(text, limits);
    const values: T[] = [];
    cursor.skipBlank();
    if (options.mayBeEmpty === true && cursor.pos === text.length) return { ok: true, value: values };
    for (;;) {
      cursor.skipBlank();
      const value = read(cursor);
      if (value === undefined) return { ok: false, problem: cursor.problem };
      if (values.length >= limits.maxListItems) return { ok: false, problem: 'there are too many values' };
      values.push(value);
      cursor.skipBlank();
      if (cursor.peek() !== COMMA) break;
      cursor.pos++;
    }
    if (!cursor.expectEnd()) return { ok: false, problem: cursor.problem };
    return { ok: true, value: values };
  };
  const formatItem = options.format ?? String;
  const format = (values: readonly T[]): string => values.map((value) => formatItem(value)).join(', ');
  return { kind: 'list', name, key: name.toLowerCase(), parse, format };
}
