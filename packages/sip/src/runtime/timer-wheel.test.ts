import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../testing/fake-clock.ts';
import { TimerWheel } from './timer-wheel.ts';

function makeWheel(): { readonly wheel: TimerWheel; readonly host: FakeClock } {
  const host = new FakeClock();
  host.advance(123_456);
  const wheel = new TimerWheel({ nowMs: () => host.nowMs(), schedule: (ms, fn) => host.setTimer(ms, fn) });
  return { wheel, host };
}

describe('timer wheel', () => {
  test('fires within one tick after the time asked for, never before', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(delays, fc.array(fc.integer({ min: 0, max: 5_000 })), (wanted, pauses) => {
        const { wheel, host } = makeWheel();
        const late: number[] = [];
        for (const [i, ms] of wanted.entries()) {
          host.advance(pauses[i] ?? 0);
          const dueMs = host.nowMs() + ms;
          wheel.setTimer(ms, () => late.push(host.nowMs() - dueMs));
        }
        host.advance(400_000);
        assert.equal(late.length, wanted.length);
        assert.ok(
          late.every((ms) => ms >= 0 && ms <= 20),
          `${late}`,
        );
        assert.equal(host.pending, 0, 'nothing keeps the process awake');
      }),
      { numRuns: 200 },
    );
  });

  test('one setTimeout serves all timers', () => {
    const { wheel, host } = makeWheel();
    for (let i = 0; i < 1_000; i++) wheel.setTimer(100 + i, () => undefined);
    assert.equal(host.pending, 1);
    assert.equal(wheel.size, 1_000);
  });

  test('a cancelled timer never fires, and cancelling twice is harmless', () => {
    const { wheel, host } = makeWheel();
    let fired = 0;
    const cancel = wheel.setTimer(50, () => fired++);
    cancel();
    cancel();
    host.advance(1_000);
    assert.equal(fired, 0);
    assert.equal(host.pending, 0);
  });

  test('timers may set and cancel timers while they fire', () => {
    const { wheel, host } = makeWheel();
    const order: string[] = [];
    let cancelSecond = (): void => undefined;
    wheel.setTimer(10, () => {
      order.push('first');
      cancelSecond();
      wheel.setTimer(0, () => order.push('third'));
    });
    cancelSecond = wheel.setTimer(10, () => order.push('second'));
    host.advance(1_000);
    assert.deepEqual(order, ['first', 'third']);
  });

  test('a process that slept fires everything that is due, in order', () => {
    const host = { now: 0, due: undefined as (() => void) | undefined };
    const wheel = new TimerWheel({
      nowMs: () => host.now,
      schedule: (_ms, fn) => {
        host.due = fn;
        return () => (host.due = undefined);
      },
    });
    const order: number[] = [];
    for (const ms of [30, 10, 50_000, 20]) wheel.setTimer(ms, () => order.push(ms));
    host.now = 60_000;
    host.due?.();
    assert.deepEqual(order, [10, 20, 30, 50_000]);
  });
});
