import { randomFillSync } from 'node:crypto';

/** Random bytes bought in bulk: one call into the system's generator serves 409 ids. */
const pool = Buffer.allocUnsafe(4_096);
let unused = pool.length;
const RANDOM_BYTES = 10;

/** The last id's milliseconds and counter: ids of one process never go back, even within a millisecond. */
let lastMs = 0;
let counter = 0;

/**
 * A new resource id: UUIDv7 (RFC 9562 §5.7) with a 12-bit counter in rand_a (§6.2, method 1).
 * Time-ordered, so that index pages fill one after another and the id itself is the list's cursor.
 */
export function newId(): string {
  if (unused + RANDOM_BYTES > pool.length) {
    randomFillSync(pool);
    unused = 0;
  }
  const random = pool.toString('hex', unused, (unused += RANDOM_BYTES));
  tick(Number.parseInt(random.slice(0, 3), 16) >> 1);
  const time = lastMs.toString(16).padStart(12, '0');
  const sequence = counter.toString(16).padStart(3, '0');
  // The variant's two bits (10) replace the top of the first random digit.
  const variant = '89ab'.charAt(Number.parseInt(random.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** A new millisecond starts the counter at a random place in its lower half; an exhausted one borrows the next. */
function tick(start: number): void {
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = start;
  } else if (counter < 0xfff) counter += 1;
  else {
    lastMs += 1;
    counter = 0;
  }
}

/** The smallest id that any process can have made at that moment: turns a time into a bound on ids. */
export function lowestIdAt(at: Date): string {
  // Before 1970 there are no ids: any bound as low as the lowest will do.
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a path parameter can name a row at all; anything else answers like a missing row. */
export const isUuid = (value: string): boolean => UUID.test(value);

/** Owner of what belongs to no environment: admin tokens and their audit entries. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000';
