import type { CancelTimer, Clock, Session } from '@tronco/sip';
import type { Customer } from '../accounts/directory.ts';
import type { EventHub } from '../events.ts';
import type { CallMedia } from '../media/call-media.ts';
import { NO_MEDIA } from '../media/echo-port.ts';
import type { CarrierLimits } from '../options.ts';

export interface CallInit {
  readonly callId: string;
  readonly direction: 'from-customer' | 'into-customer';
  readonly customer: Customer;
  readonly caller: string | undefined;
  readonly called: string;
  readonly behaviour?: string | undefined;
  readonly target?: string | undefined;
}

/** One call while it lasts: what it holds, and what must be let go when it ends. */
export class CallRecord {
  readonly init: CallInit;
  /** On the carrier's clock. */
  readonly startedAtMs: number;
  media: CallMedia | undefined;
  session: Session | undefined;
  /** Ends a call that has no answer yet. */
  giveUp: (() => void) | undefined;
  /** Told once, after everything was let go. */
  onOver: (() => void) | undefined;
  private readonly ledger: CallLedger;
  private readonly timers: CancelTimer[] = [];
  private over = false;

  constructor(ledger: CallLedger, init: CallInit) {
    this.ledger = ledger;
    this.init = init;
    this.startedAtMs = ledger.clock.nowMs();
  }

  get isOver(): boolean {
    return this.over;
  }

  /** Runs `fn` later unless the call is over by then. */
  after(ms: number, fn: () => void): void {
    if (this.over) return;
    // Without a detour where no time has to pass, so that a test needs no clock to move.
    if (ms <= 0) return fn();
    this.timers.push(this.ledger.clock.setTimer(ms, fn));
  }

  /** As `after`, counted from the beginning of the call: what took time until now is part of it. */
  at(ms: number, fn: () => void): void {
    this.after(ms - (this.ledger.clock.nowMs() - this.startedAtMs), fn);
  }

  noteRinging(status: number): void {
    if (!this.over) this.ledger.events.emit({ type: 'call-ringing', ...this.facts, status });
  }

  noteAnswered(session: Session): void {
    this.session = session;
    this.ledger.events.emit({ type: 'call-answered', ...this.facts });
    this.after(this.ledger.limits.maxCallMs, () => session.bye());
  }

  /** Once; later calls do nothing. */
  end(cause: string, status?: number): void {
    if (this.over) return;
    this.over = true;
    for (const cancel of this.timers) cancel();
    this.media?.close();
    const media = this.media?.counts ?? NO_MEDIA;
    this.ledger.forget(this);
    this.ledger.events.emit({ type: 'call-ended', ...this.facts, cause, status, media });
    this.onOver?.();
  }

  private get facts(): Pick<CallInit, 'callId' | 'direction'> {
    const { callId, direction } = this.init;
    return { callId, direction };
  }
}

/** The calls of this moment, within their bounds. */
export class CallLedger {
  readonly clock: Clock;
  readonly events: EventHub;
  readonly limits: CarrierLimits;
  private readonly records = new Set<CallRecord>();

  constructor(clock: Clock, events: EventHub, limits: CarrierLimits) {
    this.clock = clock;
    this.events = events;
    this.limits = limits;
  }

  get isFull(): boolean {
    return this.records.size >= this.limits.maxCalls;
  }

  all(): readonly CallRecord[] {
    return [...this.records];
  }

  countOf({ id }: Customer): number {
    return [...this.records].filter(({ init }) => init.customer.id === id).length;
  }

  open(init: CallInit): CallRecord {
    const record = new CallRecord(this, init);
    this.records.add(record);
    const { callId, direction, customer, caller, called, behaviour, target } = init;
    this.events.emit({
      type: 'call-started',
      callId,
      direction,
      customer: customer.id,
      caller,
      called,
      behaviour,
      target,
    });
    return record;
  }

  forget(record: CallRecord): void {
    this.records.delete(record);
  }

  /** Says goodbye to every call. */
  hangUpAll(): void {
    for (const { session, giveUp } of this.records) {
      if (session === undefined) giveUp?.();
      else session.bye();
    }
  }

  /** Lets go of what is left, without a word. */
  closeAll(): void {
    for (const record of this.records) record.end('closed');
  }
}
