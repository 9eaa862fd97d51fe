import type { Cursor } from '../cursor.ts';
import { MAX_SEQUENCE } from './cseq.ts';
import { singleHeader } from './header-type.ts';

/** Which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2). */
export interface RAck {
  readonly responseNumber: number;
  readonly sequence: number;
  readonly method: string;
}

function readRAck(cursor: Cursor): RAck | undefined {
  const responseNumber = cursor.readNumber('the response number', MAX_SEQUENCE);
  if (responseNumber === undefined) return undefined;
  cursor.skipBlank();
  const sequence = cursor.readNumber('the sequence number', MAX_SEQUENCE);
  if (sequence === undefined) return undefined;
  cursor.skipBlank();
  const method = cursor.readToken('the method');
  return method === undefined ? undefined : { responseNumber, sequence, method };
}

export const rackHeader = singleHeader<RAck>(
  'RAck',
  readRAck,
  (value) => `${value.responseNumber} ${value.sequence} ${value.method}`,
);

/** 1 to 2**32-1 (RFC 3262 §7.1). */
export const rseqHeader = singleHeader<number>('RSeq', (cursor) => {
  const value = cursor.readNumber('the response number', MAX_SEQUENCE);
  return value === 0 ? cursor.fail('the response number is out of range') : value;
});
