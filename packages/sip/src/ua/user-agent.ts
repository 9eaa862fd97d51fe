import { DialogTable } from '../dialog/dialog-table.ts';
import { IncomingCall } from '../dialog/incoming-call.ts';
import { OutgoingCall, type OutgoingCallEvents } from '../dialog/outgoing-call.ts';
import { decideReplaces } from '../dialog/replaces.ts';
import type {
  Body,
  HeaderLines,
  PendingRequest,
  RequestDraft,
  RequestEvents,
} from '../dialog/request-sender.ts';
import type { Session } from '../dialog/session.ts';
import type { SessionContext, SessionPolicy } from '../dialog/session-context.ts';
import { createFaultResponse } from '../message/create-response.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { replacesHeader } from '../message/headers/referral.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { uriParamsOf } from '../message/params.ts';
import { sipUri } from '../message/uri/sip-uri.ts';
import { validateRequest } from '../message/validate-request.ts';
import type { Clock } from '../runtime/clock.ts';
import { firstSequence, newCallId, newTag, type Random } from '../runtime/random.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { DatagramLimits } from '../transaction/switch-to-stream.ts';
import type { TimerSettings } from '../transaction/timers.ts';
import {
  type Admission,
  TransactionLayer,
  type TransactionLimits,
} from '../transaction/transaction-layer.ts';
import type {
  Destination,
  Flow,
  IncomingFault,
  IncomingMessage,
  Resolver,
  SendError,
  Transport,
  TransportReceiver,
} from '../transport/transport.ts';
import { type AgentPolicy, DEFAULT_AGENT_POLICY, validationRules } from './agent-policy.ts';
import { UacCore } from './uac-core.ts';

export interface UserAgentEvents {
  /**
   * A request outside of our dialogs, before anything is remembered of it: from whom do we take calls at all?
   * Default: everything is accepted.
   */
  admit?(request: SipRequest, flow: Flow): Admission;
  /** An INVITE that can be understood. `replaced`: the session it takes over (RFC 3891); end it once answered. */
  onCall(call: IncomingCall, replaced: Session | undefined): void;
  /** Requests outside of dialogs for the methods of `outOfDialog`, OPTIONS only when it is among them. */
  onRequest?(transaction: ServerTransaction): void;
  /** Octets that are no SIP message; whether to answer is the caller's decision. */
  onFault?(fault: IncomingFault): void;
  onStrayResponse?(response: SipResponse, flow: Flow): void;
  /** A handler of yours threw while a message was handled; without this the error goes on to the transport. */
  onError?(error: unknown): void;
  /** A connection has ended: what was registered over it has to be registered anew. */
  onFlowClosed?(flow: Flow, error: SendError | undefined): void;
}

export interface UserAgentOptions {
  readonly transport: Transport;
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: UserAgentEvents;
  readonly policy?: Partial<AgentPolicy> | undefined;
  readonly timers?: Partial<TimerSettings> | undefined;
  readonly limits?: Partial<TransactionLimits> | undefined;
  /** Path MTU; false sends requests of any size over UDP (RFC 3261 §18.1.1 wants TCP). */
  readonly datagrams?: DatagramLimits | false | undefined;
}

export interface CallOptions {
  readonly to: NameAddr;
  /** Without a tag. */
  readonly from: NameAddr;
  /** Default: the URI of `to`. */
  readonly target?: RequestDraft['uri'] | undefined;
  readonly routes?: readonly NameAddr[] | undefined;
  /** Where to send it; default: the first route, else the target (RFC 3261 §8.1.2). */
  readonly nextHop?: RequestDraft['nextHop'];
  readonly headers?: HeaderLines | undefined;
  readonly offer?: Body | undefined;
  readonly credentials?: RequestDraft['credentials'];
  readonly contact?: RequestDraft['contact'];
  readonly callId?: string | undefined;
}

/** §12.2.2: these mean nothing outside of a dialog. */
const NEEDS_DIALOG: ReadonlySet<string> = new Set(['BYE', 'INFO', 'NOTIFY', 'PRACK', 'UPDATE']);

/** Both user agent cores of RFC 3261 §8 over one transaction layer. */
export class UserAgent implements TransportReceiver {
  readonly layer: TransactionLayer;
  readonly sessions = new DialogTable<Session>();
  readonly sender: UacCore;
  readonly context: SessionContext;
  readonly policy: AgentPolicy;
  private readonly options: UserAgentOptions;

  constructor(options: UserAgentOptions) {
    const { transport, resolver, clock, random, timers, limits, datagrams } = options;
    this.options = options;
    this.policy = { ...DEFAULT_AGENT_POLICY, ...options.policy };
    this.layer = new TransactionLayer({
      transport,
      clock,
      random,
      timers,
      limits,
      user: {
        admit: (request, flow) => this.admit(request, flow),
        onRequest: (transaction) => this.receive(transaction),
        onAck: (ack, flow) => this.sessions.find(ack)?.onAck(ack, flow),
        onStrayResponse: (response, flow) => options.events.onStrayResponse?.(response, flow),
        onFault: (fault) => options.events.onFault?.(fault),
      },
    });
    this.sender = new UacCore({
      layer: this.layer,
      resolver,
      datagrams: datagrams === false ? undefined : (datagrams ?? {}),
    });
    this.context = {
      clock,
      random,
      timers: this.layer.timers,
      sender: this.sender,
      table: this.sessions,
      policy: this.sessionPolicy(),
      calling: new Set(),
      contactFor: (target) => this.contactFor(target),
    };
  }

  onMessage(incoming: IncomingMessage): void {
    try {
      this.layer.onMessage(incoming);
    } catch (error) {
      if (this.options.events.onError === undefined) throw error;
      this.options.events.onError(error);
    }
  }

  onFault(fault: IncomingFault): void {
    this.layer.onFault(fault);
  }

  onFlowClosed(flow: Flow, error: SendError | undefined): void {
    this.layer.onFlowClosed(flow, error);
    this.options.events.onFlowClosed?.(flow, error);
  }

  /** Calls somebody (RFC 3261 §13.2). */
  call(options: CallOptions, events: OutgoingCallEvents): OutgoingCall {
    const draft = this.draft('INVITE', options);
    return new OutgoingCall({ context: this.context, draft, offer: options.offer, events });
  }

  /** A request outside of a dialog: OPTIONS, MESSAGE, REGISTER. */
  request(method: string, options: CallOptions, events: RequestEvents): PendingRequest {
    return this.sender.send(this.draft(method, options), events);
  }

  /** `<sip:host:port;transport=…>` as that peer can reach us. */
  contactFor(target: Destination | Flow, user: string | undefined = this.policy.contactUser): NameAddr {
    const { host, port } = this.options.transport.sentByFor(target);
    const params =
      target.protocol === 'UDP' ? undefined : uriParamsOf({ transport: target.protocol.toLowerCase() });
    return new NameAddr(sipUri({ user, host, port, params }));
  }

  /** Forgets everything without a word to any peer; owners of sessions are told. End calls first. */
  close(): void {
    this.layer.close();
    for (const call of this.context.calling) call.abandon();
    for (const session of this.sessions.all()) {
      session.drop('closed');
      for (const subscription of session.referSubscriptions.toReversed()) subscription.finish(undefined);
    }
  }

  private draft(method: string, options: CallOptions): RequestDraft {
    const { random } = this.options;
    const uri = options.target ?? options.to.uri;
    const first = options.routes?.[0]?.uri ?? uri;
    let sequence = firstSequence(random) - 1;
    return {
      method,
      uri,
      from: options.from.tag === undefined ? options.from.withTag(newTag(random)) : options.from,
      to: options.to,
      callId: options.callId ?? newCallId(random),
      routes: options.routes,
      headers: options.headers,
      body: options.offer,
      nextSequence: () => ++sequence,
      nextHop: options.nextHop ?? (first.kind === 'sip' ? first : undefined),
      contact: options.contact,
      credentials: options.credentials,
    };
  }

  private sessionPolicy(): SessionPolicy {
    const { methods, extensions, sessionTimer, reliableProvisional, maxRingMs, headers } = this.policy;
    return { allow: methods, supported: extensions, sessionTimer, reliableProvisional, maxRingMs, headers };
  }

  /** Requests of our own dialogs are let in: their tags are unguessable. */
  private admit(request: SipRequest, flow: Flow): Admission {
    const { admit } = this.options.events;
    if (admit === undefined || this.sessions.find(request) !== undefined) return { action: 'accept' };
    return admit.call(this.options.events, request, flow);
  }

  /** A handler that throws must not leave its caller without an answer. */
  private receive(transaction: ServerTransaction): void {
    try {
      this.dispatch(transaction);
    } catch (error) {
      transaction.reply({ status: 500, headers: this.policy.headers });
      throw error;
    }
  }

  private dispatch(transaction: ServerTransaction): void {
    const { request } = transaction;
    const checked = validateRequest(request, validationRules(this.policy));
    if (!checked.ok) {
      transaction.respond(createFaultResponse(request, checked.fault, transaction.localTag));
      return;
    }
    if (request.to.tag !== undefined) return this.dispatchInDialog(transaction);
    if (request.method === 'INVITE') return this.receiveCall(transaction);
    if (this.policy.outOfDialog.includes(request.method) && this.options.events.onRequest !== undefined) {
      return this.options.events.onRequest(transaction);
    }
    if (request.method === 'OPTIONS') return this.answerOptions(transaction);
    if (NEEDS_DIALOG.has(request.method)) return void transaction.reply({ status: 481 });
    transaction.reply({ status: 405, headers: [['Allow', this.policy.methods.join(', ')]] });
  }

  private dispatchInDialog(transaction: ServerTransaction): void {
    const session = this.sessions.find(transaction.request);
    if (session === undefined) transaction.reply({ status: 481, headers: this.policy.headers });
    else session.onRequest(transaction);
  }

  private receiveCall(transaction: ServerTransaction): void {
    const replaces = transaction.request.headers.read(replacesHeader);
    let replaced: Session | undefined;
    if (replaces !== undefined) {
      const decision = replaces.ok
        ? decideReplaces(this.sessions, replaces.value)
        : ({ action: 'refuse', status: 400 } as const);
      if (decision.action === 'refuse') {
        transaction.reply({ status: decision.status, headers: this.policy.headers });
        return;
      }
      replaced = decision.replaced;
    }
    const call = IncomingCall.receive(this.context, transaction);
    if (call !== undefined) this.options.events.onCall(call, replaced);
  }

  /** §11.2: what we can do; the status is that of an INVITE, which would be welcome. */
  private answerOptions(transaction: ServerTransaction): void {
    const { methods, extensions, headers, contentTypes } = this.policy;
    transaction.reply({
      status: 200,
      headers: [
        ['Allow', methods.join(', ')],
        ['Accept', contentTypes.join(', ')],
        ['Supported', extensions.join(', ')],
        ...headers,
      ],
    });
  }
}
