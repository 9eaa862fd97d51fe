import { COMMA, EQUALS, inClass, QUOTE, skipClass, TOKEN, codeAt, END } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { singleHeader } from './header-type.ts';

/** One `name=value` of a challenge or of credentials. */
export interface AuthParam {
  readonly name: string;
  /** Without quotes. */
  readonly value: string;
  /** Whether it was, or is to be, a quoted-string. */
  readonly quoted: boolean;
}

/**
 * Any challenge or credentials (RFC 3261 §25.1 `challenge`, `credentials`): a scheme and its parameters in the
 * order of the wire. Schemes with a bare token, such as Bearer (RFC 8898), have it in `token` and no parameters.
 * Each stands in a header line of its own, commas belong to the parameters (RFC 3261 §7.3.1).
 */
export interface AuthValue {
  readonly scheme: string;
  readonly token: string | undefined;
  readonly params: readonly AuthParam[];
}

/** The value of a parameter, its name compared without case. */
export function authParam(value: AuthValue, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return value.params.find((param) => param.name.toLowerCase() === wanted)?.value;
}

function readAuthValue(cursor: Cursor): AuthValue | undefined {
  const scheme = cursor.readToken('the scheme');
  if (scheme === undefined) return undefined;
  cursor.skipBlank();
  const params: AuthParam[] = [];
  if (cursor.peek() === END) return { scheme, token: undefined, params };
  const token = readBareToken(cursor);
  if (token !== undefined) return { scheme, token, params };
  do {
    if (params.length >= cursor.limits.maxParams) return cursor.fail('there are too many parameters');
    const param = readAuthParam(cursor);
    if (param === undefined) return undefined;
    params.push(param);
  } while (cursor.takeSeparator(COMMA));
  return { scheme, token: undefined, params };
}

/** token68 of RFC 7235 §2.1: it fills the rest of the value, its "=" may only pad the end. */
function readBareToken(cursor: Cursor): string | undefined {
  const { text } = cursor;
  let pos = cursor.pos;
  for (;;) {
    const code = codeAt(text, pos);
    if (!inClass(code, TOKEN) && code !== 47) break;
    pos++;
  }
  if (pos === cursor.pos) return undefined;
  while (codeAt(text, pos) === EQUALS) pos++;
  if (pos !== text.length) return undefined;
  const token = text.slice(cursor.pos);
  cursor.pos = pos;
  return token;
}

function readAuthParam(cursor: Cursor): AuthParam | undefined {
  const name = cursor.readToken('a parameter name');
  if (name === undefined) return undefined;
  if (!cursor.takeSeparator(EQUALS)) return cursor.fail('a parameter has no value');
  if (cursor.peek() === QUOTE) {
    const value = cursor.readQuoted();
    return value === undefined ? undefined : { name, value, quoted: true };
  }
  const start = cursor.pos;
  let pos = skipClass(cursor.text, start, TOKEN);
  // Unquoted URIs and base64 come from sloppy senders; a comma or blank ends them.
  for (let code = codeAt(cursor.text, pos); code > 32 && code !== COMMA && code !== QUOTE;) {
    pos++;
    code = codeAt(cursor.text, pos);
  }
  cursor.pos = pos;
  return { name, value: cursor.text.slice(start, pos), quoted: false };
}

export function formatAuthValue(value: AuthValue): string {
  if (value.token !== undefined) return `${value.scheme} ${value.token}`;
  const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const params = value.params.map((param) =>
    param.quoted ? `${param.name}="${escape(param.value)}"` : `${param.name}=${param.value}`,
  );
  return params.length === 0 ? value.scheme : `${value.scheme} ${params.join(', ')}`;
}

/** Several may stand in one message, one line each: read them with `headers.readEach`. */
export const wwwAuthenticateHeader = singleHeader<AuthValue>(
  'WWW-Authenticate',
  readAuthValue,
  formatAuthValue,
);
export const proxyAuthenticateHeader = singleHeader<AuthValue>(
  'Proxy-Authenticate',
  readAuthValue,
  formatAuthValue,
);
export const authorizationHeader = singleHeader<AuthValue>('Authorization', readAuthValue, formatAuthValue);
export const proxyAuthorizationHeader = singleHeader<AuthValue>(
  'Proxy-Authorization',
  readAuthValue,
  formatAuthValue,
);
