// REFER, the side that is asked to call somebody: RFC 3515 §2.4.
import type { NameAddr } from '../message/headers/name-addr.ts';
import type { Parsed } from '../message/result.ts';
import {
  referredByHeader,
  referToHeader,
  type Replaces,
  replacesOfReferTo,
} from '../message/headers/referral.ts';
import type { SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Session } from './session.ts';
import { makeSipfrag } from './sipfrag.ts';

/** How long the implicit subscription may last without news; the referred call rings at most so long. */
const SUBSCRIPTION_SECONDS = 300;

/** Tells the peer how the referred call is going (§2.4.4, §2.4.5). */
export interface ReferNotifier {
  /** A final status ends the subscription; later calls do nothing. */
  notify(status: number, reasonPhrase?: string): void;
}

export interface IncomingRefer {
  readonly request: SipRequest;
  readonly referTo: NameAddr;
  readonly referredBy: NameAddr | undefined;
  /** The dialog that the new call is to replace (RFC 3891 §4); malformed ones are worth a 400. */
  readonly replaces: Parsed<Replaces> | undefined;
  /** 202, and the first NOTIFY at once (§2.4.4). */
  accept(): ReferNotifier;
  reject(status: number): void;
}

export function receiveRefer(session: Session, transaction: ServerTransaction): void {
  const { headers } = transaction.request;
  const referTo = headers.read(referToHeader);
  // §2.4.1: exactly one Refer-To.
  if (referTo === undefined || !referTo.ok || headers.count('Refer-To') !== 1) {
    transaction.reply({ status: 400, reasonPhrase: 'Bad Request (Refer-To)' });
    return;
  }
  if (session.events.onRefer === undefined) {
    transaction.reply({ status: 603 });
    return;
  }
  session.refersReceived++;
  const first = session.refersReceived === 1;
  session.events.onRefer({
    request: transaction.request,
    referTo: referTo.value,
    referredBy: headers.value(referredByHeader),
    replaces: replacesOfReferTo(referTo.value.uri),
    accept: () => acceptRefer(session, transaction, first),
    reject: (status) => void transaction.reply({ status }),
  });
}

function acceptRefer(session: Session, transaction: ServerTransaction, first: boolean): ReferNotifier {
  const { context } = session;
  const contact = context.contactFor(transaction.flow).toString();
  transaction.reply({ status: 202, headers: [['Contact', contact], ...context.policy.headers] });
  const event = first ? 'refer' : `refer;id=${transaction.request.cseq.sequence}`;
  let over = false;
  const notify = (status: number, reasonPhrase?: string): void => {
    if (over) return;
    over = status >= 200;
    const state = over ? 'terminated;reason=noresource' : `active;expires=${SUBSCRIPTION_SECONDS}`;
    const draft = session.draft('NOTIFY', {
      headers: [
        ['Event', event],
        ['Subscription-State', state],
      ],
      body: makeSipfrag(status, reasonPhrase),
    });
    const onResult = ({ status: answer }: { readonly status: number }): void => {
      // RFC 6665 §4.2.2: the subscriber is gone.
      if (answer === 481 || answer === 408) over = true;
    };
    context.sender.send({ ...draft, contact: context.contactFor }, { onResult });
  };
  notify(100);
  return { notify };
}
