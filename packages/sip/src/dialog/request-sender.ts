// What dialogs and usages ask of the user agent client core (RFC 3261 §8.1).
import type { ClientFailure, DigestClient } from '../auth/digest-client.ts';
import type { NameAddr } from '../message/headers/name-addr.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import type { SipUri } from '../message/uri/sip-uri.ts';
import type { Uri } from '../message/uri/uri.ts';
import type { TransactionFailure } from '../transaction/client-transaction.ts';
import type { Destination, Flow } from '../transport/transport.ts';

export interface Body {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export type HeaderLines = readonly (readonly [string, string])[];

/** Undefined when the message has no body. */
export function bodyOf(message: SipMessage): Body | undefined {
  if (message.body.length === 0) return undefined;
  return { contentType: message.headers.first('Content-Type') ?? 'application/sdp', bytes: message.body };
}

/** A request before it is known where it goes and how it must authenticate. */
export interface RequestDraft {
  readonly method: string;
  readonly uri: Uri;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly routes?: readonly NameAddr[] | undefined;
  readonly headers?: HeaderLines | undefined;
  readonly body?: Body | undefined;
  /** A new CSeq number: for the first attempt, and once more for each answered challenge (§22.2). */
  readonly nextSequence: () => number;
  /** What RFC 3263 resolves. */
  readonly nextHop: SipUri | undefined;
  /** The way the peer's messages come; used when `nextHop` leads nowhere or not past a NAT. */
  readonly flow?: Flow | undefined;
  /** Our Contact for messages that go there. */
  readonly contact?: ((target: Destination | Flow) => NameAddr) | undefined;
  readonly credentials?: DigestClient | undefined;
}

export type RequestFailure =
  | TransactionFailure
  /** RFC 3263 found no place to send to. */
  | { readonly reason: 'unresolved'; readonly detail: string }
  /** Cancelled before anything was sent. */
  | { readonly reason: 'cancelled' };

export type RequestResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly response: SipResponse;
      /** The request that got it: the last of several attempts. */
      readonly request: SipRequest;
      readonly flow: Flow;
      /** Why a 401 or 407 could not be answered. */
      readonly authFailure?: ClientFailure | undefined;
    }
  | {
      readonly kind: 'failure';
      /** What it counts as: 408, 503 or 487 (§8.1.3.1). */
      readonly status: 408 | 487 | 503;
      readonly failure: RequestFailure;
    };

export interface RequestEvents {
  onProvisional?(response: SipResponse, request: SipRequest, flow: Flow): void;
  /** Once. */
  onResult(result: RequestResult): void;
  /** INVITE: a 2xx after the first, from the same or another branch (§13.2.2.4). */
  onFurther2xx?(response: SipResponse, request: SipRequest, flow: Flow): void;
}

export interface PendingRequest {
  /** INVITE only: asks for its end; the result still comes, and may be a 2xx that was faster (§9.1). */
  cancel(headers?: HeaderLines): void;
}

/** An ACK for a 2xx: sent now, and again for every repetition of that 2xx (§13.2.2.4). */
export interface SentAck {
  resend(): void;
}

export interface RequestSender {
  send(draft: RequestDraft, events: RequestEvents): PendingRequest;
  /** `draft.nextSequence` gives the number of the INVITE. */
  sendAck(draft: RequestDraft): SentAck;
}
