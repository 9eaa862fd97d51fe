/** Numbers 0 ≤ n < 1 that sound like noise and cost little (Marsaglia's xorshift). Not for secrets. */
export function xorshift32(seed: number): () => number {
  let state = seed | 0 || 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
