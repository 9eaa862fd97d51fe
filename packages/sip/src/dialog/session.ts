import type { DigestClient } from '../auth/digest-client.ts';
import { allowHeader } from '../message/headers/option-tags.ts';
import type { Reason } from '../message/headers/reason.ts';
import type { SipMessage, SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow } from '../transport/transport.ts';
import type { AcceptedInvite } from './accepted-invite.ts';
import type { Dialog } from './dialog.ts';
import type { DialogUser } from './dialog-table.ts';
import type { IncomingChange } from './incoming-change.ts';
import { OfferState } from './offer-state.ts';
import { OutgoingChange, type OutgoingChangeEvents } from './outgoing-change.ts';
import type { IncomingRefer } from './refer-server.ts';
import type { ReferSubscription } from './refer-client.ts';
import type { ReliableResponses } from './reliable-responses.ts';
import {
  type Body,
  bodyOf,
  type HeaderLines,
  type RequestDraft,
  type RequestResult,
  type SentAck,
} from './request-sender.ts';
import { SessionClock } from './session-clock.ts';
import { reasonLine, reasonsIn } from './reasons.ts';
import {
  capabilityHeaders,
  type SessionContext,
  type SessionEnd,
  type SessionEndCause,
} from './session-context.ts';
import { receiveInSession } from './session-requests.ts';

/** What the peer does inside a session. Everything without a handler is answered as the RFCs say. */
export interface SessionEvents {
  /** A re-INVITE or UPDATE: accept or reject it. Without a handler a pure refresh is accepted, a new offer 488. */
  onChange?(change: IncomingChange): void;
  /** The answer to an offer that we made in a response: in an ACK or PRACK. */
  onAnswer?(body: Body): void;
  /** RFC 6086; answered 200 by itself. */
  onInfo?(body: Body | undefined, request: SipRequest): void;
  onRefer?(refer: IncomingRefer): void;
  /** MESSAGE and other methods, NOTIFY for packages but refer: answer the transaction. */
  onRequest?(transaction: ServerTransaction): void;
  /** Once. */
  onEnded?(end: SessionEnd): void;
}

export interface SessionInit {
  readonly dialog: Dialog;
  readonly context: SessionContext;
  /** Says what the peer can do: its INVITE or its response. */
  readonly peerMessage: SipMessage;
  readonly credentials?: DigestClient | undefined;
}

export interface DraftInit {
  readonly headers?: HeaderLines;
  readonly body?: Body | undefined;
  /** INVITE and UPDATE carry Contact, Allow and Supported: they refresh the target (RFC 3261 §12.2). */
  readonly target?: boolean;
}

/** The INVITE usage of one dialog (RFC 5057 §3), early or confirmed, on either side. */
export class Session implements DialogUser {
  readonly dialog: Dialog;
  readonly context: SessionContext;
  readonly offers = new OfferState();
  readonly timer: SessionClock;
  readonly referSubscriptions: ReferSubscription[] = [];
  events: SessionEvents = {};
  /** Set while we answer the first INVITE with reliable provisional responses. */
  reliable: ReliableResponses | undefined;
  /** For the call that made the session: it has ended while its INVITE may still be open. */
  onDropped: ((cause: SessionEndCause) => void) | undefined;
  /** Numbers REFERs after the first (RFC 3515 §2.4.6). */
  refersReceived = 0;
  private readonly credentials: DigestClient | undefined;
  private readonly peerMethods: ReadonlySet<string>;
  private localBody: Body | undefined;
  private remoteBody: Body | undefined;
  private accepted: AcceptedInvite | undefined;
  private incoming: IncomingChange | undefined;
  private outgoing: OutgoingChange | undefined;
  private byeWaits: HeaderLines | undefined;
  private byePending = false;

  constructor(init: SessionInit) {
    this.dialog = init.dialog;
    this.context = init.context;
    this.credentials = init.credentials;
    this.peerMethods = new Set(init.peerMessage.headers.values(allowHeader));
    this.timer = new SessionClock(init.context.clock, {
      onRefreshDue: () => this.refresh(),
      onExpired: () => this.expire(),
    });
    this.context.table.add(this);
  }

  get isTerminated(): boolean {
    return this.dialog.state === 'terminated';
  }

  /** Our last offer or answer: what a refresh by re-INVITE repeats (RFC 4028 §7.4). */
  get lastLocalBody(): Body | undefined {
    return this.localBody;
  }

  get lastRemoteBody(): Body | undefined {
    return this.remoteBody;
  }

  peerAllows(method: string): boolean {
    return this.peerMethods.has(method);
  }

  /**
   * Sends a re-INVITE or UPDATE. Without `body` an INVITE asks the peer for an offer, an UPDATE only refreshes. False
   * when another change is under way: wait for it (RFC 3261 §14.1).
   */
  change(
    body: Body | undefined,
    events: OutgoingChangeEvents = {},
    method: 'INVITE' | 'UPDATE' = 'INVITE',
  ): boolean {
    const free = method === 'INVITE' ? this.offers.mayOffer : body === undefined || this.offers.mayUpdate;
    if (this.isTerminated || this.outgoing !== undefined || !free) return false;
    if (method === 'INVITE' && this.dialog.state !== 'confirmed') return false;
    this.outgoing = new OutgoingChange(this, method, body, events);
    this.outgoing.start();
    return true;
  }

  /** Any other request inside the dialog: INFO, MESSAGE, OPTIONS. */
  request(method: string, init: DraftInit, onResult: (result: RequestResult) => void): void {
    this.context.sender.send(this.draft(method, init), {
      onResult: (result) => {
        onResult(result);
        if (result.status === 481) this.losePeer();
      },
    });
  }

  /**
   * Ends the session. A 2xx of ours that waits for its ACK is waited for (RFC 3261 §15): the BYE could overtake it.
   */
  bye(headers: HeaderLines = []): void {
    this.hangUp(headers, 'bye-sent');
  }

  draft(method: string, init: DraftInit = {}): RequestDraft {
    const { context, dialog, credentials } = this;
    const shared = init.target === true ? capabilityHeaders(context.policy) : context.policy.headers;
    return {
      ...dialog.requestParts(),
      method,
      headers: [...shared, ...(init.headers ?? [])],
      body: init.body,
      nextSequence: () => dialog.nextSequence(),
      flow: dialog.flow,
      contact: init.target === true ? context.contactFor : undefined,
      credentials,
    };
  }

  /** The ACK for a 2xx: with the INVITE's number and credentials (RFC 3261 §13.2.2.4, §22.1). */
  acknowledge(invite: SipRequest, body?: Body): SentAck {
    const names = ['Authorization', 'Proxy-Authorization'];
    const headers = names.flatMap((name) => invite.headers.all(name).map((value) => [name, value] as const));
    const draft = this.draft('ACK', { headers, body });
    return this.context.sender.sendAck({
      ...draft,
      nextSequence: () => invite.cseq.sequence,
      credentials: undefined,
    });
  }

  onRequest(transaction: ServerTransaction): void {
    receiveInSession(this, transaction);
  }

  onAck(ack: SipRequest, flow: Flow): void {
    const { accepted } = this;
    if (accepted === undefined || ack.cseq.sequence !== accepted.sequence || !accepted.stop()) return;
    this.accepted = undefined;
    this.dialog.flow = flow;
    this.offers.awaitsAck = false;
    const answer = bodyOf(ack);
    if (this.offers.offer === 'local') {
      this.offers.offer = 'none';
      if (answer !== undefined) this.takeAnswer(answer);
    }
    if (this.byeWaits !== undefined) this.bye(this.byeWaits);
  }

  /** A request of ours was told that the peer has no such dialog, or nobody answered it (§12.2.1.2). */
  losePeer(): void {
    // Before the answer it is the INVITE's own outcome that counts.
    if (this.dialog.state === 'confirmed') this.hangUp([], 'peer-lost');
  }

  /** Without a message: the INVITE that made it came to nothing. */
  drop(cause: SessionEndCause, reasons: readonly Reason[] = []): void {
    if (this.isTerminated) return;
    this.dialog.state = 'terminated';
    this.timer.stop();
    this.accepted?.stop();
    this.reliable?.stop();
    this.outgoing?.stop();
    // §15.1.2: what still waits for our answer gets 487.
    this.incoming?.reject(487);
    this.forgetWhenDone();
    this.onDropped?.(cause);
    this.events.onEnded?.({ cause, reasons });
  }

  // What follows is for the parts of a session, not for its users.

  noteBodies(local: Body | undefined, remote: Body | undefined): void {
    if (local !== undefined) this.localBody = local;
    if (remote !== undefined) this.remoteBody = remote;
  }

  takeAnswer(answer: Body): void {
    this.remoteBody = answer;
    this.events.onAnswer?.(answer);
  }

  awaitAck(accepted: AcceptedInvite): void {
    this.accepted?.stop();
    this.accepted = accepted;
    this.offers.awaitsAck = true;
  }

  noteMissingAck(): void {
    this.offers.awaitsAck = false;
    // §13.3.1.4: the session should be terminated with a BYE.
    this.hangUp(this.byeWaits ?? [], 'no-ack');
  }

  setIncoming(change: IncomingChange): void {
    this.incoming = change;
  }

  noteChangeDone(change: IncomingChange): void {
    if (this.incoming === change) this.incoming = undefined;
  }

  noteOutgoingDone(change: OutgoingChange): void {
    if (this.outgoing === change) this.outgoing = undefined;
  }

  /** A BYE that was answered, or the end of a REFER, may make this dialog superfluous. */
  forgetWhenDone(): void {
    if (!this.isTerminated || this.byePending || this.referSubscriptions.length > 0) return;
    this.context.table.remove(this);
  }

  private hangUp(headers: HeaderLines, cause: SessionEndCause): void {
    if (this.isTerminated) return;
    if (this.accepted?.isWaiting === true) {
      this.byeWaits = headers;
      return;
    }
    // §15: the callee has nothing to end an early dialog with but a final response.
    if (this.dialog.state === 'early' && this.dialog.role === 'uas') return;
    this.byePending = true;
    this.context.sender.send(this.draft('BYE', { headers }), {
      onResult: () => {
        this.byePending = false;
        this.forgetWhenDone();
      },
    });
    // §15.1.1: the session is over as soon as the BYE is on its way.
    this.drop(cause, reasonsIn(headers));
  }

  private refresh(): void {
    const useUpdate = this.peerAllows('UPDATE') || this.localBody === undefined;
    const started = useUpdate ? this.change(undefined, {}, 'UPDATE') : this.change(this.localBody);
    if (started || this.isTerminated) return;
    // Whatever is under way may refresh the session itself; if it does not, there is time for another try.
    const { clock, timers } = this.context;
    const { interval } = this.timer;
    clock.setTimer(timers.t2Ms, () => {
      if (this.timer.interval === interval && !this.isTerminated) this.refresh();
    });
  }

  private expire(): void {
    this.hangUp([reasonLine('SIP', 408, 'Session expired')], 'session-expired');
  }
}
