// Nonce counts already seen (RFC 7616 §3.4, "nc"): each may be used once, in bounded memory.

/** Counts this far below the highest are still told apart; UDP can swap two requests, not sixty. */
const WINDOW = 32;

export type ReplayVerdict = 'fresh' | 'replayed' | 'forgotten';

interface Seen {
  highest: number;
  /** Bit n: highest - n was used. */
  bits: number;
  readonly issuedAtMs: number;
}

export class ReplayWindow {
  readonly #capacity: number;
  readonly #seen = new Map<string, Seen>();
  #forgottenUpToMs = Number.NEGATIVE_INFINITY;

  /** `capacity`: nonces remembered at once; about 200 bytes each. */
  constructor(capacity = 20_000) {
    this.#capacity = Math.max(1, capacity);
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * Records a count. Call it only for requests whose digest was right, else a stranger could spend the counts.
   * `forgotten`: the nonce is as old as one dropped for space, so a replay could not be told; treat it as stale.
   */
  use(nonce: string, count: number, issuedAtMs: number): ReplayVerdict {
    const seen = this.#seen.get(nonce);
    if (!seen) {
      if (issuedAtMs <= this.#forgottenUpToMs) return 'forgotten';
      this.#seen.set(nonce, { highest: count, bits: 1, issuedAtMs });
      this.#shrink();
      return 'fresh';
    }
    const ahead = count - seen.highest;
    if (ahead > 0) {
      seen.bits = ahead >= WINDOW ? 1 : ((seen.bits << ahead) | 1) >>> 0;
      seen.highest = count;
      return 'fresh';
    }
    const bit = -ahead >= WINDOW ? 0 : (1 << -ahead) >>> 0;
    if (bit === 0 || (seen.bits & bit) !== 0) return 'replayed';
    seen.bits = (seen.bits | bit) >>> 0;
    return 'fresh';
  }

  /** Drops nonces issued before `beforeMs`; they have expired and are refused for that. */
  expire(beforeMs: number): void {
    for (const [nonce, seen] of this.#seen) {
      if (seen.issuedAtMs < beforeMs) this.#forget(nonce, seen);
    }
  }

  #shrink(): void {
    while (this.#seen.size > this.#capacity) {
      const oldest = this.#seen.entries().next();
      if (oldest.done) return;
      this.#forget(oldest.value[0], oldest.value[1]);
    }
  }

  #forget(nonce: string, seen: Seen): void {
    this.#seen.delete(nonce);
    this.#forgottenUpToMs = Math.max(this.#forgottenUpToMs, seen.issuedAtMs);
  }
}
