import { createResponse, type ResponseInit } from '../message/create-response.ts';
import { makeVia, type Via } from '../message/headers/via.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { validateResponse } from '../message/validate-response.ts';
import type { Clock } from '../runtime/clock.ts';
import { newTag, type Random } from '../runtime/random.ts';
import type {
  Destination,
  Flow,
  IncomingFault,
  IncomingMessage,
  SendCallback,
  SendError,
  Transport,
  TransportReceiver,
} from '../transport/transport.ts';
import { createCancel } from './client-requests.ts';
import {
  type ClientTransaction,
  type ClientTransactionEvents,
  makeClientTransaction,
} from './client-transaction.ts';
import { clientKey, newBranch, type ServerKeys, serverKeysOf, statelessTag } from './matching.ts';
import { sendResponse } from './response-route.ts';
import type { MachineSettings } from './machine.ts';
import { makeServerTransaction, type ServerTransaction } from './server-transaction.ts';
import { DEFAULT_TIMERS, type TimerSettings } from './timers.ts';
import { TransactionTable } from './transaction-table.ts';

/** What becomes of a request that belongs to no transaction yet; decided before anything is remembered. */
export type Admission =
  | { readonly action: 'accept' }
  | { readonly action: 'drop' }
  /** Answered without state: a repetition is asked about and answered again. */
  | { readonly action: 'answer'; readonly response: Omit<ResponseInit, 'toTag'> };

/** The side above: RFC 3261 §5 calls it the transaction user. */
export interface TransactionUser {
  admit(request: SipRequest, flow: Flow): Admission;
  /** A new request, already in `transaction`. Answer with `transaction.reply`, now or later. */
  onRequest(transaction: ServerTransaction): void;
  /** An ACK for a 2xx: it is no part of the INVITE's transaction (§13.3.1.4). */
  onAck(ack: SipRequest, flow: Flow): void;
  /** A response that no transaction waits for: a 2xx after timer M, a spoof, an answer after a restart (§18.1.2). */
  onStrayResponse(response: SipResponse, flow: Flow): void;
  onFault(fault: IncomingFault): void;
}

export interface TransactionLimits {
  /** Beyond it new requests are answered 503 without state; those with a To tag a quarter later. */
  readonly maxServerTransactions: number;
  /** Beyond it `request` fails with `overloaded`. */
  readonly maxClientTransactions: number;
  /** For the Retry-After of that 503. */
  readonly retryAfterSeconds: number;
}

export const DEFAULT_TRANSACTION_LIMITS: TransactionLimits = {
  maxServerTransactions: 100_000,
  maxClientTransactions: 100_000,
  retryAfterSeconds: 5,
};

export interface TransactionLayerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly user: TransactionUser;
  readonly timers?: Partial<TimerSettings> | undefined;
  readonly limits?: Partial<TransactionLimits> | undefined;
}

/** RFC 3261 §17: brings messages and transactions together. */
export class TransactionLayer implements TransportReceiver {
  readonly timers: TimerSettings;
  private readonly options: TransactionLayerOptions;
  private readonly limits: TransactionLimits;
  private readonly table = new TransactionTable();
  private readonly tagSecret: string;
  private readonly reliable: MachineSettings;
  private readonly unreliable: MachineSettings;

  constructor(options: TransactionLayerOptions) {
    this.options = options;
    this.timers = { ...DEFAULT_TIMERS, ...options.timers };
    this.limits = { ...DEFAULT_TRANSACTION_LIMITS, ...options.limits };
    this.tagSecret = options.random.token(128);
    this.reliable = { ...this.timers, reliable: true };
    this.unreliable = { ...this.timers, reliable: false };
  }

  get clientCount(): number {
    return this.table.clientCount;
  }

  get serverCount(): number {
    return this.table.serverCount;
  }

  /** A Via for a new request to there, with a fresh branch (§8.1.1.7). */
  viaFor(target: Destination | Flow): Via {
    const { host, port } = this.options.transport.sentByFor(target);
    return makeVia({ transport: target.protocol, host, port, branch: newBranch(this.options.random) });
  }

  /** Starts a client transaction. The request's top Via must come from `viaFor` the same target. */
  request(
    request: SipRequest,
    target: Destination | Flow,
    events: ClientTransactionEvents,
  ): ClientTransaction {
    const key = clientKey(request.via.branch ?? '', request.method);
    const transaction = makeClientTransaction({
      request,
      target,
      events,
      transport: this.options.transport,
      clock: this.options.clock,
      settings: target.protocol === 'UDP' ? this.unreliable : this.reliable,
      forget: () => this.table.removeClient(key),
    });
    if (this.table.clientCount >= this.limits.maxClientTransactions) {
      this.options.clock.setTimer(0, () => events.onFailure({ reason: 'overloaded' }));
      return transaction;
    }
    this.table.addClient(key, transaction);
    transaction.start();
    return transaction;
  }

  /**
   * Cancels an INVITE (§9.1). Only right once a provisional response has come: before that the server may never have
   * seen the INVITE. Answers whether a CANCEL was sent.
   */
  cancel(invite: ClientTransaction, headers: Iterable<readonly [string, string]> = []): boolean {
    if (invite.request.method !== 'INVITE' || invite.stateName !== 'Proceeding') return false;
    const ignored: ClientTransactionEvents = { onResponse: () => undefined, onFailure: () => undefined };
    this.request(createCancel(invite.request, headers), invite.target, ignored);
    invite.noteCancelled();
    return true;
  }

  /** Sends without a transaction: the ACK for a 2xx. */
  send(request: SipRequest, target: Destination | Flow, done?: SendCallback): void {
    const bytes = serializeMessage(request);
    if ('id' in target) this.options.transport.sendOnFlow(target, bytes, done);
    else this.options.transport.sendTo(target, bytes, done);
  }

  /** Answers without a transaction (§8.2.7); the tag is the same for every copy of the request. */
  answerStateless(request: SipRequest, flow: Flow, init: Omit<ResponseInit, 'toTag'>): void {
    if (request.method === 'ACK') return;
    const toTag = statelessTag(request, this.tagSecret);
    const response = createResponse(request, { ...init, toTag });
    sendResponse(this.options.transport, flow, request.via, serializeMessage(response));
  }

  onMessage({ message, flow }: IncomingMessage): void {
    if (message.kind === 'response') this.receiveResponse(message, flow);
    else this.receiveRequest(message, flow);
  }

  onFault(fault: IncomingFault): void {
    this.options.user.onFault(fault);
  }

  onFlowClosed(flow: Flow, error?: SendError): void {
    const reason = error ?? { code: 'closed', detail: 'the connection was closed' };
    for (const client of this.table.clientsOn(flow.id)) client.noteFlowClosed(reason);
  }

  /** Drops every transaction and its timers without a word to anyone. */
  close(): void {
    for (const transaction of this.table.all()) transaction.stop();
  }

  private receiveResponse(response: SipResponse, flow: Flow): void {
    // §8.1.3.3: a response with several Via values was not meant for us.
    if (!validateResponse(response).ok) return;
    const transaction = this.table.clientOf(response);
    if (transaction === undefined) this.options.user.onStrayResponse(response, flow);
    else transaction.receive(response, flow);
  }

  private receiveRequest(request: SipRequest, flow: Flow): void {
    const keys = serverKeysOf(request);
    const known = this.table.serverAt(keys);
    if (known !== undefined) return known.receive(request, flow);
    if (request.method === 'ACK') return this.options.user.onAck(request, flow);
    if (request.method === 'CANCEL') {
      const invite = this.table.cancelledBy(request);
      if (invite !== undefined) return this.receiveCancel(request, flow, keys, invite);
    }
    const admission = this.options.user.admit(request, flow);
    if (admission.action === 'drop') return;
    if (admission.action === 'answer') return this.answerStateless(request, flow, admission.response);
    this.accept(request, flow, keys);
  }

  private accept(request: SipRequest, flow: Flow, keys: ServerKeys): void {
    if (request.method === 'CANCEL') return this.answerStateless(request, flow, { status: 481 });
    if (this.table.isMerged(keys)) return this.answerStateless(request, flow, { status: 482 });
    if (this.table.serverCount >= this.limitFor(request)) {
      const headers = [['Retry-After', `${this.limits.retryAfterSeconds}`]] as const;
      return this.answerStateless(request, flow, { status: 503, headers });
    }
    this.startServer(request, flow, keys, newTag(this.options.random), (transaction) =>
      this.options.user.onRequest(transaction),
    );
  }

  /** A quarter is kept for calls that exist: a BYE that is refused would leave one hanging. */
  private limitFor(request: SipRequest): number {
    const { maxServerTransactions: limit } = this.limits;
    return request.to.tag === undefined ? limit : limit + Math.ceil(limit / 4);
  }

  /** §9.2: the CANCEL is always answered 200; the INVITE only hears of it while it has no final response. */
  private receiveCancel(cancel: SipRequest, flow: Flow, keys: ServerKeys, invite: ServerTransaction): void {
    this.startServer(cancel, flow, keys, invite.localTag, (transaction) =>
      transaction.reply({ status: 200 }),
    );
    if (invite.lastStatus < 200) invite.events.onCancel?.(cancel);
  }

  private startServer(
    request: SipRequest,
    flow: Flow,
    keys: ServerKeys,
    localTag: string,
    onRequest: (transaction: ServerTransaction) => void,
  ): void {
    const transaction = makeServerTransaction({
      request,
      flow,
      localTag,
      onRequest,
      transport: this.options.transport,
      clock: this.options.clock,
      settings: flow.reliable ? this.reliable : this.unreliable,
      forget: () => this.table.removeServer(keys),
    });
    this.table.addServer(keys, transaction);
    transaction.start();
  }
}
