// The two requests a client transaction makes of its own INVITE.
import { createRequest } from '../message/create-request.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';

const routes = (request: SipRequest): (readonly [string, string])[] =>
  request.headers.all('Route').map((value) => ['Route', value] as const);

/** The ACK for a 300–699 response (RFC 3261 §17.1.1.3): same branch and Route, the response's To. */
export function createRejectionAck(invite: SipRequest, response: SipResponse): SipRequest {
  const { uri, via, from, callId, cseq } = invite;
  const { to } = response;
  const { sequence } = cseq;
  return createRequest({ method: 'ACK', uri, via, from, to, callId, sequence, headers: routes(invite) });
}

/** §9.1: same Request-URI, Call-ID, To, From, CSeq number, Route and branch. `headers` may give a Reason (RFC 3326). */
export function createCancel(
  invite: SipRequest,
  headers: Iterable<readonly [string, string]> = [],
): SipRequest {
  const { uri, via, from, to, callId, cseq } = invite;
  const { sequence } = cseq;
  const lines = [...routes(invite), ...headers];
  return createRequest({ method: 'CANCEL', uri, via, from, to, callId, sequence, headers: lines });
}
