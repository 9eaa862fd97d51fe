import type { DigestClient } from '../auth/digest-client.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { CancelTimer } from '../runtime/clock.ts';
import type { Flow } from '../transport/transport.ts';
import { Dialog } from './dialog.ts';
import { rackFor, ReliableReceiver } from './reliable-receiver.ts';
import {
  type Body,
  bodyOf,
  type HeaderLines,
  type PendingRequest,
  type RequestDraft,
  type RequestResult,
  type SentAck,
} from './request-sender.ts';
import { Session } from './session.ts';
import { capabilityHeaders, type SessionContext } from './session-context.ts';
import { readIntervalTooSmall, readSessionTimerAnswer, sessionTimerRequestHeaders } from './session-timer.ts';

export interface CallProgress {
  /** 101 to 199 */
  readonly status: number;
  readonly response: SipResponse;
  /** Undefined for a peer that sends no tag yet. One call may have several: its INVITE was forked. */
  readonly session: Session | undefined;
  /** An answer that may still change, unless the response is reliable; or the peer's offer. */
  readonly body: Body | undefined;
  /**
   * Set when the response is reliable and carries an offer, which happens when the INVITE had none: sends the PRACK
   * with our answer (RFC 3262 §5). Otherwise the PRACK has gone out already.
   */
  readonly acknowledge: ((answer: Body) => void) | undefined;
}

export interface OutgoingCallEvents {
  onProgress?(progress: CallProgress): void;
  /**
   * The first 2xx. When the INVITE carried an offer its ACK has been sent; when not, `body` is the peer's offer and
   * `acknowledge` must be called with the answer (RFC 3261 §13.2.2.4).
   */
  onAnswered?(session: Session, body: Body | undefined, acknowledge: (answer?: Body) => void): void;
  /** Refused, unreachable, cancelled. Not called after `onAnswered`. */
  onFailed?(result: RequestResult): void;
}

export interface OutgoingCallInit {
  readonly context: SessionContext;
  /** To, From with our tag, Call-ID, target, headers of the caller's own. */
  readonly draft: RequestDraft;
  /** Our offer. Without one the peer makes it. */
  readonly offer?: Body | undefined;
  readonly events: OutgoingCallEvents;
}

interface Leg {
  readonly session: Session;
  readonly reliable: ReliableReceiver;
  ack: SentAck | undefined;
}

/** A forking proxy could make up early dialogs without end. */
const MAX_LEGS = 32;
const MAX_INTERVAL_RETRIES = 2;

/** An INVITE of ours, from its first octet to its answer (RFC 3261 §13.2), over all branches it was forked to. */
export class OutgoingCall {
  private readonly init: OutgoingCallInit;
  private readonly credentials: DigestClient | undefined;
  private readonly legs = new Map<string, Leg>();
  private readonly cancelRingLimit: CancelTimer;
  private pending: PendingRequest;
  private minSeconds = 0;
  private intervalRetries = 0;
  private cancelled = false;
  private over = false;

  constructor(init: OutgoingCallInit) {
    this.init = init;
    this.credentials = init.draft.credentials;
    const { clock, policy } = init.context;
    this.cancelRingLimit = clock.setTimer(policy.maxRingMs, () => this.cancel());
    init.context.calling.add(this);
    this.pending = this.send();
  }

  /** Neither answered nor failed. */
  get isPending(): boolean {
    return !this.over;
  }

  /**
   * Gives up. `onFailed` follows with a 487, or with nothing at all after 64*T1; should a 2xx have been faster it is
   * acknowledged and ended with a BYE (§9.1, §15).
   */
  cancel(headers: HeaderLines = []): void {
    if (this.over || this.cancelled) return;
    this.cancelled = true;
    this.pending.cancel(headers);
  }

  /** Forgets the call without a word to anyone. */
  abandon(): void {
    this.finish();
  }

  private send(): PendingRequest {
    const { context, draft, offer } = this.init;
    const { policy, sender } = context;
    const headers: (readonly [string, string])[] = [
      ...capabilityHeaders(policy),
      ...sessionTimerRequestHeaders(policy.sessionTimer, undefined, this.minSeconds),
      ...(draft.headers ?? []),
    ];
    if (policy.reliableProvisional === 'require') headers.push(['Require', '100rel']);
    return sender.send(
      { ...draft, method: 'INVITE', headers, body: offer, contact: draft.contact ?? context.contactFor },
      {
        onProvisional: (response, request, flow) => this.takeProvisional(response, request, flow),
        onResult: (result) => this.takeResult(result),
        onFurther2xx: (response, request, flow) => this.takeFurther2xx(response, request, flow),
      },
    );
  }

  private takeProvisional(response: SipResponse, request: SipRequest, flow: Flow): void {
    const { status } = response;
    if (this.over || status === 100) return;
    const leg = this.legFor(response, request, flow);
    const verdict = leg?.reliable.take(response) ?? 'plain';
    if (verdict === 'ignore') return;
    const body = bodyOf(response);
    const session = leg?.session;
    session?.noteBodies(undefined, body);
    let acknowledge: CallProgress['acknowledge'];
    if (leg !== undefined && verdict === 'acknowledge')
      acknowledge = this.acknowledgeReliably(leg, response, body);
    this.init.events.onProgress?.({ status, response, session, body, acknowledge });
  }

  /** RFC 3262 §4, §5. Answers what is left to do when the response carried an offer. */
  private acknowledgeReliably(
    { session }: Leg,
    response: SipResponse,
    body: Body | undefined,
  ): CallProgress['acknowledge'] {
    const { offers } = session;
    const prack = (answer?: Body): void =>
      session.request('PRACK', { headers: rackFor(response), body: answer }, () => undefined);
    if (body !== undefined && offers.offer === 'local') offers.offer = 'none';
    else if (body !== undefined && this.init.offer === undefined) {
      offers.offer = 'remote';
      return (answer) => {
        offers.offer = 'none';
        session.noteBodies(answer, undefined);
        prack(answer);
      };
    }
    prack();
    return undefined;
  }

  private takeResult(result: RequestResult): void {
    if (this.over) return;
    if (result.kind === 'response' && result.status < 300) {
      this.finish();
      return this.takeFirst2xx(result.response, result.request, result.flow);
    }
    if (result.kind === 'response' && this.retryInterval(result.response)) return;
    this.finish();
    for (const { session } of this.legs.values()) session.drop('not-established');
    this.init.events.onFailed?.(result);
  }

  /** RFC 4028 §7.3 */
  private retryInterval(response: SipResponse): boolean {
    if (response.status !== 422 || this.cancelled || this.intervalRetries >= MAX_INTERVAL_RETRIES)
      return false;
    const minSeconds = readIntervalTooSmall(response, this.minSeconds);
    if (minSeconds === undefined) return false;
    this.intervalRetries++;
    this.minSeconds = minSeconds;
    this.pending = this.send();
    return true;
  }

  private takeFirst2xx(response: SipResponse, request: SipRequest, flow: Flow): void {
    const leg = this.legFor(response, request, flow, true);
    if (leg === undefined) return;
    const { session } = leg;
    this.confirm(session, response, flow);
    // §13.2.2.4: the other branches have been cancelled by the proxy that made them.
    for (const other of this.legs.values()) {
      if (other !== leg && other.session.dialog.state === 'early') other.session.drop('not-established');
    }
    const acknowledge = (answer?: Body): void => {
      if (leg.ack !== undefined) return;
      session.offers.offer = 'none';
      session.noteBodies(answer, undefined);
      leg.ack = session.acknowledge(request, answer);
    };
    if (this.cancelled) {
      acknowledge();
      session.bye();
      this.init.events.onFailed?.({ kind: 'failure', status: 487, failure: { reason: 'cancelled' } });
      return;
    }
    const body = bodyOf(response);
    const delayed = this.init.offer === undefined && body !== undefined && session.offers.offer === 'none';
    if (delayed) session.offers.offer = 'remote';
    else acknowledge();
    const { onAnswered } = this.init.events;
    if (onAnswered === undefined) acknowledge();
    else onAnswered.call(this.init.events, session, body, acknowledge);
  }

  /** A repeated 2xx means that the ACK was lost; one from another branch is a call that nobody wants. */
  private takeFurther2xx(response: SipResponse, request: SipRequest, flow: Flow): void {
    const known = this.legs.get(response.to.tag ?? '');
    if (known !== undefined && known.session.dialog.state !== 'early') {
      if (known.ack !== undefined) return known.ack.resend();
      if (!known.session.isTerminated) return;
    }
    const leg = this.legFor(response, request, flow, true);
    if (leg === undefined) return;
    this.confirm(leg.session, response, flow);
    leg.ack = leg.session.acknowledge(request);
    leg.session.bye();
  }

  private confirm(session: Session, response: SipResponse, flow: Flow): void {
    session.dialog.flow = flow;
    session.dialog.confirm(response);
    session.offers.invite = 'none';
    session.noteBodies(undefined, bodyOf(response));
    if (session.offers.offer === 'local') session.offers.offer = 'none';
    session.timer.restart(readSessionTimerAnswer(response));
  }

  /** §12.1.2: a response with a new tag makes a new dialog. */
  private legFor(response: SipResponse, request: SipRequest, flow: Flow, final = false): Leg | undefined {
    const { tag } = response.to;
    const known = this.legs.get(tag ?? '');
    // An early dialog that was given up lives again when its 2xx comes after all.
    if (known !== undefined && !(final && known.session.isTerminated)) {
      known.session.dialog.flow = flow;
      return known;
    }
    if (!final && (tag === undefined || this.legs.size >= MAX_LEGS)) return undefined;
    const { context, offer } = this.init;
    const dialog = Dialog.ofResponse(request, response, flow);
    const session = new Session({ dialog, context, peerMessage: response, credentials: this.credentials });
    if (!final) session.offers.invite = 'local';
    if (offer !== undefined && !final) session.offers.offer = 'local';
    session.noteBodies(offer, undefined);
    const leg: Leg = { session, reliable: new ReliableReceiver(), ack: undefined };
    this.legs.set(tag ?? '', leg);
    return leg;
  }

  private finish(): void {
    this.over = true;
    this.cancelRingLimit();
    this.init.context.calling.delete(this);
  }
}
