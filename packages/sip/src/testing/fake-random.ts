import type { Random } from '../runtime/random.ts';

/** Counts instead of guessing: `000…1`, `000…2`; `unit` is what the test says, one half by default. */
export class FakeRandom implements Random {
  #count = 0;
  next = 0.5;

  token(bits: number): string {
    this.#count++;
    return this.#count.toString(16).padStart(bits / 4, '0');
  }

  unit(): number {
    return this.next;
  }
}
