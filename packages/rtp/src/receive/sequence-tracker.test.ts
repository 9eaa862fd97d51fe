import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SequenceTracker } from './sequence-tracker.ts';

function feed(tracker: SequenceTracker, ...numbers: number[]): string[] {
  return numbers.map((number) => {
    const verdict = tracker.update(number);
    if (verdict.kind !== 'accepted') return verdict.kind;
    return `${verdict.extended - 0x10000}${verdict.restarted ? ' restarted' : ''}`;
  });
}

test('two packets in a row make a source (RFC 3550 A.1)', () => {
  assert.deepEqual(feed(new SequenceTracker(), 10, 12, 13, 14), ['probation', 'probation', '13', '14']);
});

test('numbers go on over the wrap-around, late packets of the cycle before included', () => {
  const tracker = new SequenceTracker(1);
  assert.deepEqual(feed(tracker, 65_534, 0, 65_535, 1), ['65534', '65536', '65535', '65537']);
  assert.equal(tracker.expectedPackets, 4);
  assert.equal(tracker.receivedPackets, 4);
});

test('a duplicate is told from a late packet, and counts as received (§6.4.1)', () => {
  const tracker = new SequenceTracker(1);
  assert.deepEqual(feed(tracker, 1, 2, 4, 2, 3, 3), ['1', '2', '4', 'duplicate', '3', 'duplicate']);
  assert.equal(tracker.receivedPackets, 6);
  assert.equal(tracker.expectedPackets, 4);
});

test('one stray number is refused, a second one that follows it is a restart', () => {
  const tracker = new SequenceTracker(1);
  assert.deepEqual(feed(tracker, 1, 30_000, 2, 30_001, 30_002), [
    '1',
    'stray',
    '2',
    'stray',
    '30002 restarted',
  ]);
});

test('any order, loss and duplication: no number is accepted twice and none is invented', () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 300 });
  fc.assert(
    fc.property(fc.nat(0xffff), arrivals, (start, offsets) => {
      const tracker = new SequenceTracker(1);
      tracker.update(start);
      const accepted = new Set<number>([0]);
      for (const offset of offsets) {
        const verdict = tracker.update((start + offset) & 0xffff);
        if (verdict.kind === 'duplicate') {
          assert.ok(accepted.has(offset));
          continue;
        }
        assert.ok(verdict.kind === 'accepted' && !verdict.restarted);
        assert.equal(verdict.extended - 0x10000 - start, offset);
        assert.ok(!accepted.has(offset));
        accepted.add(offset);
      }
      assert.equal(tracker.expectedPackets, Math.max(...accepted) + 1);
      assert.equal(tracker.receivedPackets, offsets.length + 1);
    }),
  );
});
