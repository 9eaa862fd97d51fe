import { randomBytes, randomInt } from 'node:crypto';

/** The only source of chance for protocol code. */
export interface Random {
  /** Lower-case hexadecimal of that many unguessable bits, a multiple of 8. */
  token(bits: number): string;
  /** A number from 0 up to but not including 1. */
  unit(): number;
}

const POOL_BYTES = 4096;

/** From the operating system; octets are fetched in bulk, since a call for each branch would cost more than the hash. */
export function createCryptoRandom(): Random {
  let pool = Buffer.alloc(0);
  let used = 0;
  const token = (bits: number): string => {
    const length = Math.ceil(bits / 8);
    if (used + length > pool.length) {
      pool = randomBytes(Math.max(POOL_BYTES, length));
      used = 0;
    }
    used += length;
    return pool.toString('hex', used - length, used);
  };
  return { token, unit: () => randomInt(2 ** 47) / 2 ** 47 };
}

/** RFC 3261 §19.3 asks for 32 bits at least; these must also be unguessable to keep strangers out of dialogs. */
export const newTag = (random: Random): string => random.token(64);

/** RFC 3261 §8.1.1.4; no host part, it would only tell where we run. */
export const newCallId = (random: Random): string => random.token(128);

/** §8.1.1.5: below 2**31; small enough that a dialog never runs out of numbers. */
export const firstSequence = (random: Random): number => 1 + Math.floor(random.unit() * 0xff_ff);
