import type { SipResponse } from '../message/message.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { type TimerSettings, transactionTimeoutMs } from '../transaction/timers.ts';

export interface AcceptedInviteInit {
  readonly transaction: ServerTransaction;
  readonly response: SipResponse;
  readonly clock: Clock;
  readonly timers: TimerSettings;
  /** 64*T1 have passed without an ACK. */
  readonly onTimeout: () => void;
}

/**
 * A 2xx to an INVITE, repeated until its ACK: after T1, doubling up to T2, over every transport, since a proxy on the
 * way may forward it over UDP (RFC 3261 §13.3.1.4).
 */
export class AcceptedInvite {
  readonly sequence: number;
  private readonly init: AcceptedInviteInit;
  private pauseMs: number;
  private cancelResend: CancelTimer | undefined;
  private cancelTimeout: CancelTimer | undefined;
  private waiting = true;

  constructor(init: AcceptedInviteInit) {
    this.init = init;
    this.sequence = init.response.cseq.sequence;
    this.pauseMs = init.timers.t1Ms;
    init.transaction.respond(init.response);
    this.cancelTimeout = init.clock.setTimer(transactionTimeoutMs(init.timers), () => {
      this.stop();
      init.onTimeout();
    });
    this.scheduleResend();
  }

  get isWaiting(): boolean {
    return this.waiting;
  }

  /** The ACK has come, or the wait is over. Answers whether this was the first time. */
  stop(): boolean {
    const first = this.waiting;
    this.waiting = false;
    // The transaction goes on for half a minute; what it would keep alive with its handlers should not.
    this.init.transaction.events = {};
    this.cancelResend?.();
    this.cancelTimeout?.();
    return first;
  }

  private scheduleResend(): void {
    this.cancelResend = this.init.clock.setTimer(this.pauseMs, () => {
      this.init.transaction.respond(this.init.response);
      this.pauseMs = Math.min(this.pauseMs * 2, this.init.timers.t2Ms);
      this.scheduleResend();
    });
  }
}
