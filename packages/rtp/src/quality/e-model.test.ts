import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OutboundQuality } from './call-quality.ts';
import { estimateQuality, G711_BARE_IMPAIRMENT } from './e-model.ts';

test('a perfect line is R 93.2 and MOS 4.41 (G.107 Annex B)', () => {
  const { r, mos } = estimateQuality({ delayMs: 0, loss: 0 });
  assert.equal(r, 93.2);
  assert.ok(Math.abs(mos - 4.41) < 0.005);
});

test('delay costs little up to 177 ms and much after it', () => {
  assert.ok(Math.abs(estimateQuality({ delayMs: 150, loss: 0 }).r - 89.6) < 0.01);
  assert.ok(Math.abs(estimateQuality({ delayMs: 400, loss: 0 }).r - (93.2 - 9.6 - 24.497)) < 0.01);
});

test('5 % loss: with concealment R falls by 95·5/30.1, without by 95·5/9.3', () => {
  assert.ok(Math.abs(estimateQuality({ delayMs: 0, loss: 0.05 }).r - (93.2 - 475 / 30.1)) < 0.01);
  const bare = estimateQuality({ delayMs: 0, loss: 0.05, codec: G711_BARE_IMPAIRMENT });
  assert.ok(Math.abs(bare.r - (93.2 - 475 / 9.3)) < 0.01);
});

test('it never leaves its range, and more loss, delay or burst is never better', () => {
  const input = fc.record({
    delayMs: fc.double({ min: 0, max: 3_000, noNaN: true }),
    loss: fc.double({ min: 0, max: 1, noNaN: true }),
    burstRatio: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(input, input, (a, b) => {
      const better = estimateQuality({
        delayMs: Math.min(a.delayMs, b.delayMs),
        loss: Math.min(a.loss, b.loss),
        burstRatio: Math.min(a.burstRatio, b.burstRatio),
      });
      for (const worse of [estimateQuality(a), estimateQuality(b)]) {
        assert.ok(worse.r >= 0 && worse.r <= 93.2 && worse.mos >= 1 && worse.mos <= 4.5);
        assert.ok(worse.r <= better.r + 1e-9);
      }
    }),
  );
});

test('the way out is judged by the peer’s reports', () => {
  const outbound = new OutboundQuality(8000, 1_000);
  assert.equal(outbound.estimate(), undefined);
  const block = {
    ssrc: 1,
    fractionLost: 0,
    cumulativeLost: 10,
    highestSequence: 1_199,
    jitter: 80,
    lastSenderReport: 0,
    delaySinceLastSenderReport: 0,
  };
  outbound.note(block, 100);
  const estimate = outbound.estimate();
  assert.equal(estimate?.loss, 0.05);
  assert.equal(estimate?.jitterMs, 10);
  assert.equal(outbound.roundTripMs, 100);
});
