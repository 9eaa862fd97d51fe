import { codeAt } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { singleHeader } from './header-type.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Sat, 13 Nov 2010 23:29:00 GMT": fixed width, and GMT is the only zone (RFC 3261 §20.17, RFC 4475 §3.1.2.12). */
function readDate(cursor: Cursor): Date | undefined {
  const text = cursor.text.slice(cursor.pos);
  if (text.length !== 29) return cursor.fail('the date is not written as in "Sat, 13 Nov 2010 23:29:00 GMT"');
  if (!text.endsWith(' GMT')) return cursor.fail('the time zone is not GMT');
  const month = MONTHS.indexOf(text.slice(8, 11));
  const [day, year, hour, minute, second] = [
    digits(text, 5, 7),
    digits(text, 12, 16),
    digits(text, 17, 19),
    digits(text, 20, 22),
    digits(text, 23, 25),
  ];
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  const valid = month >= 0 && DAYS.includes(text.slice(0, 3)) && !Number.isNaN(date.getTime());
  // Writing it back also checks the punctuation and refuses 30 Feb and 25:00; a wrong weekday is let pass.
  if (!valid || formatDate(date).slice(3) !== text.slice(3)) return cursor.fail('the date is not valid');
  cursor.pos = cursor.text.length;
  return date;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + (codeAt(text, i) - 48);
  return value;
}

function formatDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const day = `${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ''} ${year}`;
  return `${DAYS[date.getUTCDay()] ?? ''}, ${day} ${time} GMT`;
}

export const dateHeader = singleHeader<Date>('Date', readDate, formatDate);
