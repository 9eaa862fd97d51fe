import {
  type Body,
  bodyOf,
  type CallProgress,
  type HeaderLines,
  HeaderSyntaxError,
  type OutgoingCall,
  reasonHeader,
  reasonLine,
  type RequestResult,
  type Session,
  SipHeaders,
} from '@tronco/sip';
import { type CarrierContext, openMedia } from '../context.ts';
import type { CallMedia } from '../media/call-media.ts';
import { isE164 } from '../numbers/number-format.ts';
import type { CallRecord } from './call-ledger.ts';
import {
  type CallIntoEnd,
  type CallIntoOptions,
  type CallIntoResult,
  notPlaced,
  type PlacedCall,
} from './call-into-result.ts';
import { addressCall, type Addresses, DEFAULT_CALLER, findRoute, type Route } from './delivery.ts';

/** Calls one of the carrier's numbers, as somebody on the telephone network would. Never rejects. */
export async function callInto(
  context: CarrierContext,
  did: string,
  options: CallIntoOptions,
): Promise<CallIntoResult> {
  const customer = context.directory.ownerOf(did);
  if (customer === undefined) return notPlaced('the number belongs to no customer');
  if (!isE164(options.from ?? DEFAULT_CALLER)) return notPlaced('the caller is not written as +E.164');
  if (!canBeWritten(options.headers)) return notPlaced('a header cannot be written');
  if (context.ledger.isFull) return notPlaced('there are too many calls');
  const route = findRoute(customer, context.bindings, options.target);
  if (typeof route === 'string') return notPlaced(route);
  const addresses = addressCall(did, customer, route, context.profile, options);
  const media = await openMedia(context, route.nextHop.host, options.echo ?? false);
  if (media === undefined) return notPlaced('there are no free ports for media');
  const callId = context.random.token(128);
  const record = context.ledger.open({
    callId,
    direction: 'into-customer',
    customer,
    caller: options.from ?? DEFAULT_CALLER,
    called: did,
    target: route.nextHop.toString(),
  });
  record.media = media;
  return new Placement(context, record, media, options).run(addresses, route);
}

/** A line break in a header is an error of whoever calls; the stack would throw it at nobody. */
function canBeWritten(headers: HeaderLines = []): boolean {
  try {
    return SipHeaders.of(headers).size === headers.length;
  } catch (error) {
    if (error instanceof HeaderSyntaxError) return false;
    throw error;
  }
}

class Placement {
  private readonly context: CarrierContext;
  private readonly record: CallRecord;
  private readonly media: CallMedia;
  private readonly options: CallIntoOptions;
  private readonly startedAtMs: number;
  private readonly progress: { status: number; atMs: number; hasSdp: boolean }[] = [];
  private call: OutgoingCall | undefined;
  private session: Session | undefined;
  private remote: Body | undefined;
  private settled = false;
  private settle: (result: CallIntoResult) => void = () => undefined;

  constructor(context: CarrierContext, record: CallRecord, media: CallMedia, options: CallIntoOptions) {
    this.context = context;
    this.record = record;
    this.media = media;
    this.options = options;
    this.startedAtMs = context.clock.nowMs();
  }

  run({ target, to, from, headers }: Addresses, { nextHop }: Route): Promise<CallIntoResult> {
    const { options, record, context } = this;
    const result = new Promise<CallIntoResult>((resolve) => (this.settle = resolve));
    record.giveUp = () => this.call?.cancel();
    record.onOver = () => this.finish('cancelled', 487, 'the carrier was stopped', {});
    const offer = options.offer === 'delayed' ? undefined : this.media.offer();
    this.call = context.agent().call(
      {
        to,
        from,
        target,
        nextHop,
        offer,
        callId: record.init.callId,
        headers: [...headers, ...(options.headers ?? [])],
      },
      {
        onProgress: (progress) => this.noteProgress(progress),
        onAnswered: (session, body, acknowledge) => this.answered(session, body, acknowledge),
        onFailed: (failed) => this.failed(failed),
      },
    );
    if (options.cancelAfterMs !== undefined) record.after(options.cancelAfterMs, () => this.call?.cancel());
    this.watchSignal();
    return result;
  }

  private watchSignal(): void {
    const { signal } = this.options;
    const stop = (): void => (this.session === undefined ? this.call?.cancel() : this.session.bye());
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  }

  private nowMs(): number {
    return this.context.clock.nowMs() - this.startedAtMs;
  }

  private noteProgress({ status, body, acknowledge }: CallProgress): void {
    this.progress.push({ status, atMs: this.nowMs(), hasSdp: body !== undefined });
    this.record.noteRinging(status);
    if (body === undefined) return;
    this.remote = body;
    if (acknowledge === undefined) return;
    const answer = this.media.answer(body);
    // RFC 3262 §5: a PRACK must answer an offer; what cannot be agreed on ends the call.
    if (answer.ok) acknowledge(answer.body);
    else this.call?.cancel();
  }

  private answered(session: Session, body: Body | undefined, acknowledge: (answer?: Body) => void): void {
    const { media, record, options } = this;
    this.session = session;
    this.remote = body ?? this.remote;
    record.onOver = undefined;
    const ended = new Promise<CallIntoEnd>((resolve) => {
      session.events = {
        onChange: (change) => media.change(change),
        onAnswer: (sdp) => void media.takeAnswer(sdp),
        onEnded: ({ cause }) => {
          record.end(cause);
          resolve({ cause, media: media.counts });
        },
      };
    });
    const problem = this.agree(acknowledge);
    record.noteAnswered(session);
    if (options.hangUpAfterMs !== undefined) record.after(options.hangUpAfterMs, () => session.bye());
    const call: PlacedCall = {
      hangUp: () => session.bye(),
      ended,
      media: () => media.counts,
      audio: media.audio,
    };
    this.finish('answered', 200, problem ?? 'OK', { call });
    if (problem !== undefined) session.bye([reasonLine('SIP', 488, problem)]);
  }

  /** What is wrong with the platform's description, if anything. */
  private agree(acknowledge: (answer?: Body) => void): string | undefined {
    const { media, remote } = this;
    if (remote === undefined) {
      acknowledge();
      return 'the answer has no SDP';
    }
    if (this.options.offer !== 'delayed') return media.takeAnswer(remote);
    if (media.audio !== undefined) return undefined;
    const answer = media.answer(remote);
    acknowledge(answer.ok ? answer.body : undefined);
    return answer.ok ? undefined : answer.detail;
  }

  private failed(result: RequestResult): void {
    const { status } = result;
    if (result.kind === 'response') {
      const { response } = result;
      const outcome = status === 487 ? 'cancelled' : 'refused';
      this.remote = bodyOf(response) ?? this.remote;
      return this.finish(outcome, status, response.reasonPhrase, { response });
    }
    const { failure } = result;
    const detail =
      failure.reason === 'transport-error'
        ? failure.error.detail
        : failure.reason === 'unresolved'
          ? failure.detail
          : failure.reason;
    this.finish(failure.reason === 'cancelled' ? 'cancelled' : 'unreachable', status, detail, {});
  }

  private finish(
    outcome: CallIntoResult['outcome'],
    status: number,
    reason: string,
    more: Pick<Partial<CallIntoResult>, 'response' | 'call'>,
  ): void {
    const { record, progress, media, remote } = this;
    if (this.settled) return;
    this.settled = true;
    if (outcome !== 'answered') record.end(outcome, status);
    this.settle({
      outcome,
      status,
      reason,
      reasons: more.response?.headers.values(reasonHeader) ?? [],
      callId: record.init.callId,
      timings: {
        firstResponseMs: progress[0]?.atMs,
        ringingMs: progress.find((own) => own.status === 180)?.atMs,
        finalMs: this.nowMs(),
      },
      progress,
      sdp: { local: media.lastLocalSdp, remote: remote?.bytes.toString() },
      response: more.response,
      call: more.call,
    });
  }
}
