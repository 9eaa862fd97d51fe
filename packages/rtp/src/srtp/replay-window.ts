// Packet indices already used (RFC 3711 §3.3.2), in a window of 64 below the highest.

const WINDOW = 64;

export class ReplayWindow {
  /** Of the packets accepted; -1 before the first. */
  highest = -1;
  /** Bit n: highest - n was used. */
  #recent = 0;
  /** Bit n: highest - 32 - n was used. */
  #older = 0;

  /** False for an index that was accepted before and for one too old to tell. */
  isFresh(index: number): boolean {
    const behind = this.highest - index;
    if (behind < 0) return true;
    if (behind >= WINDOW) return false;
    return ((behind < 32 ? this.#recent >>> behind : this.#older >>> (behind - 32)) & 1) === 0;
  }

  /** Records a fresh index. Only for packets that authenticated, else a forger could move the window. */
  accept(index: number): void {
    const ahead = index - this.highest;
    if (ahead > 0) {
      this.#shift(this.highest < 0 ? WINDOW : ahead);
      this.highest = index;
      this.#recent |= 1;
    } else if (ahead > -32) this.#recent |= 1 << -ahead;
    else if (ahead > -WINDOW) this.#older |= 1 << (-ahead - 32);
  }

  #shift(by: number): void {
    if (by >= 32) {
      this.#older = by >= WINDOW ? 0 : this.#recent << (by - 32);
      this.#recent = 0;
    } else {
      this.#older = (this.#older << by) | (this.#recent >>> (32 - by));
      this.#recent <<= by;
    }
  }
}
