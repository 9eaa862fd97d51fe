import type { Cursor } from '../cursor.ts';
import { singleHeader } from './header-type.ts';

/**
 * `word [ "@" word ]` (RFC 3261 §20.8): compared octet by octet, and none of its quotes or brackets group
 * anything (RFC 4475 §3.1.1.2), so only blanks and control characters end it.
 */
export function readCallId(cursor: Cursor): string | undefined {
  const start = cursor.pos;
  let code = cursor.peek();
  while (code > 32 && code !== 127) {
    cursor.pos++;
    code = cursor.peek();
  }
  return cursor.pos === start ? cursor.fail('the value is empty') : cursor.text.slice(start, cursor.pos);
}

export const callIdHeader = singleHeader<string>('Call-ID', readCallId);
