import {
  AT,
  COLON,
  EQUALS,
  inClass,
  PERCENT,
  QUESTION,
  SEMICOLON,
  URI_PARAM,
  USER,
  codeAt,
  END,
} from '../chars.ts';
import type { ParseLimits } from '../limits.ts';
import { Params } from '../params.ts';
import type { Parsed } from '../result.ts';
import { escapesAreWhole, escapeUriHeader, escapeUser, unescapeUri } from './escape.ts';
import { hostForUri, parsePort, skipHost } from './host.ts';

/** Plain values for a new URI; they are escaped where needed. */
export interface SipUriInit {
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Host name or address; a bare IPv6 address gets its brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params?: Params | undefined;
  readonly headers?: readonly (readonly [string, string])[] | undefined;
}

interface SipUriParts {
  readonly scheme: 'sip' | 'sips';
  readonly rawUser: string | undefined;
  readonly rawPassword: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  readonly rawHeaders: string | undefined;
  readonly text: string | undefined;
}

/** A SIP or SIPS URI (RFC 3261 §19.1). Immutable; one that came from the wire is written back as it came. */
export class SipUri {
  readonly kind = 'sip';
  readonly scheme: 'sip' | 'sips';
  /** The user part as written, escapes included; undefined when there is none. */
  readonly rawUser: string | undefined;
  readonly rawPassword: string | undefined;
  /** As written: case kept, IPv6 with brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  /** What follows "?", as written. */
  readonly rawHeaders: string | undefined;
  private readonly text: string | undefined;

  constructor(parts: SipUriParts) {
    this.scheme = parts.scheme;
    this.rawUser = parts.rawUser;
    this.rawPassword = parts.rawPassword;
    this.host = parts.host;
    this.port = parts.port;
    this.params = parts.params;
    this.rawHeaders = parts.rawHeaders;
    this.text = parts.text;
  }

  /** The user part with its escapes resolved once. */
  get user(): string | undefined {
    return this.rawUser === undefined ? undefined : unescapeUri(this.rawUser);
  }

  get password(): string | undefined {
    return this.rawPassword === undefined ? undefined : unescapeUri(this.rawPassword);
  }

  /** Decoded header pairs of the "?" part, in order. */
  get headers(): readonly (readonly [string, string])[] {
    if (this.rawHeaders === undefined || this.rawHeaders === '') return [];
    return this.rawHeaders.split('&').map((pair) => {
      const at = pair.indexOf('=');
      if (at === -1) return [unescapeUri(pair), ''];
      return [unescapeUri(pair.slice(0, at)), unescapeUri(pair.slice(at + 1))];
    });
  }

  /** The `transport` parameter in lower case. */
  get transport(): string | undefined {
    return this.params.get('transport')?.toLowerCase();
  }

  /** Loose routing (RFC 3261 §16.12). */
  get lr(): boolean {
    return this.params.has('lr');
  }

  /** A copy with the named parts replaced; parts given as undefined are removed. */
  with(changes: Partial<SipUriInit>): SipUri {
    const has = (part: keyof SipUriInit): boolean => part in changes;
    return new SipUri({
      scheme: changes.scheme ?? this.scheme,
      rawUser: has('user') ? escapeMaybe(changes.user) : this.rawUser,
      rawPassword: has('password') ? escapeMaybe(changes.password) : this.rawPassword,
      host: changes.host === undefined ? this.host : hostForUri(changes.host),
      port: has('port') ? changes.port : this.port,
      params: has('params') ? (changes.params ?? Params.noneInUri) : this.params,
      rawHeaders: has('headers') ? formatUriHeaders(changes.headers) : this.rawHeaders,
      text: undefined,
    });
  }

  toString(): string {
    if (this.text !== undefined) return this.text;
    let out = `${this.scheme}:`;
    if (this.rawUser !== undefined) {
      out += this.rawUser;
      if (this.rawPassword !== undefined) out += `:${this.rawPassword}`;
      out += '@';
    }
    out += this.host;
    if (this.port !== undefined) out += `:${this.port}`;
    out += this.params.toString();
    return this.rawHeaders === undefined ? out : `${out}?${this.rawHeaders}`;
  }
}

/** Builds a URI from plain values. */
export function sipUri(init: SipUriInit): SipUri {
  return new SipUri({
    scheme: init.scheme ?? 'sip',
    rawUser: escapeMaybe(init.user),
    rawPassword: escapeMaybe(init.password),
    host: hostForUri(init.host),
    port: init.port,
    params: init.params ?? Params.noneInUri,
    rawHeaders: formatUriHeaders(init.headers),
    text: undefined,
  });
}

function escapeMaybe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : escapeUser(text).replaceAll(':', '%3A');
}

function formatUriHeaders(headers: SipUriInit['headers']): string | undefined {
  if (headers === undefined || headers.length === 0) return undefined;
  return headers.map(([name, value]) => `${escapeUriHeader(name)}=${escapeUriHeader(value)}`).join('&');
}

const problem = (text: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem: text,
});

/** Parses what follows "sip:" or "sips:"; `text` is the whole URI. */
export function parseSipUri(text: string, scheme: 'sip' | 'sips', limits: ParseLimits): Parsed<SipUri> {
  let pos = scheme.length + 1;
  let rawUser: string | undefined;
  let rawPassword: string | undefined;
  const at = findUserEnd(text, pos);
  if (at === -1) return problem('the user part of the URI is empty or has a character that must be escaped');
  if (at !== pos) {
    const colon = text.indexOf(':', pos);
    const userEnd = colon < at && colon !== -1 ? colon : at;
    rawUser = text.slice(pos, userEnd);
    if (userEnd !== at) rawPassword = text.slice(userEnd + 1, at);
    pos = at + 1;
  }
  const hostEnd = skipHost(text, pos);
  if (hostEnd === -1) return problem('the host of the URI is missing or not valid');
  const host = text.slice(pos, hostEnd);
  pos = hostEnd;
  let port: number | undefined;
  if (codeAt(text, pos) === COLON) {
    const end = skipPortDigits(text, pos + 1);
    port = parsePort(text, pos + 1, end);
    if (port === -1) return problem('the port of the URI is not valid');
    pos = end;
  }
  const params = readUriParams(text, pos, limits.maxParams);
  if (typeof params === 'string') return problem(params);
  pos = params.end;
  let rawHeaders: string | undefined;
  if (codeAt(text, pos) === QUESTION) {
    rawHeaders = text.slice(pos + 1);
    if (!isUriHeaders(rawHeaders)) return problem('the headers of the URI are not valid');
    pos = text.length;
  }
  if (pos !== text.length) return problem('the URI has a character that is not allowed');
  const parts = { scheme, rawUser, rawPassword, host, port, params: params.params, rawHeaders, text };
  return { ok: true, value: new SipUri(parts) };
}

/**
 * Index of the "@" behind a user part that starts at `from`; `from` itself when there is no user part; -1 when
 * there is one but it is malformed. Neither host, parameters nor headers may carry "@" unescaped, while the user
 * part may carry ";", "?" and "/", so the first "@" decides.
 */
function findUserEnd(text: string, from: number): number {
  let pos = from;
  let escapes = false;
  let colons = 0;
  for (;;) {
    const code = codeAt(text, pos);
    if (code === AT) break;
    if (code === PERCENT) escapes = true;
    else if (code === COLON) colons++;
    else if (!inClass(code, USER)) return text.includes('@') ? -1 : from;
    pos++;
  }
  if (pos === from || codeAt(text, from) === COLON || colons > 1) return -1;
  return escapes && !escapesAreWhole(text.slice(from, pos)) ? -1 : pos;
}

function skipPortDigits(text: string, from: number): number {
  let pos = from;
  for (;;) {
    const code = codeAt(text, pos);
    if (code === END || code === SEMICOLON || code === QUESTION || code === AT) return pos;
    pos++;
  }
}

/** `uri-parameters` from `from` on, shared with tel URIs; a string is the problem found. */
export function readUriParams(
  text: string,
  from: number,
  maxParams: number,
): { readonly params: Params; readonly end: number } | string {
  if (from === text.length) return { params: Params.noneInUri, end: from };
  const names: string[] = [];
  const values: (string | undefined)[] = [];
  let pos = from;
  while (codeAt(text, pos) === SEMICOLON) {
    if (names.length >= maxParams) return 'the URI has too many parameters';
    const nameEnd = skipUriParamText(text, pos + 1);
    if (nameEnd === pos + 1) return 'the URI has a parameter without a name';
    const name = text.slice(pos + 1, nameEnd);
    let value: string | undefined;
    pos = nameEnd;
    if (codeAt(text, pos) === EQUALS) {
      const end = skipUriParamText(text, pos + 1);
      value = text.slice(pos + 1, end);
      pos = end;
    }
    if (!escapesAreWhole(name) || (value !== undefined && !escapesAreWhole(value))) {
      return 'the URI has an incomplete escape';
    }
    names.push(unescapeUri(name));
    values.push(value);
  }
  return { params: names.length === 0 ? Params.noneInUri : new Params(names, values, 'uri'), end: pos };
}

function skipUriParamText(text: string, from: number): number {
  let pos = from;
  for (;;) {
    const code = codeAt(text, pos);
    if (code !== PERCENT && !inClass(code, URI_PARAM)) return pos;
    pos++;
  }
}

/** `hname "=" hvalue` pairs; hnv-unreserved is "[" "]" "/" "?" ":" "+" "$" (RFC 3261 §25.1). */
function isUriHeaders(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = codeAt(text, i);
    const separator = code === EQUALS || code === 38 || code === QUESTION;
    if (code !== PERCENT && !separator && !inClass(code, URI_PARAM)) return false;
  }
  return text.length > 0 && escapesAreWhole(text);
}
