import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { SessionInterval } from './session-timer.ts';

export interface SessionClockEvents {
  /** Half of the interval has passed and refreshing is ours (RFC 4028 §7.2). */
  onRefreshDue(): void;
  /** Nobody has refreshed; a BYE must go out (§10). */
  onExpired(): void;
}

/** Keeps the time of RFC 4028 for one session. */
export class SessionClock {
  private readonly clock: Clock;
  private readonly events: SessionClockEvents;
  private cancelRefresh: CancelTimer | undefined;
  private cancelExpiry: CancelTimer | undefined;
  private agreed: SessionInterval | undefined;

  constructor(clock: Clock, events: SessionClockEvents) {
    this.clock = clock;
    this.events = events;
  }

  get interval(): SessionInterval | undefined {
    return this.agreed;
  }

  /** Starts anew after every agreement: the initial INVITE and each refresh. Undefined ends the timer. */
  restart(interval: SessionInterval | undefined): void {
    this.stop();
    this.agreed = interval;
    if (interval === undefined) return;
    const totalMs = interval.intervalSeconds * 1_000;
    // §10: a third of the interval, but not more than 32 s, before the end, so that a late refresh still counts.
    const expireMs = totalMs - Math.min(32_000, totalMs / 3);
    this.cancelExpiry = this.clock.setTimer(expireMs, () => this.events.onExpired());
    if (interval.refresher === 'local') {
      this.cancelRefresh = this.clock.setTimer(totalMs / 2, () => this.events.onRefreshDue());
    }
  }

  stop(): void {
    this.cancelRefresh?.();
    this.cancelExpiry?.();
  }
}
