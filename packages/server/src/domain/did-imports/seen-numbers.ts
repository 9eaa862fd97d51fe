import { NUMBERS_MAX } from './limits.ts';

const LOAD_MAX = 0.75;
const GROWTH = 2;
const SLOTS_MIN = 4_096;

/** The file expands to more numbers than one import may have. */
export class TooManyNumbers extends Error {}

/**
 * The numbers of a file so far, each with its row: an open-addressing table of 12 bytes a slot, outside
 * the heap. A Set of a million strings would take ten times the memory.
 */
export class SeenNumbers {
  #numbers: Float64Array;
  #rows: Uint32Array;
  #size = 0;

  /** @param expected the file's rows: the table need not grow unless there are ranges */
  constructor(expected: number) {
    const slots = Math.max(SLOTS_MIN, Math.ceil(expected / LOAD_MAX) + 1);
    this.#numbers = new Float64Array(slots);
    this.#rows = new Uint32Array(slots);
  }

  /** Remembers the number. @returns the row that had it before, or 0 */
  add(number: number, row: number): number {
    if (this.#size >= this.#numbers.length * LOAD_MAX) this.#grow();
    const slot = this.#slotOf(number);
    if (this.#numbers[slot] !== 0) return this.#rows[slot] ?? 0;
    if (this.#size >= NUMBERS_MAX) throw new TooManyNumbers();
    this.#numbers[slot] = number;
    this.#rows[slot] = row;
    this.#size += 1;
    return 0;
  }

  /** The slot that has the number, or the free one where it belongs. */
  #slotOf(number: number): number {
    const slots = this.#numbers.length;
    let slot = hashOf(number) % slots;
    while (this.#numbers[slot] !== 0 && this.#numbers[slot] !== number) {
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
    return slot;
  }

  #grow(): void {
    const numbers = this.#numbers;
    const rows = this.#rows;
    this.#numbers = new Float64Array(numbers.length * GROWTH);
    this.#rows = new Uint32Array(numbers.length * GROWTH);
    for (let i = 0; i < numbers.length; i += 1) {
      const number = numbers[i] ?? 0;
      if (number === 0) continue;
      const slot = this.#slotOf(number);
      this.#numbers[slot] = number;
      this.#rows[slot] = rows[i] ?? 0;
    }
  }
}

/** 32 bits of both halves of the number, mixed (the finalizer of MurmurHash3): neighbours must spread. */
function hashOf(number: number): number {
  const low = number % 0x1_0000_0000;
  const high = (number - low) / 0x1_0000_0000;
  let hash = low ^ Math.imul(high, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
