import { eventHeader } from '../message/headers/event.ts';
import { reasonHeader } from '../message/headers/reason.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { receiveChange, receivePrackOffer, type IncomingChange } from './incoming-change.ts';
import { receiveReferNotify } from './refer-client.ts';
import { receiveRefer } from './refer-server.ts';
import { type Body, bodyOf } from './request-sender.ts';
import type { Session } from './session.ts';

/** A new request inside the dialog (RFC 3261 §12.2.2), whose ACKs and repetitions have been dealt with. */
export function receiveInSession(session: Session, transaction: ServerTransaction): void {
  const { request } = transaction;
  const { dialog } = session;
  if (!dialog.acceptSequence(request)) {
    transaction.reply({ status: 500, reasonPhrase: 'Server Internal Error (CSeq out of order)' });
    return;
  }
  dialog.flow = transaction.flow;
  if (session.isTerminated) return receiveAfterEnd(session, transaction);
  switch (request.method) {
    case 'BYE':
      return receiveBye(session, transaction);
    case 'INVITE':
    case 'UPDATE':
      return receiveOffer(session, transaction);
    case 'PRACK':
      return receivePrack(session, transaction);
    case 'INFO':
      transaction.reply({ status: 200, headers: session.context.policy.headers });
      return session.events.onInfo?.(bodyOf(request), request);
    case 'REFER':
      return receiveRefer(session, transaction);
    case 'NOTIFY':
      return receiveNotify(session, transaction);
    case 'OPTIONS':
      return receiveOptions(session, transaction);
    default:
      return receiveOther(session, transaction);
  }
}

/** BYEs that cross are both right (RFC 5407 §3.2); NOTIFYs of a transfer come after it (RFC 5057 §5). */
function receiveAfterEnd(session: Session, transaction: ServerTransaction): void {
  const { method } = transaction.request;
  if (method === 'NOTIFY') receiveReferNotify(session, transaction);
  else transaction.reply({ status: method === 'BYE' ? 200 : 481 });
}

/** §15.1.2 */
function receiveBye(session: Session, transaction: ServerTransaction): void {
  transaction.reply({ status: 200, headers: session.context.policy.headers });
  session.drop('bye-received', transaction.request.headers.values(reasonHeader));
}

function receiveOffer(session: Session, transaction: ServerTransaction): void {
  const { request } = transaction;
  // §14.2: an early dialog is changed by UPDATE; a second INVITE in it is answered as one too many.
  if (request.method === 'INVITE' && session.dialog.state === 'early') {
    transaction.reply({ status: 500, headers: [['Retry-After', '2']] });
    return;
  }
  const change = receiveChange(session, transaction);
  if (change === undefined) return;
  session.setIncoming(change);
  if (isRefresh(session, change)) {
    change.accept(change.offer === undefined ? undefined : session.lastLocalBody);
  } else if (session.events.onChange === undefined) {
    change.reject(488);
  } else {
    session.events.onChange(change);
  }
}

/** RFC 4028 §7.4: an UPDATE without an offer, or the peer's last description once more, changes nothing. */
function isRefresh(session: Session, change: IncomingChange): boolean {
  if (change.offer === undefined) return change.request.method === 'UPDATE';
  const same = session.lastRemoteBody !== undefined && sameBody(change.offer, session.lastRemoteBody);
  return same && session.lastLocalBody !== undefined;
}

const sameBody = (a: Body, b: Body): boolean => isDeepStrictEqual(a.bytes, b.bytes);

/** RFC 3262 §3 */
function receivePrack(session: Session, transaction: ServerTransaction): void {
  const { reliable, offers } = session;
  if (reliable === undefined || !reliable.acknowledge(transaction.request)) {
    transaction.reply({ status: 481 });
    return;
  }
  const body = bodyOf(transaction.request);
  if (body !== undefined && offers.offer !== 'local' && session.events.onChange !== undefined) {
    const change = receivePrackOffer(session, transaction);
    session.setIncoming(change);
    return session.events.onChange(change);
  }
  transaction.reply({ status: 200, headers: session.context.policy.headers });
  if (offers.offer === 'local') {
    offers.offer = 'none';
    if (body !== undefined) session.takeAnswer(body);
  }
  reliable.proceed();
}

function receiveNotify(session: Session, transaction: ServerTransaction): void {
  const event = transaction.request.headers.value(eventHeader);
  if (event?.token.toLowerCase() === 'refer') return receiveReferNotify(session, transaction);
  if (session.events.onRequest !== undefined) return session.events.onRequest(transaction);
  // RFC 6665 §4.1.3
  transaction.reply({ status: 489 });
}

/** §11.2: a peer asks whether the dialog is still alive. */
function receiveOptions(session: Session, transaction: ServerTransaction): void {
  const { allow, supported, headers } = session.context.policy;
  transaction.reply({
    status: 200,
    headers: [
      ['Allow', allow.join(', ')],
      ['Supported', supported.join(', ')],
      ['Accept', 'application/sdp'],
      ...headers,
    ],
  });
}

function receiveOther(session: Session, transaction: ServerTransaction): void {
  if (session.events.onRequest !== undefined) return session.events.onRequest(transaction);
  transaction.reply({ status: 405, headers: [['Allow', session.context.policy.allow.join(', ')]] });
}
