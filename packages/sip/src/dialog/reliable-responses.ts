// Reliable provisional responses, the server's side: RFC 3262 §3.
import { createResponse, type ResponseInit } from '../message/create-response.ts';
import { rackHeader } from '../message/headers/reliability.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { type TimerSettings, transactionTimeoutMs } from '../transaction/timers.ts';

export interface ReliableResponsesInit {
  readonly transaction: ServerTransaction;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: TimerSettings;
  /** 64*T1 without a PRACK: the INVITE is to be refused with a 5xx. */
  readonly onTimeout: () => void;
  /** The last response has been acknowledged and none is queued. */
  readonly onIdle: () => void;
}

interface Outstanding {
  readonly response: SipResponse;
  readonly sequence: number;
}

/** One at a time, so that an offer and its answer never cross another response. */
export class ReliableResponses {
  private readonly init: ReliableResponsesInit;
  private readonly queue: Omit<ResponseInit, 'toTag'>[] = [];
  private nextSequence: number;
  private outstanding: Outstanding | undefined;
  private cancelResend: CancelTimer | undefined;
  private cancelTimeout: CancelTimer | undefined;
  private stopped = false;

  constructor(init: ReliableResponsesInit) {
    this.init = init;
    // §3: between 1 and 2**31-1, and it must not wrap.
    this.nextSequence = 1 + Math.floor(init.random.unit() * 0x7f_ff_00_00);
  }

  /**
   * §3: a 2xx must wait while a provisional response that carries a session description is not acknowledged. All are
   * waited for here: it costs one round trip and spares clients that confuse the two.
   */
  get isIdle(): boolean {
    return this.outstanding === undefined && this.queue.length === 0;
  }

  send(response: Omit<ResponseInit, 'toTag'>): void {
    if (this.stopped) return;
    this.queue.push(response);
    if (this.outstanding === undefined) this.sendNext();
  }

  /** Whether this PRACK acknowledges the outstanding response (§3); if not it is answered 481. */
  acknowledge(prack: SipRequest): boolean {
    const rack = prack.headers.value(rackHeader);
    const { outstanding } = this;
    if (rack === undefined || outstanding === undefined) return false;
    const { cseq } = this.init.transaction.request;
    const matches =
      rack.responseNumber === outstanding.sequence &&
      rack.sequence === cseq.sequence &&
      rack.method === cseq.method;
    if (!matches) return false;
    this.stopTimers();
    this.outstanding = undefined;
    return true;
  }

  /** After the PRACK has been answered: the next response, or the final one that waits. */
  proceed(): void {
    if (this.stopped || this.outstanding !== undefined) return;
    if (this.queue.length > 0) this.sendNext();
    else this.init.onIdle();
  }

  /** §3: with a final response the repetitions end. */
  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
    this.outstanding = undefined;
    this.stopTimers();
  }

  private sendNext(): void {
    const next = this.queue.shift();
    if (next === undefined) return;
    const { transaction, clock, timers } = this.init;
    const sequence = this.nextSequence++;
    const headers = [
      ...(next.headers ?? []),
      ['Require', '100rel'] as const,
      ['RSeq', `${sequence}`] as const,
    ];
    const response = createResponse(transaction.request, { ...next, headers, toTag: transaction.localTag });
    this.outstanding = { response, sequence };
    transaction.respond(response);
    this.cancelTimeout = clock.setTimer(transactionTimeoutMs(timers), () => {
      this.stop();
      this.init.onTimeout();
    });
    this.scheduleResend(response, timers.t1Ms);
  }

  /** §3: T1, doubling without a ceiling. */
  private scheduleResend(response: SipResponse, pauseMs: number): void {
    this.cancelResend = this.init.clock.setTimer(pauseMs, () => {
      this.init.transaction.respond(response);
      this.scheduleResend(response, pauseMs * 2);
    });
  }

  private stopTimers(): void {
    this.cancelResend?.();
    this.cancelTimeout?.();
  }
}
