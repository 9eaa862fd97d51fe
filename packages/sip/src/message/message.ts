import type { ReadonlySipHeaders } from './headers.ts';
import type { CSeq } from './headers/cseq.ts';
import type { NameAddr } from './headers/name-addr.ts';
import type { Via } from './headers/via.ts';
import type { Uri } from './uri/uri.ts';

interface MessageFields {
  /** All lines. The fields below are parsed from it; to change any, see `updateHeaders` and `withTopVia`. */
  readonly headers: ReadonlySipHeaders;
  /** The octets after the empty line, as many as Content-Length says. Shares memory with what was parsed. */
  readonly body: Buffer;
  /** The topmost Via value. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
  /** Undefined when absent, and when past 255, which RFC 4475 §3.1.2.4 treats alike. */
  readonly maxForwards: number | undefined;
  /** As written; undefined when absent, which only a datagram may be. */
  readonly contentLength: number | undefined;
}

/** Immutable. */
export interface SipRequest extends MessageFields {
  readonly kind: 'request';
  /** Case-sensitive (RFC 3261 §7.1). */
  readonly method: string;
  readonly uri: Uri;
}

/** Immutable. */
export interface SipResponse extends MessageFields {
  readonly kind: 'response';
  /** 100 to 699 */
  readonly status: number;
  readonly reasonPhrase: string;
}

export type SipMessage = SipRequest | SipResponse;
