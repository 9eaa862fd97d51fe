import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterarrivalJitter, LossReport } from './reception-statistics.ts';
import { SequenceTracker } from './sequence-tracker.ts';

test('loss between reports and in all (RFC 3550 A.3)', () => {
  const tracker = new SequenceTracker(1);
  const loss = new LossReport(tracker);
  for (let n = 0; n < 100; n++)
    if (n % 4 !== 3) tracker.update(65_500 + n > 65_535 ? 65_500 + n - 65_536 : 65_500 + n);
  // The last packet (number 99) was lost and is not known about yet
  assert.deepEqual(loss.take(), { fractionLost: 62, cumulativeLost: 24, highestSequence: 65_500 + 98 });
  assert.equal(loss.take().fractionLost, 0);
});

test('duplicates make the loss negative and its fraction zero', () => {
  const tracker = new SequenceTracker(1);
  const loss = new LossReport(tracker);
  for (const n of [1, 1, 1, 2]) tracker.update(n);
  assert.deepEqual(loss.take(), { fractionLost: 0, cumulativeLost: -2, highestSequence: 2 });
});

test('a steady stream has no jitter; alternating 10 ms early and late goes to 20 ms (A.8)', () => {
  const steady = new InterarrivalJitter(8000);
  const swinging = new InterarrivalJitter(8000);
  for (let n = 0; n < 500; n++) {
    const timestamp = (0xffffff00 + 160 * n) >>> 0;
    steady.update(timestamp, 1_000_000 + 20 * n);
    swinging.update(timestamp, 1_000_000 + 20 * n + (n % 2 ? 10 : -10));
  }
  assert.equal(steady.units, 0);
  assert.ok(Math.abs(swinging.ms - 20) < 0.1);
});

test('a new timestamp base is no jitter', () => {
  const jitter = new InterarrivalJitter(8000);
  jitter.update(0, 0);
  jitter.update(2_000_000_000, 20);
  jitter.update(2_000_000_160, 40);
  assert.equal(jitter.units, 0);
});
