import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../testing/faulty-datagrams.ts';
import type { SrvRecord } from './dns-client.ts';
import { orderSrv } from './srv-order.ts';

const record = fc.record({
  priority: fc.integer({ min: 0, max: 3 }),
  weight: fc.integer({ min: 0, max: 65_535 }),
  port: fc.integer({ min: 1, max: 65_535 }),
  target: fc.constantFrom('a.example', 'b.example', 'c.example'),
});

const srv = (target: string, priority: number, weight: number): SrvRecord => ({
  target,
  priority,
  weight,
  port: 5060,
});

test('every record comes exactly once, lower priorities first, whatever chance says', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), fc.integer(), (records, seed) => {
      const ordered = orderSrv(records, seededRandom(seed));
      assert.equal(ordered.length, records.length);
      assert.deepEqual(new Set(ordered), new Set(records));
      const priorities = ordered.map(({ priority }) => priority);
      assert.deepEqual(
        priorities,
        priorities.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('first places are given in proportion to weight', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(weights, fc.integer(), (list, seed) => {
      const records = list.map((weight, i) => srv(`${i}.example`, 1, weight));
      const unit = seededRandom(seed);
      const rounds = 4_000;
      const firsts = new Map<string, number>();
      for (let i = 0; i < rounds; i++) {
        const target = orderSrv(records, unit)[0]?.target ?? '';
        firsts.set(target, (firsts.get(target) ?? 0) + 1);
      }
      const total = list.reduce((a, b) => a + b, 0);
      for (const { target, weight } of records) {
        // RFC 2782 draws from 0 to the sum, both included: with small sums that favours the first by up to 1/(sum + 1).
        const expected = weight / total;
        const seen = (firsts.get(target) ?? 0) / rounds;
        const tolerance = 5 * Math.sqrt((expected * (1 - expected)) / rounds) + 1 / (total + 1) + 0.005;
        assert.ok(Math.abs(seen - expected) <= tolerance, `${target}: ${seen} for ${expected}`);
      }
    }),
    { numRuns: 30 },
  );
});

test('weight 0 beside others is rare but not impossible', () => {
  const unit = seededRandom(3);
  const records = [srv('big.example', 1, 50), srv('zero.example', 1, 0)];
  let zeroFirst = 0;
  for (let i = 0; i < 5_000; i++) if (orderSrv(records, unit)[0]?.target === 'zero.example') zeroFirst++;
  assert.ok(zeroFirst > 30 && zeroFirst < 200, `${zeroFirst}`);
});
