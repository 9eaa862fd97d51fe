import { retryAfterHeader } from '../message/headers/retry-after.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { CancelTimer } from '../runtime/clock.ts';
import { glareRetryDelayMs } from '../sdp/glare.ts';
import { type Body, bodyOf, type RequestResult, type SentAck } from './request-sender.ts';
import type { Session } from './session.ts';
import { readIntervalTooSmall, readSessionTimerAnswer, sessionTimerRequestHeaders } from './session-timer.ts';

export interface OutgoingChangeEvents {
  /** A 2xx. `body` is the answer, or the peer's offer when we sent none: then `acknowledge` must be called. */
  onAccepted?(body: Body | undefined, acknowledge: (answer?: Body) => void): void;
  /** Refused for good: what was agreed before stays in force (RFC 3261 §14.1). */
  onRejected?(result: RequestResult): void;
}

/** A peer that always answers 491 must not keep us busy for ever. */
const MAX_ATTEMPTS = 6;
/** RFC 3261 §14.2 lets a busy peer ask for at most so much. */
const MAX_RETRY_AFTER_SECONDS = 10;

/** Our re-INVITE or UPDATE, repeated by itself after glare (RFC 3261 §14.1, RFC 3311 §5.1). */
export class OutgoingChange {
  private readonly session: Session;
  private readonly method: 'INVITE' | 'UPDATE';
  private readonly body: Body | undefined;
  private readonly events: OutgoingChangeEvents;
  private attempts = 0;
  private minSeconds = 0;
  private ack: SentAck | undefined;
  private cancelRetry: CancelTimer | undefined;
  private over = false;

  constructor(
    session: Session,
    method: 'INVITE' | 'UPDATE',
    body: Body | undefined,
    events: OutgoingChangeEvents,
  ) {
    this.session = session;
    this.method = method;
    this.body = body;
    this.events = events;
  }

  start(): void {
    const { session, method, body } = this;
    const { offers, context } = session;
    this.cancelRetry = undefined;
    this.attempts++;
    if (method === 'INVITE') offers.invite = 'local';
    if (body !== undefined) offers.offer = 'local';
    const timerHeaders = sessionTimerRequestHeaders(
      context.policy.sessionTimer,
      session.timer.interval,
      this.minSeconds,
    );
    session.noteBodies(body, undefined);
    context.sender.send(session.draft(method, { headers: timerHeaders, body, target: true }), {
      onResult: (result) => this.finish(result),
      // RFC 3261 §13.2.2.4: a repeated 2xx means that our ACK was lost.
      onFurther2xx: () => this.ack?.resend(),
    });
  }

  /** The session has ended. A 2xx that still comes is acknowledged, or the peer would repeat it. */
  stop(): void {
    this.over = true;
    this.cancelRetry?.();
  }

  private finish(result: RequestResult): void {
    const { session } = this;
    const { offers } = session;
    if (this.method === 'INVITE') offers.invite = 'none';
    if (this.body !== undefined) offers.offer = 'none';
    if (result.kind === 'response' && result.status < 300)
      return this.accepted(result.response, result.request);
    if (this.over) return;
    if (result.kind === 'response' && this.retryLater(result.response)) return;
    session.noteOutgoingDone(this);
    this.events.onRejected?.(result);
    // §12.2.1.2, RFC 5057 §5.3: these say that the peer has no such dialog, or that there is no peer.
    if (result.status === 481 || result.status === 408) session.losePeer();
  }

  private accepted(response: SipResponse, request: SipRequest): void {
    const { session, method, body } = this;
    session.dialog.refreshTarget(response);
    const answer = bodyOf(response);
    const acknowledge = (own?: Body): void => {
      if (method !== 'INVITE' || this.ack !== undefined) return;
      if (session.offers.offer === 'remote') session.offers.offer = 'none';
      session.noteBodies(own, undefined);
      this.ack = session.acknowledge(request, own);
    };
    if (this.over) return acknowledge();
    session.noteOutgoingDone(this);
    session.timer.restart(readSessionTimerAnswer(response));
    session.noteBodies(undefined, answer);
    if (method === 'INVITE' && body === undefined && answer !== undefined) session.offers.offer = 'remote';
    else acknowledge();
    if (this.events.onAccepted !== undefined) this.events.onAccepted(answer, acknowledge);
    else acknowledge();
  }

  private retryLater(response: SipResponse): boolean {
    if (this.attempts >= MAX_ATTEMPTS) return false;
    const { session } = this;
    const { context, dialog } = session;
    if (response.status === 422) {
      const minSeconds = readIntervalTooSmall(response, this.minSeconds);
      if (minSeconds === undefined) return false;
      this.minSeconds = minSeconds;
      this.start();
      return true;
    }
    const delayMs =
      response.status === 491
        ? glareRetryDelayMs(dialog.ownsCallId, () => context.random.unit())
        : retryAfterMs(response);
    if (delayMs === undefined) return false;
    this.cancelRetry = context.clock.setTimer(delayMs, () => this.retry());
    return true;
  }

  /** Meanwhile the peer may have begun a change of its own: wait for the end of that one. */
  private retry(): void {
    const { offers, context, dialog } = this.session;
    const free = this.method === 'INVITE' ? offers.mayOffer : this.body === undefined || offers.mayUpdate;
    if (free) return this.start();
    const delayMs = glareRetryDelayMs(dialog.ownsCallId, () => context.random.unit());
    this.cancelRetry = context.clock.setTimer(Math.max(delayMs, context.timers.t1Ms), () => this.retry());
  }
}

function retryAfterMs(response: SipResponse): number | undefined {
  if (response.status !== 500) return undefined;
  const seconds = response.headers.value(retryAfterHeader)?.seconds;
  return seconds === undefined || seconds > MAX_RETRY_AFTER_SECONDS ? undefined : seconds * 1_000;
}
