import { type Body, type HeaderLines, type IncomingCall, reasonLine } from '@tronco/sip';
import type { CallRecord } from '../calls/call-ledger.ts';
import { type CarrierContext, openMedia } from '../context.ts';
import type { PlainBehaviour } from './destination.ts';

type Answering = Extract<PlainBehaviour, { readonly kind: 'answer' }>;

/** Lets a call meet what its number does. */
export function playDestination(
  context: CarrierContext,
  call: IncomingCall,
  record: CallRecord,
  behaviour: PlainBehaviour,
): void {
  call.events = {
    onEnded: (cause) => record.end(cause, cause === 'timeout' ? 480 : 487),
  };
  record.giveUp = () => refuse(call, record, 503);
  if (behaviour.kind === 'answer') return void answer(context, call, record, behaviour);
  if (behaviour.kind === 'no-answer') {
    ring(call, record);
    return record.at(behaviour.giveUpAfterMs, () => refuse(call, record, 480));
  }
  const { status, ringAfterMs, refuseAfterMs = 0, retryAfterSeconds } = behaviour;
  if (ringAfterMs !== undefined) record.at(ringAfterMs, () => ring(call, record));
  const headers: HeaderLines =
    retryAfterSeconds === undefined ? [] : [['Retry-After', `${retryAfterSeconds}`]];
  record.at(refuseAfterMs, () => refuse(call, record, status, headers));
}

export function refuse(
  call: IncomingCall,
  record: CallRecord,
  status: number,
  headers: HeaderLines = [],
): void {
  record.end('refused', status);
  call.reject(status, headers);
}

function ring(call: IncomingCall, record: CallRecord): void {
  if (call.ring()) record.noteRinging(180);
}

async function answer(
  context: CarrierContext,
  call: IncomingCall,
  record: CallRecord,
  behaviour: Answering,
): Promise<void> {
  const media = await openMedia(context, call.flow.remoteAddress, true);
  // The caller may have given up while the ports were opened.
  if (record.isOver) return media?.close();
  if (media === undefined) return refuse(call, record, 503);
  record.media = media;
  let body: Body | undefined;
  if (call.offer !== undefined) {
    const made = media.answer(call.offer);
    if (!made.ok) return refuse(call, record, made.status, made.headers);
    body = made.body;
  }
  const { ringAfterMs = 0, earlyMedia = false, answerAfterMs, hangUpAfterMs } = behaviour;
  record.at(ringAfterMs, () => {
    // Without an offer there is nothing that early media could answer.
    if (!earlyMedia || body === undefined) return ring(call, record);
    if (call.ring({ status: 183, body })) record.noteRinging(183);
  });
  record.at(answerAfterMs, () => pickUp(call, record, body, hangUpAfterMs));
}

function pickUp(
  call: IncomingCall,
  record: CallRecord,
  body: Body | undefined,
  hangUpAfterMs: number | undefined,
): void {
  const { session } = call;
  const { media } = record;
  // RFC 3262 §5: a reliable 183 has carried the answer, and a second one would be an offer.
  const described = call.offer !== undefined && session.offers.offer !== 'remote';
  session.events = {
    onChange: (change) => media?.change(change),
    onAnswer: (sdp) => {
      if (media?.takeAnswer(sdp) !== undefined) session.bye([reasonLine('SIP', 488)]);
    },
    onEnded: ({ cause }) => record.end(cause),
  };
  if (!call.answer({ body: described ? undefined : (body ?? media?.offer()) })) return;
  record.noteAnswered(session);
  if (hangUpAfterMs !== undefined) {
    record.after(hangUpAfterMs, () => session.bye([reasonLine('Q.850', 16)]));
  }
}
