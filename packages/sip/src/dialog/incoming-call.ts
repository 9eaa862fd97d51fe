import { createResponse } from '../message/create-response.ts';
import { type Reason, reasonHeader } from '../message/headers/reason.ts';
import type { SipRequest } from '../message/message.ts';
import type { CancelTimer } from '../runtime/clock.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow } from '../transport/transport.ts';
import { AcceptedInvite } from './accepted-invite.ts';
import { Dialog } from './dialog.ts';
import { ReliableResponses } from './reliable-responses.ts';
import { requires100rel, supports100rel } from './reliable-receiver.ts';
import { type Body, bodyOf, type HeaderLines } from './request-sender.ts';
import { Session } from './session.ts';
import { capabilityHeaders, type SessionContext } from './session-context.ts';
import { decideSessionTimer, type SessionTimerDecision } from './session-timer.ts';

export type CallEndCause =
  /** The caller's CANCEL: already answered. */
  | 'cancelled'
  /** The caller's BYE in an early dialog. */
  | 'bye-received'
  /** Nobody acknowledged a reliable provisional response, or it rang too long: already answered. */
  | 'timeout';

export interface IncomingCallEvents {
  /** Once, and only before an answer; afterwards the session speaks. Reasons are those of the CANCEL (RFC 3326). */
  onEnded?(cause: CallEndCause, reasons: readonly Reason[]): void;
}

export interface RingOptions {
  /** 101 to 199; default 180. */
  readonly status?: number;
  /** Early media: an answer, or our offer when the INVITE has none and the response is reliable. */
  readonly body?: Body | undefined;
  readonly headers?: HeaderLines;
  /** Default: reliably when the caller can and the response carries a body, or when it must be so. */
  readonly reliable?: boolean;
}

export interface AnswerOptions {
  /** The answer, or our offer when the INVITE has none; left out when a reliable response has carried it. */
  readonly body?: Body | undefined;
  readonly headers?: HeaderLines;
}

type Accepted = Extract<SessionTimerDecision, { readonly action: 'accept' }>;

/** An INVITE from outside of a dialog that waits to be answered (RFC 3261 §13.3). */
export class IncomingCall {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly offer: Body | undefined;
  /** The early, then confirmed dialog. Its handlers may be set at once. */
  readonly session: Session;
  events: IncomingCallEvents = {};
  private readonly context: SessionContext;
  private readonly transaction: ServerTransaction;
  private readonly timer: Accepted;
  private readonly cancelRingLimit: CancelTimer;
  private waitingAnswer: AnswerOptions | undefined;
  private over = false;

  private constructor(context: SessionContext, transaction: ServerTransaction, timer: Accepted) {
    this.context = context;
    this.transaction = transaction;
    this.request = transaction.request;
    this.flow = transaction.flow;
    this.offer = bodyOf(transaction.request);
    this.timer = timer;
    const dialog = Dialog.ofRequest(transaction.request, transaction.localTag, transaction.flow);
    this.session = new Session({ dialog, context, peerMessage: transaction.request });
    this.session.offers.invite = 'remote';
    if (this.offer !== undefined) this.session.offers.offer = 'remote';
    this.session.noteBodies(undefined, this.offer);
    this.session.onDropped = (cause) => this.noteDropped(cause);
    transaction.events = {
      onCancel: (cancel) => this.end(487, 'cancelled', cancel.headers.values(reasonHeader)),
      // An ACK with the branch of its INVITE comes from a client of RFC 2543 (RFC 6026 §7.1).
      onAck: (ack, flow) => this.session.onAck(ack, flow),
    };
    this.cancelRingLimit = context.clock.setTimer(context.policy.maxRingMs, () => this.end(480, 'timeout'));
  }

  /** Undefined when the INVITE was refused at once: its session interval is too small (RFC 4028 §9). */
  static receive(context: SessionContext, transaction: ServerTransaction): IncomingCall | undefined {
    const decision = decideSessionTimer(transaction.request, context.policy.sessionTimer);
    if (decision.action === 'accept') return new IncomingCall(context, transaction, decision);
    transaction.reply({ status: decision.status, headers: decision.headers });
    return undefined;
  }

  /** Neither answered, refused nor given up by the caller. */
  get isPending(): boolean {
    return !this.over;
  }

  /** Sends a provisional response. False when the call is over or being answered. */
  ring(options: RingOptions = {}): boolean {
    if (this.over || this.waitingAnswer !== undefined) return false;
    const { body, status = 180 } = options;
    const init = {
      status,
      headers: [...this.commonHeaders(), ...(options.headers ?? [])],
      contentType: body?.contentType,
      body: body?.bytes,
    };
    if (!this.useReliable(options)) {
      this.session.noteBodies(body, undefined);
      return this.transaction.reply(init);
    }
    // RFC 3262 §5: reliably sent, a description is the answer, or the offer; a second one would be neither.
    if (body !== undefined) this.noteDescription(body);
    this.reliable().send(init);
    return true;
  }

  /** 200, now or as soon as reliable provisional responses have been acknowledged (RFC 3262 §3). */
  answer(options: AnswerOptions = {}): boolean {
    if (this.over || this.waitingAnswer !== undefined) return false;
    this.waitingAnswer = options;
    if (this.session.reliable?.isIdle ?? true) this.sendAnswer();
    return true;
  }

  /** 300 to 699. The status says why: 486, 480, 404, 302 with a Contact. */
  reject(status: number, headers: HeaderLines = [], reasonPhrase?: string): boolean {
    if (this.over) return false;
    this.finish();
    this.transaction.reply({ status, reasonPhrase, headers: [...this.context.policy.headers, ...headers] });
    this.session.drop('not-established');
    return true;
  }

  private sendAnswer(): void {
    const options = this.waitingAnswer;
    if (options === undefined || this.over) return;
    this.finish();
    const { session, context, transaction, request } = this;
    const { body } = options;
    const response = createResponse(request, {
      status: 200,
      toTag: transaction.localTag,
      headers: [...this.commonHeaders(), ...this.timer.headers, ...(options.headers ?? [])],
      contentType: body?.contentType,
      body: body?.bytes,
    });
    if (body !== undefined) this.noteDescription(body);
    session.offers.invite = 'none';
    session.dialog.state = 'confirmed';
    session.timer.restart(this.timer.interval);
    const onTimeout = (): void => session.noteMissingAck();
    const { clock, timers } = context;
    session.awaitAck(new AcceptedInvite({ transaction, response, clock, timers, onTimeout }));
  }

  private noteDescription(body: Body): void {
    const { offers } = this.session;
    this.session.noteBodies(body, undefined);
    if (offers.offer === 'remote') offers.offer = 'none';
    else if (this.offer === undefined && offers.offer === 'none') offers.offer = 'local';
  }

  private commonHeaders(): HeaderLines {
    const contact = this.context.contactFor(this.flow).toString();
    return [['Contact', contact], ...capabilityHeaders(this.context.policy)];
  }

  private useReliable({ reliable, body, status = 180 }: RingOptions): boolean {
    const { reliableProvisional } = this.context.policy;
    if (status <= 100 || !supports100rel(this.request)) return false;
    if (requires100rel(this.request) || reliableProvisional === 'require') return true;
    return reliable ?? (reliableProvisional === 'on' && body !== undefined);
  }

  private reliable(): ReliableResponses {
    const { session, context, transaction } = this;
    session.reliable ??= new ReliableResponses({
      transaction,
      clock: context.clock,
      random: context.random,
      timers: context.timers,
      // RFC 3262 §3: a 5xx; 504 says that somebody did not answer in time.
      onTimeout: () => this.end(504, 'timeout'),
      onIdle: () => this.sendAnswer(),
    });
    return session.reliable;
  }

  private end(status: number, cause: CallEndCause, reasons: readonly Reason[] = []): void {
    if (!this.over && this.reject(status)) this.events.onEnded?.(cause, reasons);
  }

  /** §15.1.2: a BYE in the early dialog ends the INVITE as well. */
  private noteDropped(cause: string): void {
    if (this.over) return;
    this.finish();
    this.transaction.reply({ status: 487, headers: this.context.policy.headers });
    if (cause === 'bye-received') this.events.onEnded?.('bye-received', []);
  }

  private finish(): void {
    this.over = true;
    this.cancelRingLimit();
    this.session.reliable?.stop();
  }
}
