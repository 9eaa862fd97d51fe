import { BACKSLASH, END } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { paramsOf, readParams } from '../params.ts';
import { singleHeader } from './header-type.ts';
import { MAX_DELTA_SECONDS } from './numbers.ts';

/** RFC 3261 §20.33; the comment is skipped. */
export interface RetryAfter {
  readonly seconds: number;
  /** How long the callee will be reachable from then on. */
  readonly durationSeconds: number | undefined;
}

const OPEN = 40;
const CLOSE = 41;

function readRetryAfter(cursor: Cursor): RetryAfter | undefined {
  const seconds = cursor.readNumber('the number of seconds', MAX_DELTA_SECONDS);
  if (seconds === undefined) return undefined;
  cursor.skipBlank();
  if (cursor.peek() === OPEN && !skipComment(cursor)) return undefined;
  const params = readParams(cursor);
  return params === undefined ? undefined : { seconds, durationSeconds: params.number('duration') };
}

/** Comments nest (RFC 3261 §25.1); a depth counter, not recursion, keeps hostile nesting cheap. */
function skipComment(cursor: Cursor): boolean {
  let depth = 0;
  for (;;) {
    const code = cursor.peek();
    if (code === END) {
      cursor.fail('a comment is not closed');
      return false;
    }
    cursor.pos += code === BACKSLASH ? 2 : 1;
    if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return true;
  }
}

export const retryAfterHeader = singleHeader<RetryAfter>(
  'Retry-After',
  readRetryAfter,
  (value) => `${value.seconds}${paramsOf({ duration: value.durationSeconds })}`,
);
