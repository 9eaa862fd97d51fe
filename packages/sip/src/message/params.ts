import {
  COMMA,
  EQUALS,
  equalsIgnoreCase,
  GREATER,
  inClass,
  isToken,
  BLANK,
  LESS,
  QUOTE,
  quote,
  SEMICOLON,
  skipClass,
  skipQuoted,
  TOKEN,
  unquote,
  codeAt,
  END,
} from './chars.ts';
import type { Cursor } from './cursor.ts';
import { escapeUriParam, unescapeUri } from './uri/escape.ts';

/** Where the parameters stand decides how a value is written: quoted-string in headers, %HH in URIs. */
export type ParamStyle = 'header' | 'uri';

/**
 * An immutable, ordered parameter list. Values are kept as they came (quotes and escapes included) so that a
 * message can be written back unchanged; `get` gives the meaning. Names compare without case (RFC 3261 §7.3.1).
 */
export class Params implements Iterable<readonly [string, string | undefined]> {
  static readonly none: Params = new Params([], [], 'header');
  static readonly noneInUri: Params = new Params([], [], 'uri');

  private readonly names: readonly string[];
  private readonly rawValues: readonly (string | undefined)[];
  private readonly style: ParamStyle;

  /** `names` are decoded, `rawValues` are wire text; use `paramsOf` to build a list from plain values. */
  constructor(names: readonly string[], rawValues: readonly (string | undefined)[], style: ParamStyle) {
    this.names = names;
    this.rawValues = rawValues;
    this.style = style;
  }

  get size(): number {
    return this.names.length;
  }

  private indexOf(name: string): number {
    for (let i = 0; i < this.names.length; i++) {
      if (equalsIgnoreCase(this.names[i] ?? '', name)) return i;
    }
    return -1;
  }

  has(name: string): boolean {
    return this.indexOf(name) !== -1;
  }

  /** The decoded value; undefined when the parameter is absent and when it has no value. */
  get(name: string): string | undefined {
    const raw = this.rawValues[this.indexOf(name)];
    return raw === undefined ? undefined : decode(raw, this.style);
  }

  /** The value as written on the wire. */
  raw(name: string): string | undefined {
    return this.rawValues[this.indexOf(name)];
  }

  /** A non-negative decimal value; undefined when absent, empty or not a number. */
  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || value === '' || value.length > 15) return undefined;
    for (let i = 0; i < value.length; i++) {
      const code = codeAt(value, i);
      if (code < 48 || code > 57) return undefined;
    }
    return Number(value);
  }

  /** A copy with the parameter set (in place when it exists, else last); `undefined` means no value. */
  with(name: string, value?: string): Params {
    const raw = value === undefined ? undefined : encode(value, this.style);
    const at = this.indexOf(name);
    if (at === -1) return new Params([...this.names, name], [...this.rawValues, raw], this.style);
    return new Params(this.names, this.rawValues.with(at, raw), this.style);
  }

  without(name: string): Params {
    const keep = this.names.map((own) => !equalsIgnoreCase(own, name));
    return new Params(
      this.names.filter((_, i) => keep[i]),
      this.rawValues.filter((_, i) => keep[i]),
      this.style,
    );
  }

  *[Symbol.iterator](): Iterator<readonly [string, string | undefined]> {
    for (let i = 0; i < this.names.length; i++) {
      const raw = this.rawValues[i];
      yield [this.names[i] ?? '', raw === undefined ? undefined : decode(raw, this.style)];
    }
  }

  /** `;name=value;name`, empty when there are none. */
  toString(): string {
    let out = '';
    for (let i = 0; i < this.names.length; i++) {
      const name = this.names[i] ?? '';
      const raw = this.rawValues[i];
      out += this.style === 'uri' ? `;${escapeUriParam(name)}` : `;${name}`;
      if (raw !== undefined) out += `=${raw}`;
    }
    return out;
  }
}

/** Builds a list from plain values; `true` gives a parameter without a value, `undefined` leaves it out. */
export function paramsOf(values: Readonly<Record<string, string | number | true | undefined>>): Params {
  let params = Params.none;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    params = value === true ? params.with(name) : params.with(name, String(value));
  }
  return params;
}

/** As `paramsOf`, for parameters inside a URI. */
export function uriParamsOf(values: Readonly<Record<string, string | number | true | undefined>>): Params {
  let params = Params.noneInUri;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    params = value === true ? params.with(name) : params.with(name, String(value));
  }
  return params;
}

function decode(raw: string, style: ParamStyle): string {
  if (style === 'uri') return unescapeUri(raw);
  return codeAt(raw, 0) === QUOTE && raw.length > 1 ? unquote(raw) : raw;
}

function encode(value: string, style: ParamStyle): string {
  if (style === 'uri') return escapeUriParam(value);
  return isToken(value) || isBracketedHost(value) ? value : quote(value);
}

/** `received=2001:db8::1` and `[2001:db8::1]` go unquoted: gen-value allows a host (RFC 3261 §25.1). */
function isBracketedHost(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = codeAt(value, i);
    if (!inClass(code, TOKEN) && code !== 58 && code !== 91 && code !== 93) return false;
  }
  return value.length > 0;
}

/**
 * Reads `*( SEMI generic-param )`, stopping at a comma or at the end (RFC 3261 §25.1). An empty value is let
 * pass ("rport="), an empty name is not (RFC 4475 §3.1.2.1).
 */
export function readParams(cursor: Cursor): Params | undefined {
  let names: string[] | undefined;
  let values: (string | undefined)[] = [];
  const { text } = cursor;
  for (;;) {
    if (!cursor.takeSeparator(SEMICOLON)) break;
    const name = cursor.readToken('a parameter name');
    if (name === undefined) return undefined;
    let value: string | undefined;
    let next = cursor.peek();
    if (inClass(next, BLANK)) {
      cursor.skipBlank();
      next = cursor.peek();
    }
    if (next === EQUALS) {
      cursor.pos++;
      cursor.skipBlank();
      const end = skipParamValue(text, cursor.pos);
      if (end === -1) return cursor.fail('a parameter value is not closed');
      value = text.slice(cursor.pos, end);
      cursor.pos = end;
    }
    if (names === undefined) {
      names = [name];
      values = [value];
    } else {
      if (names.length >= cursor.limits.maxParams) return cursor.fail('there are too many parameters');
      names.push(name);
      values.push(value);
    }
  }
  return names === undefined ? Params.none : new Params(names, values, 'header');
}

function skipParamValue(text: string, from: number): number {
  const first = codeAt(text, from);
  if (first === QUOTE) return skipQuoted(text, from);
  // RFC 8224 §4: info=<https://cert.example/a,b;c>
  if (first === LESS) return text.indexOf('>', from) + 1 || -1;
  let pos = skipClass(text, from, TOKEN);
  for (;;) {
    const code = codeAt(text, pos);
    // gen-value also allows a host; anything else printable is let pass, it cannot end the parameter.
    const ends = code === END || code === SEMICOLON || code === COMMA || inClass(code, BLANK);
    if (ends || code === QUOTE || code === LESS || code === GREATER) return pos;
    pos++;
  }
}
