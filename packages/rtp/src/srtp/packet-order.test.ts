import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { estimateIndex, RTP_INDEX_LIMIT } from './packet-index.ts';
import { ReplayWindow } from './replay-window.ts';

test('the index is right for every packet within 2^15 of the highest (RFC 3711 §3.3.1)', () => {
  const highest = fc.oneof(fc.nat(200_000), fc.nat({ max: RTP_INDEX_LIMIT - 40_000 }));
  fc.assert(
    fc.property(highest, fc.integer({ min: -32_767, max: 32_767 }), (highest, distance) => {
      const index = Math.max(0, highest + distance);
      assert.equal(estimateIndex(highest, index % 65_536), index);
    }),
    { numRuns: 2000 },
  );
});

test('the index starts in cycle zero, never goes below it and tells when the rollover counter is used up', () => {
  assert.equal(estimateIndex(-1, 65_000), 65_000);
  assert.equal(estimateIndex(3, 65_000), 65_000);
  assert.equal(estimateIndex(65_536 + 3, 65_000), 65_000);
  assert.equal(estimateIndex(65_535, 0), 65_536);
  assert.equal(estimateIndex(RTP_INDEX_LIMIT - 1, 0), RTP_INDEX_LIMIT);
});

test('an index is accepted once, and those 64 or more below the highest never (RFC 3711 §3.3.2)', () => {
  const steps = fc.array(fc.integer({ min: -80, max: 80 }), { maxLength: 300 });
  fc.assert(
    fc.property(fc.nat({ max: RTP_INDEX_LIMIT - 100_000 }), steps, (start, steps) => {
      const window = new ReplayWindow();
      const used = new Set<number>();
      let highest = -1;
      for (const step of [0, ...steps]) {
        const index = highest < 0 ? start : highest + step;
        if (index < 0) continue;
        const fresh = !used.has(index) && (highest < 0 || index > highest - 64);
        assert.equal(window.isFresh(index), fresh, `${index} with ${highest}`);
        if (!fresh) continue;
        window.accept(index);
        used.add(index);
        highest = Math.max(highest, index);
        assert.equal(window.highest, highest);
      }
    }),
    { numRuns: 500 },
  );
});
