import { Cursor } from '../cursor.ts';
import type { ReadonlySipHeaders } from '../headers.ts';
import type { Parsed } from '../result.ts';
import { listHeader } from './header-type.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';
import { MAX_DELTA_SECONDS } from './numbers.ts';

const DOT = 46;

/** Contact addresses (RFC 3261 §20.10); to allow for the star of a REGISTER as well use `readContacts`. */
export const contactHeader = listHeader<NameAddr>('Contact', readNameAddr);

/** `Contact: *` (RFC 3261 §10.2.2), or the list. */
export type ContactSet = '*' | readonly NameAddr[];

/** Every Contact of a message; a star beside other values is malformed. */
export function readContacts(headers: ReadonlySipHeaders): Parsed<ContactSet> {
  if (headers.count('Contact') === 1 && headers.first('Contact') === '*') return { ok: true, value: '*' };
  return headers.readAll(contactHeader);
}

/**
 * The `expires` parameter in seconds; undefined when absent or malformed, which both mean the default
 * (RFC 3261 §10.3, RFC 4475 §3.1.2.4).
 */
export function contactExpires(contact: NameAddr): number | undefined {
  const seconds = contact.params.number('expires');
  return seconds === undefined || seconds > MAX_DELTA_SECONDS ? undefined : seconds;
}

/** The `q` preference, 0 to 1 with three decimals; undefined when absent or malformed. */
export function contactQ(contact: NameAddr): number | undefined {
  const text = contact.params.get('q');
  if (text === undefined || text.length === 0 || text.length > 5) return undefined;
  const cursor = new Cursor(text);
  const whole = cursor.readNumber('q', 1);
  if (whole === undefined || cursor.pos !== 1) return undefined;
  if (cursor.pos === text.length) return whole;
  if (cursor.peek() !== DOT) return undefined;
  cursor.pos++;
  if (cursor.pos < text.length && cursor.readNumber('q', 999) === undefined) return undefined;
  const value = Number(text);
  return cursor.pos === text.length && value <= 1 ? value : undefined;
}
