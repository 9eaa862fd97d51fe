// RTP packet index from a 16-bit sequence number: RFC 3711 §3.3.1, Appendix A.

const CYCLE = 0x1_0000;
const HALF_CYCLE = 0x8000;

/** One past the last index: ROC has 32 bits and a key may not outlive it (RFC 3711 §9.2). */
export const RTP_INDEX_LIMIT = 2 ** 48;

/**
 * ROC·2^16 + SEQ nearest to `highest`, the highest index that authenticated; -1 means none did, and ROC is zero.
 * May answer `RTP_INDEX_LIMIT` or more, when the rollover counter itself is used up.
 */
export function estimateIndex(highest: number, sequence: number): number {
  if (highest < 0) return sequence;
  const last = highest % CYCLE;
  const cycleStart = highest - last;
  if (last < HALF_CYCLE) {
    // There is no cycle before the first: a late packet from it cannot exist.
    const late = sequence - last > HALF_CYCLE && cycleStart > 0;
    return (late ? cycleStart - CYCLE : cycleStart) + sequence;
  }
  return (last - HALF_CYCLE > sequence ? cycleStart + CYCLE : cycleStart) + sequence;
}
