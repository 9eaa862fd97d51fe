import { createResponse } from '../message/create-response.ts';
import { retryAfterHeader } from '../message/headers/retry-after.ts';
import type { SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { AcceptedInvite } from './accepted-invite.ts';
import { type Body, bodyOf, type HeaderLines } from './request-sender.ts';
import type { Session } from './session.ts';
import { capabilityHeaders } from './session-context.ts';
import { decideSessionTimer, type SessionTimerDecision } from './session-timer.ts';

type Accepted = Extract<SessionTimerDecision, { readonly action: 'accept' }>;

/** A re-INVITE or UPDATE of the peer that waits for our answer (RFC 3261 §14.2, RFC 3311 §5.2). */
export class IncomingChange {
  readonly request: SipRequest;
  /** The peer's offer. Undefined in an INVITE means that it wants ours; its answer then comes with the ACK. */
  readonly offer: Body | undefined;
  private readonly session: Session;
  private readonly transaction: ServerTransaction;
  private readonly timer: Accepted;
  private done = false;

  constructor(session: Session, transaction: ServerTransaction, timer: Accepted) {
    this.session = session;
    this.transaction = transaction;
    this.request = transaction.request;
    this.offer = bodyOf(transaction.request);
    this.timer = timer;
    transaction.events = {
      onCancel: () => this.reject(487),
      // Never answered in time: the peer has given up as well.
      onFailure: ({ reason }) => (reason === 'timeout' ? this.finish() : undefined),
    };
  }

  get isPending(): boolean {
    return !this.done;
  }

  /** Agrees; `body` is the answer to the offer, or our offer when there was none. */
  accept(body: Body | undefined, headers: HeaderLines = []): boolean {
    if (!this.finish()) return false;
    const { session, transaction, request } = this;
    const { context, offers } = session;
    const contact = context.contactFor(transaction.flow);
    session.dialog.refreshTarget(request);
    const response = createResponse(request, {
      status: 200,
      headers: [
        ['Contact', contact.toString()],
        ...capabilityHeaders(context.policy),
        ...this.timer.headers,
        ...headers,
      ],
      contentType: body?.contentType,
      body: body?.bytes,
    });
    session.noteBodies(body, this.offer);
    if (request.method !== 'PRACK') session.timer.restart(this.timer.interval);
    if (request.method !== 'INVITE') {
      const sent = transaction.respond(response);
      session.reliable?.proceed();
      return sent;
    }
    if (this.offer === undefined && body !== undefined) offers.offer = 'local';
    session.awaitAck(
      new AcceptedInvite({
        transaction,
        response,
        clock: context.clock,
        timers: context.timers,
        onTimeout: () => session.noteMissingAck(),
      }),
    );
    return true;
  }

  /** What was agreed before stays in force (§14.2). */
  reject(status = 488, headers: HeaderLines = []): boolean {
    return this.finish() && this.transaction.reply({ status, headers });
  }

  private finish(): boolean {
    if (this.done) return false;
    this.done = true;
    const { offers } = this.session;
    if (this.request.method === 'INVITE') offers.invite = 'none';
    if (this.offer !== undefined) offers.offer = 'none';
    this.session.noteChangeDone(this);
    return true;
  }
}

/** An offer in a PRACK (RFC 3262 §5): its answer goes into the 200. */
export function receivePrackOffer(session: Session, transaction: ServerTransaction): IncomingChange {
  session.offers.offer = 'remote';
  return new IncomingChange(session, transaction, { action: 'accept', headers: [], interval: undefined });
}

/** Answers what cannot be allowed now; otherwise the change, already noted as under way. */
export function receiveChange(session: Session, transaction: ServerTransaction): IncomingChange | undefined {
  const { request } = transaction;
  const { context, offers, timer } = session;
  const isInvite = request.method === 'INVITE';
  const random = (): number => context.random.unit();
  const offer = bodyOf(request);
  const verdict = isInvite
    ? offers.decideInvite(random)
    : offer === undefined
      ? ({ action: 'accept' } as const)
      : offers.decideUpdate(random);
  if (verdict.action === 'refuse') {
    const headers: HeaderLines =
      verdict.status === 500
        ? [
            [
              'Retry-After',
              retryAfterHeader.format({ seconds: verdict.retryAfterSeconds, durationSeconds: undefined }),
            ],
          ]
        : [];
    transaction.reply({ status: verdict.status, headers });
    return undefined;
  }
  const decision = decideSessionTimer(request, context.policy.sessionTimer, timer.interval);
  if (decision.action === 'refuse') {
    transaction.reply({ status: decision.status, headers: decision.headers });
    return undefined;
  }
  if (isInvite) offers.invite = 'remote';
  if (offer !== undefined) offers.offer = 'remote';
  return new IncomingChange(session, transaction, decision);
}
