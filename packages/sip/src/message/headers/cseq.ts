import type { Cursor } from '../cursor.ts';
import { singleHeader } from './header-type.ts';

/** RFC 3261 §20.16. */
export interface CSeq {
  /** 0 to 2**32-1. */
  readonly sequence: number;
  readonly method: string;
}

/** RFC 3261 §8.1.1.5 asks senders for less than 2**31; RFC 4475 §3.1.2.4 draws the receiver's line here. */
export const MAX_SEQUENCE = 4_294_967_295;

export function readCSeq(cursor: Cursor): CSeq | undefined {
  const sequence = cursor.readNumber('the sequence number', MAX_SEQUENCE);
  if (sequence === undefined) return undefined;
  const blankAt = cursor.pos;
  cursor.skipBlank();
  if (cursor.pos === blankAt) return cursor.fail('a blank must follow the sequence number');
  const method = cursor.readToken('the method');
  return method === undefined ? undefined : { sequence, method };
}

export const cseqHeader = singleHeader<CSeq>(
  'CSeq',
  readCSeq,
  (value) => `${value.sequence} ${value.method}`,
);
