import { contactHeader } from '../message/headers/contact.ts';
import type { NameAddr } from '../message/headers/name-addr.ts';
import { recordRouteHeader } from '../message/headers/route.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import type { SipUri } from '../message/uri/sip-uri.ts';
import type { Uri } from '../message/uri/uri.ts';
import type { Flow } from '../transport/transport.ts';
import { routeRequest } from './route-request.ts';

/** RFC 3261 §12: `early` until a 2xx, `terminated` after a BYE, a rejection or a lost peer. */
export type DialogState = 'early' | 'confirmed' | 'terminated';

interface DialogInit {
  /** Who sent the request that made the dialog. */
  readonly role: 'uac' | 'uas';
  readonly callId: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly routeSet: readonly NameAddr[];
  readonly remoteTarget: Uri;
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
  readonly flow: Flow;
  readonly state: DialogState;
}

/** What a request inside the dialog takes from it. */
export interface DialogRequestParts {
  readonly uri: Uri;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly routes: readonly NameAddr[];
  /** Where RFC 3263 starts from. Undefined when it is no SIP URI: the flow must serve. */
  readonly nextHop: SipUri | undefined;
}

/** How two user agents know that their messages belong together: RFC 3261 §12.1. */
export class Dialog {
  readonly role: 'uac' | 'uas';
  readonly callId: string;
  /** With its tag. */
  readonly local: NameAddr;
  /** With its tag, if the peer gave one; RFC 2543 peers may not. */
  readonly remote: NameAddr;
  state: DialogState;
  /** The way the peer's last message came. */
  flow: Flow;
  private routes: readonly NameAddr[];
  private target: Uri;
  private sequence: number;
  private peerSequence: number | undefined;

  private constructor(init: DialogInit) {
    this.role = init.role;
    this.callId = init.callId;
    this.local = init.local;
    this.remote = init.remote;
    this.routes = init.routeSet;
    this.target = init.remoteTarget;
    this.sequence = init.localSequence;
    this.peerSequence = init.remoteSequence;
    this.flow = init.flow;
    this.state = init.state;
  }

  /** §12.1.2: from the first response with a tag; the Record-Route is read from its far end. */
  static ofResponse(request: SipRequest, response: SipResponse, flow: Flow): Dialog {
    return new Dialog({
      role: 'uac',
      callId: request.callId,
      local: request.from,
      remote: response.to,
      routeSet: response.headers.values(recordRouteHeader).toReversed(),
      // Without a Contact the only address known is the one that was called.
      remoteTarget: contactOf(response) ?? request.uri,
      localSequence: request.cseq.sequence,
      remoteSequence: undefined,
      flow,
      state: response.status >= 200 ? 'confirmed' : 'early',
    });
  }

  /** §12.1.1: from a request that is about to be answered with `localTag`. */
  static ofRequest(request: SipRequest, localTag: string, flow: Flow): Dialog {
    return new Dialog({
      role: 'uas',
      callId: request.callId,
      local: request.to.tag === undefined ? request.to.withTag(localTag) : request.to,
      remote: request.from,
      routeSet: request.headers.values(recordRouteHeader),
      remoteTarget: contactOf(request) ?? request.from.uri,
      // §12.2.1.1: empty at first; any start below 2**31 will do.
      localSequence: 0,
      remoteSequence: request.cseq.sequence,
      flow,
      state: 'early',
    });
  }

  get localTag(): string {
    return this.local.tag ?? '';
  }

  get remoteTag(): string {
    return this.remote.tag ?? '';
  }

  get key(): string {
    return dialogKey(this.callId, this.localTag, this.remoteTag);
  }

  get remoteTarget(): Uri {
    return this.target;
  }

  get routeSet(): readonly NameAddr[] {
    return this.routes;
  }

  get remoteSequence(): number | undefined {
    return this.peerSequence;
  }

  /** We made the Call-ID: decides how long to wait after a 491 (§14.1). */
  get ownsCallId(): boolean {
    return this.role === 'uac';
  }

  /** §13.2.2.4: with the 2xx the route set is computed once more and then stays. */
  confirm(response: SipResponse): void {
    if (this.state === 'terminated') return;
    if (this.role === 'uac' && this.state === 'early') {
      this.routes = response.headers.values(recordRouteHeader).toReversed();
    }
    this.state = 'confirmed';
    this.refreshTarget(response);
  }

  /** §12.2.1.2, §12.2.2: the Contact of a target refresh (INVITE, UPDATE) and of its 2xx. */
  refreshTarget(message: SipMessage): void {
    const contact = contactOf(message);
    if (contact !== undefined) this.target = contact;
  }

  /** The CSeq number for the next request (§12.2.1.1). */
  nextSequence(): number {
    this.sequence++;
    return this.sequence;
  }

  /** §12.2.2: false for a request older than the last one, which is to be answered 500. */
  acceptSequence(request: SipRequest): boolean {
    const { sequence } = request.cseq;
    if (this.peerSequence !== undefined && sequence < this.peerSequence) return false;
    this.peerSequence = sequence;
    return true;
  }

  /** §12.2.1.1 */
  requestParts(): DialogRequestParts {
    const { callId, local: from, remote: to } = this;
    return { callId, from, to, ...routeRequest(this.target, this.routes) };
  }
}

/** §12: both sides compute the same three values, each from its own side. */
export const dialogKey = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId} ${localTag} ${remoteTag}`;

/** The dialog an incoming request says it belongs to; undefined outside of one. */
export function dialogKeyOf(request: SipRequest): string | undefined {
  const localTag = request.to.tag;
  return localTag === undefined ? undefined : dialogKey(request.callId, localTag, request.from.tag ?? '');
}

function contactOf(message: SipMessage): Uri | undefined {
  return message.headers.values(contactHeader)[0]?.uri;
}
