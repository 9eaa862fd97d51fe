import { isToken, trimBlanks } from './chars.ts';
import { headerKey } from './header-names.ts';
import type { ListHeader, SingleHeader } from './headers/header-type.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import type { Parsed } from './result.ts';

export interface HeaderLine {
  /** As written. */
  readonly name: string;
  /** Lower case, compact form expanded. */
  readonly key: string;
  /** Unfolded, without the blanks around it. */
  readonly value: string;
}

/** The header lines of a message, in order, unknown ones included. Names match in any case and compact form. */
export interface ReadonlySipHeaders extends Iterable<HeaderLine> {
  readonly size: number;
  has(name: string): boolean;
  count(name: string): number;
  /** The raw value of the first line of that name. */
  first(name: string): string | undefined;
  /** The raw values of all lines of that name. */
  all(name: string): readonly string[];
  /** The parsed value of the first line; undefined when there is none. Parsed on first use, then remembered. */
  read<T>(type: SingleHeader<T>): Parsed<T> | undefined;
  /** As `read`, but a missing and a malformed header both give undefined. */
  value<T>(type: SingleHeader<T>): T | undefined;
  /** All values over all lines, empty when there is no line. */
  readAll<T>(type: ListHeader<T>): Parsed<readonly T[]>;
  /** As `readAll`, but a malformed header gives an empty list. */
  values<T>(type: ListHeader<T>): readonly T[];
  /** One result per line, for headers that repeat without commas, such as WWW-Authenticate. */
  readEach<T>(type: SingleHeader<T>): readonly Parsed<T>[];
  clone(): SipHeaders;
}

/** Thrown on an attempt to put a line break or a bad name into a header: an error of the calling program. */
export class HeaderSyntaxError extends Error {
  override readonly name = 'HeaderSyntaxError';
}

export class SipHeaders implements ReadonlySipHeaders {
  private readonly names: string[];
  private readonly keys: string[];
  private readonly texts: string[];
  readonly limits: ParseLimits;
  private memo: Map<unknown, unknown> | undefined;

  constructor(limits: ParseLimits = DEFAULT_LIMITS, source?: SipHeaders) {
    this.limits = limits;
    this.names = source === undefined ? [] : source.names.slice();
    this.keys = source === undefined ? [] : source.keys.slice();
    this.texts = source === undefined ? [] : source.texts.slice();
  }

  static of(lines: Iterable<readonly [string, string]>): SipHeaders {
    const headers = new SipHeaders();
    for (const [name, value] of lines) headers.append(name, value);
    return headers;
  }

  get size(): number {
    return this.keys.length;
  }

  *[Symbol.iterator](): Iterator<HeaderLine> {
    for (let i = 0; i < this.keys.length; i++) {
      yield { name: this.names[i] ?? '', key: this.keys[i] ?? '', value: this.texts[i] ?? '' };
    }
  }

  has(name: string): boolean {
    return this.keys.includes(headerKey(name));
  }

  count(name: string): number {
    const key = headerKey(name);
    let count = 0;
    for (const own of this.keys) if (own === key) count++;
    return count;
  }

  first(name: string): string | undefined {
    return this.texts[this.keys.indexOf(headerKey(name))];
  }

  /** As `first`, for a key as `headerKey` gives it. */
  firstByKey(key: string): string | undefined {
    return this.texts[this.keys.indexOf(key)];
  }

  all(name: string): readonly string[] {
    const key = headerKey(name);
    return this.texts.filter((_, i) => this.keys[i] === key);
  }

  read<T>(type: SingleHeader<T>): Parsed<T> | undefined {
    const text = this.texts[this.keys.indexOf(type.key)];
    return text === undefined ? undefined : this.remember(type, () => type.parse(text, this.limits));
  }

  value<T>(type: SingleHeader<T>): T | undefined {
    const parsed = this.read(type);
    return parsed?.ok ? parsed.value : undefined;
  }

  readAll<T>(type: ListHeader<T>): Parsed<readonly T[]> {
    return this.remember(type, () => this.parseList(type));
  }

  values<T>(type: ListHeader<T>): readonly T[] {
    const parsed = this.readAll(type);
    return parsed.ok ? parsed.value : [];
  }

  readEach<T>(type: SingleHeader<T>): readonly Parsed<T>[] {
    return this.all(type.name).map((text) => type.parse(text, this.limits));
  }

  clone(): SipHeaders {
    return new SipHeaders(this.limits, this);
  }

  /** Adds a line at the end. */
  append(name: string, value: string): void {
    this.insert(this.keys.length, name, value);
  }

  /** Adds a line before the first of that name, or at the top when there is none. */
  prepend(name: string, value: string): void {
    this.insert(Math.max(0, this.keys.indexOf(headerKey(name))), name, value);
  }

  /** Replaces all lines of that name by the given ones, in the place of the first. */
  set(name: string, ...values: readonly string[]): void {
    const at = this.keys.indexOf(headerKey(name));
    this.remove(name);
    let index = at === -1 ? this.keys.length : at;
    for (const value of values) this.insert(index++, name, value);
  }

  remove(name: string): void {
    const key = headerKey(name);
    for (let i = this.keys.length - 1; i >= 0; i--) if (this.keys[i] === key) this.removeAt(i);
  }

  /** Sets a typed header: `headers.put(expiresHeader, 3600)`. */
  put<T>(type: SingleHeader<T>, value: T): void {
    this.set(type.name, type.format(value));
  }

  /** Sets a typed list header as one line. An empty list is written as an empty value. */
  putAll<T>(type: ListHeader<T>, values: readonly T[]): void {
    this.set(type.name, type.format(values));
  }

  /** The scanner's door: name and value are known to be free of line breaks. */
  addScanned(name: string, key: string, value: string): void {
    this.names.push(name);
    this.keys.push(key);
    this.texts.push(value);
  }

  private insert(at: number, name: string, value: string): void {
    if (!isToken(name)) throw new HeaderSyntaxError('a header name is not a token');
    if (value.includes('\r') || value.includes('\n')) {
      throw new HeaderSyntaxError('a header value must not contain a line break');
    }
    this.names.splice(at, 0, name);
    this.keys.splice(at, 0, headerKey(name));
    this.texts.splice(at, 0, trimBlanks(value));
    this.memo = undefined;
  }

  private removeAt(at: number): void {
    this.names.splice(at, 1);
    this.keys.splice(at, 1);
    this.texts.splice(at, 1);
    this.memo = undefined;
  }

  private remember<T>(type: unknown, compute: () => T): T {
    this.memo ??= new Map();
    const known = this.memo.get(type);
    // A header type is only ever stored beside its own result.
    if (known !== undefined) return known as T;
    const value = compute();
    this.memo.set(type, value);
    return value;
  }

  private parseList<T>(type: ListHeader<T>): Parsed<readonly T[]> {
    const values: T[] = [];
    for (let i = 0; i < this.keys.length; i++) {
      if (this.keys[i] !== type.key) continue;
      const parsed = type.parse(this.texts[i] ?? '', this.limits);
      if (!parsed.ok) return parsed;
      for (const value of parsed.value) values.push(value);
      if (values.length > this.limits.maxListItems)
        return { ok: false, problem: 'there are too many values' };
    }
    return { ok: true, value: values };
  }
}
