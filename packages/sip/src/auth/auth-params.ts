// The `Digest name=value, …` list of RFC 3261 §25.1 (challenge, credentials), read in one pass.

/** What a peer that has not authenticated yet may make us look at. */
const MAX_HEADER_CHARS = 4096;
const MAX_PARAMS = 32;

export interface AuthParam {
  readonly value: string;
  readonly quoted: boolean;
}

export type AuthParseFailure = 'not-digest' | 'too-large' | 'malformed' | 'duplicate-parameter';

export type AuthParamsResult =
  | { readonly ok: true; readonly params: ReadonlyMap<string, AuthParam> }
  | { readonly ok: false; readonly reason: AuthParseFailure; readonly detail: string };

interface Cursor {
  readonly text: string;
  at: number;
}

const isSpace = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\r' || char === '\n';

function skip(cursor: Cursor, also: string): void {
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at];
    if (!isSpace(char) && char !== also) return;
    cursor.at += 1;
  }
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 0x09) || code === 0x7f;
}

/** Quoted-string: a backslash makes the next character literal; undefined when it never closes. */
function readQuoted(cursor: Cursor): string | undefined {
  let value = '';
  let from = cursor.at + 1;
  for (let at = from; at < cursor.text.length; at += 1) {
    const char = cursor.text[at];
    if (char === '"') {
      cursor.at = at + 1;
      return value + cursor.text.slice(from, at);
    }
    if (isControl(cursor.text.charCodeAt(at))) return undefined;
    if (char === '\\') {
      value += cursor.text.slice(from, at);
      from = at + 1;
      at += 1;
      if (isControl(cursor.text.charCodeAt(at))) return undefined;
    }
  }
  return undefined;
}

/** Anything up to the comma or a space: carriers leave realm, nonce and opaque bare, `=` padding included. */
function readBare(cursor: Cursor): string | undefined {
  const from = cursor.at;
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at];
    if (char === ',' || isSpace(char)) break;
    if (char === '"' || isControl(cursor.text.charCodeAt(cursor.at))) return undefined;
    cursor.at += 1;
  }
  return cursor.text.slice(from, cursor.at);
}

function readName(cursor: Cursor): string {
  const from = cursor.at;
  while (cursor.at < cursor.text.length && /[\w!%*'.+`~-]/.test(cursor.text.charAt(cursor.at)))
    cursor.at += 1;
  return cursor.text.slice(from, cursor.at).toLowerCase();
}

type Refusal = { readonly ok: false; readonly reason: AuthParseFailure; readonly detail: string };

const refuse = (reason: AuthParseFailure, detail: string): Refusal => ({ ok: false, reason, detail });

/** Stores one `name = value` into `params` and returns the name it ended up under. */
function readParam(cursor: Cursor, params: Map<string, AuthParam>, previous: string): string | Refusal {
  const start = cursor.at;
  const name = readName(cursor);
  if (name === '') return refuse('malformed', `parameter name expected at ${start}`);
  skip(cursor, '');
  if (cursor.text[cursor.at] !== '=') {
    // `qop=auth,auth-int` without quotes, seen from carriers: a lone token after a bare qop belongs to it.
    const qop = previous === 'qop' ? params.get('qop') : undefined;
    if (!qop || qop.quoted) return refuse('malformed', `"=" expected at ${cursor.at}`);
    params.set('qop', { value: `${qop.value},${name}`, quoted: false });
    return 'qop';
  }
  cursor.at += 1;
  skip(cursor, '');
  const quoted = cursor.text[cursor.at] === '"';
  const value = quoted ? readQuoted(cursor) : readBare(cursor);
  if (value === undefined) return refuse('malformed', `value of ${name} is malformed`);
  if (params.has(name)) return refuse('duplicate-parameter', `${name} is given twice`);
  params.set(name, { value, quoted });
  return name;
}

/** Reads a whole header value. Linear in its length, refuses a parameter given twice. */
export function parseAuthParams(headerValue: string): AuthParamsResult {
  if (headerValue.length > MAX_HEADER_CHARS)
    return refuse('too-large', `over ${MAX_HEADER_CHARS} characters`);
  const cursor: Cursor = { text: headerValue, at: 0 };
  skip(cursor, '');
  const scheme = readName(cursor);
  if (scheme !== 'digest') return refuse('not-digest', 'the scheme is not Digest');
  if (!isSpace(cursor.text[cursor.at])) return refuse('malformed', 'space expected after the scheme');
  const params = new Map<string, AuthParam>();
  let previous = '';
  for (let count = 0; ; count += 1) {
    // Empty list elements are legal (RFC 9110 §5.6.1) and common at the end.
    skip(cursor, ',');
    if (cursor.at >= cursor.text.length) return { ok: true, params };
    if (count === MAX_PARAMS) return refuse('too-large', `over ${MAX_PARAMS} parameters`);
    const read = readParam(cursor, params, previous);
    if (typeof read !== 'string') return read;
    previous = read;
    skip(cursor, '');
    if (cursor.at < cursor.text.length && cursor.text[cursor.at] !== ',') {
      return refuse('malformed', `"," expected at ${cursor.at}`);
    }
  }
}

/** Quoted-string of RFC 3261 §25.1. Line breaks and other controls cannot be quoted there and become spaces. */
export function quote(value: string): string {
  let out = '"';
  for (const char of value) {
    if (char === '"' || char === '\\') out += `\\${char}`;
    else out += isControl(char.charCodeAt(0)) ? ' ' : char;
  }
  return `${out}"`;
}

/** For parameters whose grammar is a token: what is not a token character is left out. */
export function token(value: string): string {
  return value.replace(/[^\w!%*'.+`~-]/g, '');
}
