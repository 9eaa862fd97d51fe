import { codeAt } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { singleHeader, type SingleHeader } from './header-type.ts';

/** Delta-seconds run to 2**32-1 (RFC 3261 §20.19); a value past it is malformed and its reader's default holds. */
export const MAX_DELTA_SECONDS = 4_294_967_295;

function numberHeader(name: string, what: string, max: number): SingleHeader<number> {
  return singleHeader<number>(name, (cursor: Cursor) => cursor.readNumber(what, max));
}

export const contentLengthHeader = numberHeader('Content-Length', 'the length', Number.MAX_SAFE_INTEGER);
/** 0 to 255 (RFC 3261 §20.22). */
export const maxForwardsHeader = numberHeader('Max-Forwards', 'the hop count', 255);
/** Seconds. */
export const expiresHeader = numberHeader('Expires', 'the number of seconds', MAX_DELTA_SECONDS);
/** Seconds. */
export const minExpiresHeader = numberHeader('Min-Expires', 'the number of seconds', MAX_DELTA_SECONDS);

/** Up to six digits, without a result object; -1 for everything else. For the headers every message has. */
export function parseShortNumber(text: string): number {
  if (text.length === 0 || text.length > 6) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = codeAt(text, i);
    if (code < 48 || code > 57) return -1;
    value = value * 10 + (code - 48);
  }
  return value;
}
