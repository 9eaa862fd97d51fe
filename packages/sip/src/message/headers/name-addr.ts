import {
  BLANK,
  COLON,
  COMMA,
  GREATER,
  inClass,
  LESS,
  QUESTION,
  quote,
  QUOTE,
  SEMICOLON,
  TOKEN,
  codeAt,
  END,
} from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { Params, readParams } from '../params.ts';
import { parseUri, type Uri } from '../uri/uri.ts';
import { listHeader, singleHeader } from './header-type.ts';

/** `name-addr / addr-spec` with the header parameters behind it (RFC 3261 §20.10, §25.1). Immutable. */
export class NameAddr {
  /** Without quotes, quoted-pairs resolved; undefined when there is none. */
  readonly displayName: string | undefined;
  readonly uri: Uri;
  readonly params: Params;

  constructor(uri: Uri, displayName?: string, params: Params = Params.none) {
    this.uri = uri;
    this.displayName = displayName;
    this.params = params;
  }

  /** The `tag` of From and To; an empty one counts as none. */
  get tag(): string | undefined {
    const tag = this.params.get('tag');
    return tag === '' ? undefined : tag;
  }

  withTag(tag: string): NameAddr {
    return this.withParams(this.params.with('tag', tag));
  }

  withParams(params: Params): NameAddr {
    return new NameAddr(this.uri, this.displayName, params);
  }

  /** Always with angle brackets, so that no URI parameter can turn into a header parameter. */
  toString(): string {
    const name = this.displayName === undefined ? '' : `${quote(this.displayName)} `;
    return `${name}<${this.uri.toString()}>${this.params.toString()}`;
  }
}

export function readNameAddr(cursor: Cursor): NameAddr | undefined {
  let displayName: string | undefined;
  const first = cursor.peek();
  if (first === QUOTE) {
    displayName = cursor.readQuoted();
    if (displayName === undefined) return undefined;
    cursor.skipBlank();
    if (cursor.peek() !== LESS)
      return cursor.fail('an address in angle brackets must follow the display name');
  } else if (first !== LESS) {
    const end = skipDisplayTokens(cursor);
    const stop = codeAt(cursor.text, end);
    if (stop === COLON) return readAddrSpec(cursor);
    if (stop !== LESS) return cursor.fail('the display name has characters that need quotes');
    displayName = cursor.text.slice(cursor.pos, end).trimEnd();
    cursor.pos = end;
  }
  const close = cursor.text.indexOf('>', cursor.pos);
  if (close === -1) return cursor.fail('an angle bracket is not closed');
  const uri = readUri(cursor, cursor.pos + 1, close, close + 1);
  if (uri === undefined) return undefined;
  const params = readParams(cursor);
  return params === undefined ? undefined : new NameAddr(uri, displayName, params);
}

/** `*( token LWS )`; characters past ASCII are let pass, phones send them without the quotes they need. */
function skipDisplayTokens(cursor: Cursor): number {
  let pos = cursor.pos;
  for (;;) {
    const code = codeAt(cursor.text, pos);
    if (!inClass(code, TOKEN | BLANK) && !(code >= 128)) return pos;
    pos++;
  }
}

/**
 * The form without brackets: what follows ";" belongs to the header, and a URI with "?" or "," must have
 * brackets (RFC 3261 §20.10, RFC 4475 §3.1.2.13).
 */
function readAddrSpec(cursor: Cursor): NameAddr | undefined {
  let end = cursor.pos;
  for (;;) {
    const code = codeAt(cursor.text, end);
    if (code === END || code === SEMICOLON || code === COMMA || inClass(code, BLANK)) break;
    if (code === QUESTION) return cursor.fail('an address with "?" must stand in angle brackets');
    if (code === QUOTE || code === LESS || code === GREATER) break;
    end++;
  }
  const uri = readUri(cursor, cursor.pos, end, end);
  if (uri === undefined) return undefined;
  const params = readParams(cursor);
  return params === undefined ? undefined : new NameAddr(uri, undefined, params);
}

function readUri(cursor: Cursor, from: number, to: number, next: number): Uri | undefined {
  const uri = parseUri(cursor.text.slice(from, to), cursor.limits);
  if (!uri.ok) return cursor.fail(uri.problem);
  cursor.pos = next;
  return uri.value;
}

export const fromHeader = singleHeader<NameAddr>('From', readNameAddr);
export const toHeader = singleHeader<NameAddr>('To', readNameAddr);
/** Proxy and intermediary addresses that carriers put the called or redirecting number in. */
export const calledPartyIdHeader = singleHeader<NameAddr>('P-Called-Party-ID', readNameAddr);
export const diversionHeader = listHeader<NameAddr>('Diversion', readNameAddr);
export const historyInfoHeader = listHeader<NameAddr>('History-Info', readNameAddr);
