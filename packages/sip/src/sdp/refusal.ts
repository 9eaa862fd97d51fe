// Why an offer or an answer cannot be accepted, with what SIP says about it (RFC 3261 §13.3.1.3, §20.43, §21.4.26).
import type { SdpError } from './parse-sdp.ts';

export type RefusalCode =
  | 'bad-sdp'
  | 'no-audio'
  | 'no-common-codec'
  | 'unsupported-transport'
  | 'unsupported-address'
  | 'srtp-required'
  | 'srtp-disabled'
  | 'no-common-suite'
  | 'peer-refused-audio'
  | 'answer-mismatch'
  /** An offer arrived while ours is out. */
  | 'glare'
  /** We wanted to offer while another exchange is under way. */
  | 'offer-pending'
  | 'no-offer-pending';

export interface Refusal {
  /** SIP status to answer; where a response is no longer possible, the cause for Reason in the BYE. */
  readonly status: 400 | 488 | 491 | 606;
  readonly code: RefusalCode;
  /** For a person who has to fix it. */
  readonly reason: string;
  /** For the Warning header (RFC 3261 §20.43). */
  readonly warningCode: number;
}

interface Facts {
  readonly status: Refusal['status'];
  readonly warningCode: number;
}

const FACTS: Readonly<Record<RefusalCode, Facts>> = {
  'bad-sdp': { status: 400, warningCode: 399 },
  'no-audio': { status: 488, warningCode: 304 },
  'no-common-codec': { status: 488, warningCode: 305 },
  'unsupported-transport': { status: 488, warningCode: 302 },
  'unsupported-address': { status: 488, warningCode: 301 },
  'srtp-required': { status: 488, warningCode: 302 },
  'srtp-disabled': { status: 488, warningCode: 302 },
  'no-common-suite': { status: 488, warningCode: 306 },
  'peer-refused-audio': { status: 488, warningCode: 304 },
  'answer-mismatch': { status: 488, warningCode: 399 },
  glare: { status: 491, warningCode: 399 },
  'offer-pending': { status: 491, warningCode: 399 },
  'no-offer-pending': { status: 488, warningCode: 399 },
};

export function refuseMedia(code: RefusalCode, reason: string): Refusal {
  return { code, reason, ...FACTS[code] };
}

export function refuseSdp(error: SdpError): Refusal {
  const where = error.line > 0 ? ` (line ${error.line})` : '';
  return refuseMedia('bad-sdp', `the session description cannot be read: ${error.message}${where}`);
}

/** 606 instead of 488: nobody else reachable under this address could take the call either (RFC 3261 §21.6.4). */
export function everywhere(refusal: Refusal): Refusal {
  return refusal.status === 488 ? { ...refusal, status: 606 } : refusal;
}
