import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { reportIntervalMs, ReportSchedule } from './report-schedule.ts';

const call = { members: 2, senders: 2, weSent: true, bandwidth: 500, averageBytes: 120, initial: false };

test('five seconds on average, between half and one and a half, compensated (RFC 3550 §6.3.1)', () => {
  const compensation = Math.E - 1.5;
  assert.ok(Math.abs(reportIntervalMs({ ...call, unit: 0 }) - 2_500 / compensation) < 1e-6);
  assert.ok(Math.abs(reportIntervalMs({ ...call, unit: 0.5 }) - 5_000 / compensation) < 1e-6);
  assert.ok(Math.abs(reportIntervalMs({ ...call, initial: true, unit: 0.5 }) - 2_500 / compensation) < 1e-6);
});

test('many members wait longer, and senders have their quarter', () => {
  const crowd = { ...call, members: 1000, senders: 10, unit: 0.5 };
  const receiver = reportIntervalMs({ ...crowd, weSent: false });
  const sender = reportIntervalMs({ ...crowd, weSent: true });
  assert.ok(Math.abs(receiver * (Math.E - 1.5) - ((990 * 120) / 375) * 1000) < 1e-6);
  assert.ok(Math.abs(sender * (Math.E - 1.5) - ((10 * 120) / 125) * 1000) < 1e-6);
});

test('whatever the random numbers, reports are never closer than half the interval nor stop', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }), (units) => {
      let drawn = 0;
      const schedule = new ReportSchedule({ nowMs: 0, random: () => units[drawn++ % units.length] ?? 0 });
      const sentAt: number[] = [];
      for (let nowMs = 0; nowMs < 60_000; nowMs += 20) {
        if (!schedule.isDue(nowMs, true)) continue;
        schedule.noteSent(nowMs, 80, true);
        sentAt.push(nowMs);
      }
      const gaps = sentAt.map((at, i) => at - (sentAt[i - 1] ?? 0));
      assert.ok((gaps[0] ?? 0) >= 1_000, 'the first after a second at least');
      for (const gap of gaps.slice(1)) assert.ok(gap >= 2_000 && gap <= 6_200, `${gap} ms`);
    }),
  );
});
