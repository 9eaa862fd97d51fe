import { type AuthAttempt, type AuthHeader, type ClientFailure, NEW_ATTEMPT } from '../auth/digest-client.ts';
import type {
  HeaderLines,
  PendingRequest,
  RequestDraft,
  RequestEvents,
  RequestFailure,
  RequestResult,
} from '../dialog/request-sender.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import type { ClientTransaction, TransactionFailure } from '../transaction/client-transaction.ts';
import { type DatagramLimits, destinationsForSize } from '../transaction/switch-to-stream.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Destination, Flow } from '../transport/transport.ts';
import { buildRequest } from './build-request.ts';

export interface AttemptContext {
  readonly layer: TransactionLayer;
  /** Undefined: UDP whatever the size, for peers that have no TCP and routers that swallow the attempt. */
  readonly datagrams: DatagramLimits | undefined;
}

/** Where a request goes: known places first, then those that a look-up finds. */
export interface Targets {
  readonly known: readonly (Destination | Flow)[];
  /** Undefined when there is nothing to look up. Never rejects. */
  readonly lookUp: ((signal: AbortSignal) => Promise<LookUp>) | undefined;
}

export type LookUp =
  | { readonly ok: true; readonly destinations: readonly (Destination | Flow)[] }
  | { readonly ok: false; readonly detail: string };

interface Place {
  readonly target: Destination | Flow;
  /** It has been decided that this transport carries the request (RFC 3261 §18.1.1). */
  readonly sized: boolean;
}

/** A server may name a new realm in every response. */
const MAX_CHALLENGES = 4;

/**
 * One request of the user: tried at one place after the other (RFC 3263 §4.3), and once more for each challenge that
 * can be answered (RFC 3261 §22.2).
 */
export class RequestAttempts implements PendingRequest {
  private readonly context: AttemptContext;
  private readonly draft: RequestDraft;
  private readonly events: RequestEvents;
  private readonly queue: Place[];
  private readonly aborter = new AbortController();
  private lookUp: Targets['lookUp'];
  private transaction: ClientTransaction | undefined;
  private sequence: number;
  private authorization: readonly AuthHeader[];
  private auth: AuthAttempt = NEW_ATTEMPT;
  private challenges = 0;
  private cancelHeaders: HeaderLines | undefined;
  private cancelSent = false;
  /** Somebody was found: another place would make a second phone ring. */
  private progressed = false;
  private lastResult: RequestResult | undefined;
  private finished = false;

  constructor(context: AttemptContext, draft: RequestDraft, events: RequestEvents, targets: Targets) {
    this.context = context;
    this.draft = draft;
    this.events = events;
    this.queue = targets.known.map((target) => ({ target, sized: false }));
    this.lookUp = targets.lookUp;
    this.sequence = draft.nextSequence();
    // RFC 3261 §22.2: credentials that worked before spare a round trip.
    this.authorization = draft.credentials?.authorize(this.authRequest()) ?? [];
  }

  start(): void {
    this.next();
  }

  cancel(headers: HeaderLines = []): void {
    if (this.finished || this.cancelHeaders !== undefined) return;
    this.cancelHeaders = headers;
    this.aborter.abort();
    if (this.transaction === undefined) {
      this.finish(failure(487, { reason: 'cancelled' }));
    } else {
      // Without a provisional response yet the CANCEL waits for one (§9.1).
      this.cancelSent = this.context.layer.cancel(this.transaction, headers);
    }
  }

  private get isCancelled(): boolean {
    return this.cancelHeaders !== undefined;
  }

  private authRequest(): {
    readonly method: string;
    readonly uri: string;
    readonly body: Buffer | undefined;
  } {
    const { method, uri, body } = this.draft;
    return { method, uri: uri.toString(), body: body?.bytes };
  }

  private next(): void {
    const place = this.queue.shift();
    if (place !== undefined) return this.attempt(place);
    const { lookUp } = this;
    this.lookUp = undefined;
    if (lookUp !== undefined) return void this.lookUpMore(lookUp);
    const nowhere: RequestFailure = { reason: 'unresolved', detail: 'there is nowhere to send it' };
    this.finish(this.lastResult ?? failure(503, nowhere));
  }

  private async lookUpMore(lookUp: NonNullable<Targets['lookUp']>): Promise<void> {
    const found = await lookUp(this.aborter.signal);
    if (this.finished) return;
    if (found.ok) this.queue.push(...found.destinations.map((target) => ({ target, sized: false })));
    else this.lastResult ??= failure(503, { reason: 'unresolved', detail: found.detail });
    this.next();
  }

  private attempt({ target, sized }: Place): void {
    const request = this.build(target);
    const { datagrams } = this.context;
    if (sized || 'id' in target || datagrams === undefined) return this.transact(request, target);
    const bytes = serializeMessage(request).length;
    const places = destinationsForSize(target, bytes, datagrams);
    if (places.length === 1) return this.transact(request, target);
    // §18.1.1: TCP, and UDP after all when that is refused.
    this.queue.unshift(...places.map((place) => ({ target: place, sized: true })));
    this.next();
  }

  private build(target: Destination | Flow): SipRequest {
    const { sequence, authorization } = this;
    return buildRequest(this.draft, {
      via: this.context.layer.viaFor(target),
      target,
      sequence,
      authorization,
    });
  }

  private transact(request: SipRequest, target: Destination | Flow): void {
    this.progressed = false;
    const transaction = this.context.layer.request(request, target, {
      onResponse: (response, flow) => this.takeResponse(response, request, flow, target),
      onFailure: (reason) => this.takeFailure(reason),
    });
    // One that failed inside the call has already been followed by the next.
    if (!transaction.isTerminated) this.transaction = transaction;
  }

  private takeResponse(
    response: SipResponse,
    request: SipRequest,
    flow: Flow,
    target: Destination | Flow,
  ): void {
    if (this.finished) return this.events.onFurther2xx?.(response, request, flow);
    if (response.status < 200) return this.takeProvisional(response, request, flow);
    this.noteAuthenticationInfo(response);
    const challenged = this.answerChallenge(response);
    if (challenged === 'retry') return this.transact(this.build(target), target);
    const result: RequestResult = { kind: 'response', status: response.status, response, request, flow };
    // RFC 3263 §4.3: a 503 means that this server, not the request, is the problem.
    if (response.status === 503) return this.tryNext(result);
    this.finish(challenged === undefined ? result : { ...result, authFailure: challenged });
  }

  private takeProvisional(response: SipResponse, request: SipRequest, flow: Flow): void {
    if (response.status > 100) this.progressed = true;
    if (this.cancelHeaders !== undefined && !this.cancelSent && this.transaction !== undefined) {
      this.cancelSent = this.context.layer.cancel(this.transaction, this.cancelHeaders);
    }
    this.events.onProvisional?.(response, request, flow);
  }

  private takeFailure(reason: TransactionFailure): void {
    if (!this.finished) this.tryNext(failure(reason.reason === 'timeout' ? 408 : 503, reason));
  }

  private tryNext(result: RequestResult): void {
    if (this.isCancelled || this.progressed) return this.finish(result);
    this.lastResult = result;
    this.transaction = undefined;
    this.next();
  }

  private answerChallenge(response: SipResponse): 'retry' | ClientFailure | undefined {
    const { status, headers } = response;
    const { credentials } = this.draft;
    if (status !== 401 && status !== 407) return undefined;
    if (credentials === undefined) return 'no-credentials';
    if (this.isCancelled) return undefined;
    const kind = status === 401 ? 'www' : 'proxy';
    const values = headers.all(status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate');
    const answer = credentials.answer(kind, values, this.authRequest(), this.auth);
    if (!answer.ok) return answer.reason;
    if (this.challenges >= MAX_CHALLENGES) return 'stale-loop';
    this.challenges++;
    this.auth = answer.attempt;
    this.authorization = answer.headers;
    this.sequence = this.draft.nextSequence();
    return 'retry';
  }

  private noteAuthenticationInfo(response: SipResponse): void {
    const { credentials } = this.draft;
    if (credentials === undefined || response.status >= 300) return;
    const www = response.headers.first('Authentication-Info');
    if (www !== undefined) credentials.noteAuthenticationInfo('www', www);
    const proxy = response.headers.first('Proxy-Authentication-Info');
    if (proxy !== undefined) credentials.noteAuthenticationInfo('proxy', proxy);
  }

  private finish(result: RequestResult): void {
    if (this.finished) return;
    this.finished = true;
    this.transaction = undefined;
    this.events.onResult(result);
  }
}

function failure(status: 408 | 487 | 503, reason: RequestFailure): RequestResult {
  return { kind: 'failure', status, failure: reason };
}
