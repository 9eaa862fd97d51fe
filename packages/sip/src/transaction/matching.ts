import { createHmac } from 'node:crypto';
import { MAGIC_COOKIE } from '../message/headers/via.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Random } from '../runtime/random.ts';

/** RFC 3261 §8.1.1.7; 96 bits, so that nobody off the path can answer in a server's name. */
export const newBranch = (random: Random): string => MAGIC_COOKIE + random.token(96);

/** §17.1.3: the branch we made and the method in CSeq, which tells a CANCEL from the request it cancels. */
export const clientKey = (branch: string, method: string): string => `${branch} ${method}`;

export function clientKeyOf(response: SipResponse): string | undefined {
  const { branch } = response.via;
  return branch === undefined ? undefined : clientKey(branch, response.cseq.method);
}

/** How a request finds its server transaction, and its copies. Made once per message: it costs as much as a header. */
export interface ServerKeys {
  readonly own: string;
  readonly merge: string | undefined;
}

export const serverKeysOf = (request: SipRequest): ServerKeys => ({
  own: serverKeyOf(request),
  merge: mergeKeyOf(request),
});

/** An ACK belongs to the transaction of its INVITE (§17.2.3). */
function serverKeyOf(request: SipRequest): string {
  return keyWithMethod(request, request.method === 'ACK' ? 'INVITE' : request.method);
}

/** §9.2: the transaction a CANCEL asks to end. Nothing but an INVITE can be cancelled in time. */
export const cancelledKeyOf = (cancel: SipRequest): string => keyWithMethod(cancel, 'INVITE');

function keyWithMethod(request: SipRequest, method: string): string {
  const { via } = request;
  if (via.hasMagicBranch) return `${via.branch} ${via.sentBy} ${method}`;
  // §17.2.3, for clients of RFC 2543. The To tag is left out: an ACK carries the one that our response put there.
  const { uri, from, callId, cseq } = request;
  return `2543 ${method} ${uri} ${from.tag ?? ''} ${callId} ${cseq.sequence} ${via}`;
}

/**
 * §8.2.2.2: equal for the copies of one request that reached us over different paths. Undefined inside a dialog,
 * where copies cannot be.
 */
function mergeKeyOf(request: SipRequest): string | undefined {
  if (request.to.tag !== undefined || request.method === 'ACK' || request.method === 'CANCEL')
    return undefined;
  return `${request.callId} ${request.from.tag ?? ''} ${request.cseq.sequence} ${request.method}`;
}

/** §8.2.7: the tag of stateless answers must be the same for every copy of a request, and no one else's to guess. */
export function statelessTag(request: SipRequest, secret: string): string {
  const hmac = createHmac('sha256', secret);
  hmac.update(`${request.via.branch ?? request.via.toString()} ${request.callId} ${request.from.tag ?? ''}`);
  return hmac.digest('hex').slice(0, 16);
}
