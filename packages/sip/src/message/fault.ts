import type { ReadonlySipHeaders } from './headers.ts';
import type { Via } from './headers/via.ts';
import { reasonPhraseOf } from './status.ts';

export type FaultCode =
  // what the parser finds
  | 'keep-alive'
  | 'not-sip'
  | 'malformed-start-line'
  | 'unsupported-version'
  | 'malformed-request-uri'
  | 'malformed-header'
  | 'missing-header'
  | 'missing-empty-line'
  | 'content-length-missing'
  | 'content-length-invalid'
  | 'body-truncated'
  | 'body-too-large'
  | 'message-too-large'
  | 'too-many-headers'
  // what the validation step finds
  | 'duplicate-header'
  | 'method-unknown'
  | 'method-not-allowed'
  | 'method-mismatch'
  | 'scheme-unsupported'
  | 'request-uri-headers'
  | 'extension-unsupported'
  | 'too-many-hops'
  | 'branch-empty'
  | 'address-not-sip'
  | 'date-invalid'
  | 'content-type-missing'
  | 'content-type-unsupported'
  | 'content-encoding-unsupported'
  | 'accept-unsatisfiable'
  | 'several-via';

/** Something wrong with a message, and the answer that says so. */
export interface SipFault {
  readonly code: FaultCode;
  /** The response status to answer a request with. */
  readonly status: number;
  /** For the status line: readable, and made only of our own words. */
  readonly reasonPhrase: string;
  /** The same without the standard phrase, for logs and user interfaces. */
  readonly problem: string;
  /** The header it was found in, in the RFC's spelling, when that is a known header. */
  readonly header: string | undefined;
  /** Headers that belong in the answer: Unsupported, Allow, Accept, Warning. */
  readonly answerHeaders: readonly (readonly [string, string])[];
}

/** A message that could not be parsed. */
export interface SipParseError extends SipFault {
  /** `unknown` when the start line does not even look like SIP. */
  readonly subject: 'request' | 'response' | 'unknown';
  /** The method, when the start line gave one. */
  readonly method: string | undefined;
  /** Every header line that could be read: From, To, Call-ID and CSeq for the answer, raw. */
  readonly recovered: ReadonlySipHeaders;
  /** The top Via: where an answer would go. */
  readonly via: Via | undefined;
  /**
   * Whether a response may be sent: never to a response or an ACK (RFC 3261 §17.1.1.3), never without a Via.
   * Everything else is dropped silently.
   */
  readonly answerable: boolean;
}

interface FaultDetails {
  readonly header?: string | undefined;
  readonly answerHeaders?: readonly (readonly [string, string])[];
}

export function makeFault(
  code: FaultCode,
  status: number,
  problem: string,
  details: FaultDetails = {},
): SipFault {
  const where = details.header === undefined ? problem : `${details.header}: ${problem}`;
  return {
    code,
    status,
    reasonPhrase: `${reasonPhraseOf(status)} (${where})`,
    problem: where,
    header: details.header,
    answerHeaders: details.answerHeaders ?? [],
  };
}
