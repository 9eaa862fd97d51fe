// REFER, the side that asks: RFC 3515 §2.4, with the subscription that comes of it.
import { eventHeader, subscriptionStateHeader } from '../message/headers/event.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { referToHeader, replacesHeader } from '../message/headers/referral.ts';
import type { CancelTimer } from '../runtime/clock.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { HeaderLines, RequestResult } from './request-sender.ts';
import type { Session } from './session.ts';
import { readSipfrag } from './sipfrag.ts';

export interface ReferEvents {
  onAccepted?(): void;
  /** Of the referred call, as the peer reports it. */
  onProgress?(status: number, reasonPhrase: string): void;
  /** Once: the final status, or undefined when the subscription ended without one. */
  onDone?(status: number | undefined): void;
  onRejected?(result: RequestResult): void;
}

export interface ReferSubscription {
  /** CSeq number of the REFER: the `id` of its NOTIFYs (§2.4.6). */
  readonly id: number;
  takeNotify(transaction: ServerTransaction): void;
  /** Nothing is waited for any more; `onDone` is told so. */
  finish(status: number | undefined): void;
}

/** A peer that accepts and then says nothing; every NOTIFY starts it anew. */
const SILENCE_MS = 300_000;

class Subscription implements ReferSubscription {
  id = 0;
  private readonly session: Session;
  private readonly events: ReferEvents;
  private cancelSilence: CancelTimer | undefined;
  private over = false;

  constructor(session: Session, events: ReferEvents) {
    this.session = session;
    this.events = events;
  }

  begin(): void {
    this.session.referSubscriptions.push(this);
    this.listen(SILENCE_MS);
  }

  listen(ms: number): void {
    this.cancelSilence?.();
    this.cancelSilence = this.session.context.clock.setTimer(ms, () => this.finish(undefined));
  }

  takeNotify(transaction: ServerTransaction): void {
    const { request } = transaction;
    transaction.reply({ status: 200 });
    const frag = readSipfrag(request.body);
    const state = request.headers.value(subscriptionStateHeader);
    if (frag !== undefined) this.events.onProgress?.(frag.status, frag.reasonPhrase);
    const final = frag !== undefined && frag.status >= 200 ? frag.status : undefined;
    if (final !== undefined || state?.token.toLowerCase() === 'terminated') this.finish(final);
    else this.listen(SILENCE_MS);
  }

  finish(status: number | undefined): void {
    if (this.close()) this.events.onDone?.(status);
  }

  reject(result: RequestResult): void {
    if (this.close()) this.events.onRejected?.(result);
  }

  private close(): boolean {
    if (this.over) return false;
    this.over = true;
    this.cancelSilence?.();
    const { referSubscriptions } = this.session;
    const at = referSubscriptions.indexOf(this);
    if (at !== -1) referSubscriptions.splice(at, 1);
    this.session.forgetWhenDone();
    return true;
  }
}

/** Asks the peer to call `referTo`; a Replaces for an attended transfer goes into its URI headers (RFC 3891 §4). */
export function sendRefer(
  session: Session,
  referTo: NameAddr,
  events: ReferEvents,
  headers: HeaderLines = [],
): void {
  const { context } = session;
  const subscription = new Subscription(session, events);
  const draft = session.draft('REFER', {
    headers: [['Refer-To', referToHeader.format(referTo)], ...headers],
  });
  // The first NOTIFY may overtake the 202 (§2.4.4), so it must be expected from now on.
  subscription.begin();
  const nextSequence = (): number => {
    subscription.id = draft.nextSequence();
    return subscription.id;
  };
  context.sender.send(
    { ...draft, nextSequence, contact: context.contactFor },
    {
      onResult: (result) => {
        if (result.kind === 'response' && result.status < 300) return events.onAccepted?.();
        subscription.reject(result);
        if (result.status === 481) session.losePeer();
      },
    },
  );
}

/**
 * Refer-To for an attended transfer: whoever calls it takes the place of our side in `consultation` (RFC 3891 §4,
 * RFC 5589 §7). The tags are those that the other side of that session sees.
 */
export function referToReplacing(consultation: Session): NameAddr {
  const { callId, localTag, remoteTag, remoteTarget, remote } = consultation.dialog;
  const value = replacesHeader.format({ callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false });
  const uri =
    remoteTarget.kind === 'sip' ? remoteTarget.with({ headers: [['Replaces', value]] }) : remote.uri;
  return new NameAddr(uri);
}

/** §2.4.6: without an id the NOTIFY belongs to the oldest REFER. */
export function receiveReferNotify(session: Session, transaction: ServerTransaction): void {
  const event = transaction.request.headers.value(eventHeader);
  const id = event?.params.number('id');
  const { referSubscriptions } = session;
  const subscription =
    id === undefined ? referSubscriptions[0] : referSubscriptions.find((one) => one.id === id);
  if (event?.token.toLowerCase() !== 'refer' || subscription === undefined) {
    transaction.reply({ status: 481 });
    return;
  }
  subscription.takeNotify(transaction);
}
