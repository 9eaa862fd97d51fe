import type { IncomingCall } from '../dialog/incoming-call.ts';
import type { CallProgress, OutgoingCall, OutgoingCallEvents } from '../dialog/outgoing-call.ts';
import type { Body, RequestResult } from '../dialog/request-sender.ts';
import type { Session } from '../dialog/session.ts';
import type { SessionEnd } from '../dialog/session-context.ts';
import { createRequest } from '../message/create-request.ts';
import { createResponse, type ResponseInit } from '../message/create-response.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { makeVia } from '../message/headers/via.ts';
import type { SipMessage, SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Destination, Flow, ResolveResult } from '../transport/transport.ts';
import {
  type CallOptions,
  UserAgent,
  type UserAgentEvents,
  type UserAgentOptions,
} from '../ua/user-agent.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeRandom } from './fake-random.ts';
import { fakeFlow, FakeTransport } from './fake-transport.ts';
import { PEER } from './layer-harness.ts';
import { testRequest, type TestRequest, uriOf } from './requests.ts';

export const sdp = (text: string): Body => ({ contentType: 'application/sdp', bytes: Buffer.from(text) });

/** Lets promises, which only look-ups make, run to their end. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface AgentHarnessOptions extends Partial<
  Pick<UserAgentOptions, 'policy' | 'timers' | 'datagrams'>
> {
  readonly admit?: UserAgentEvents['admit'];
}

const PEER_CONTACT = ['Contact', '<sip:peer@198.51.100.9>'] as const;
const PEER_ALLOW = ['Allow', 'INVITE, ACK, BYE, CANCEL, UPDATE, PRACK'] as const;

/** A user agent whose network is the test. */
export class AgentHarness {
  readonly clock = new FakeClock();
  readonly random = new FakeRandom();
  readonly transport = new FakeTransport();
  readonly agent: UserAgent;
  readonly events: UserAgentEvents;
  readonly calls: IncomingCall[] = [];
  readonly replaced: (Session | undefined)[] = [];
  readonly requests: ServerTransaction[] = [];
  destinations: readonly Destination[] = [PEER];
  resolved: string[] = [];
  private peerBranch = 0;
  private peerSequence = 100;

  constructor(options: AgentHarnessOptions = {}) {
    const { admit, ...others } = options;
    this.events = {
      onCall: (call, replaced) => {
        this.calls.push(call);
        this.replaced.push(replaced);
      },
      onRequest: (transaction) => this.requests.push(transaction),
      ...(admit === undefined ? {} : { admit }),
    };
    this.agent = new UserAgent({
      transport: this.transport,
      clock: this.clock,
      random: this.random,
      resolver: {
        resolve: async (uri): Promise<ResolveResult> => {
          this.resolved.push(uri.toString());
          return this.destinations.length > 0
            ? { ok: true, destinations: this.destinations }
            : { ok: false, code: 'not-found', detail: 'no such name' };
        },
      },
      events: this.events,
      ...others,
    });
  }

  receive(message: SipMessage, flow: Flow = fakeFlow()): void {
    this.agent.onMessage({ message, flow });
  }

  /** The peer calls. Answers the INVITE. */
  peerCalls(init: TestRequest = {}): SipRequest {
    const headers = [...(init.headers ?? []), PEER_CONTACT, PEER_ALLOW];
    const invite = testRequest({ ...init, method: 'INVITE', headers });
    this.receive(invite);
    return invite;
  }

  get call(): IncomingCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('no call has come in');
    return call;
  }

  /** The peer sends a request inside the dialog of `session`. */
  peerSends(session: Session, method: string, init: Partial<TestRequest> = {}, flow?: Flow): SipRequest {
    const { dialog } = session;
    const request = createRequest({
      method,
      uri: uriOf('sip:192.0.2.1:5060'),
      via: makeVia({ transport: 'UDP', host: '198.51.100.9', branch: `z9hG4bKpeer${++this.peerBranch}` }),
      from: dialog.remote,
      to: dialog.local,
      callId: dialog.callId,
      sequence: init.sequence ?? ++this.peerSequence,
      headers: [...(init.headers ?? []), PEER_CONTACT],
      ...(init.body === undefined ? {} : { body: Buffer.from(init.body), contentType: 'application/sdp' }),
    });
    this.receive(request, flow);
    return request;
  }

  peerAcks(session: Session, invite: SipRequest, body?: string): void {
    const sequence = invite.cseq.sequence;
    this.peerSends(session, 'ACK', body === undefined ? { sequence } : { sequence, body });
  }

  /** The peer answers a request of ours. */
  peerAnswers(
    request: SipRequest,
    status: number,
    init: Partial<ResponseInit> & { readonly sdp?: string } = {},
  ): void {
    const { sdp: text, ...others } = init;
    const headers = status > 100 && status < 300 ? [PEER_CONTACT, PEER_ALLOW] : [];
    const response = createResponse(request, {
      toTag: 'peer1',
      ...others,
      status,
      headers: [...(init.headers ?? []), ...headers],
      ...(text === undefined ? {} : { body: Buffer.from(text), contentType: 'application/sdp' }),
    });
    this.receive(response);
  }

  /** We call; answers the call, its INVITE and what it says. */
  async weCall(
    options: Partial<CallOptions> = {},
    events: OutgoingCallEvents = {},
  ): Promise<{ readonly call: OutgoingCall; readonly invite: SipRequest; readonly log: CallLog }> {
    const log = new CallLog(events);
    const to = new NameAddr(uriOf('sip:peer@carrier.example'));
    const from = new NameAddr(uriOf('sip:we@tronco.example'));
    const call = this.agent.call({ to, from, offer: sdp('our offer'), ...options }, log);
    await settle();
    return { call, log, invite: this.transport.takeRequest('INVITE') };
  }

  /** A call of ours that was answered, its ACK taken. */
  async weAreConnected(): Promise<{
    readonly session: Session;
    readonly ends: SessionEnd[];
    readonly invite: SipRequest;
  }> {
    const { log, invite } = await this.weCall();
    this.peerAnswers(invite, 200, { sdp: 'peer answer' });
    await settle();
    this.transport.takeRequest('ACK');
    return { session: log.session, ends: noteEnds(log.session), invite };
  }

  /** A call of the peer's that we answered, its ACK received. */
  peerIsConnected(init: TestRequest = {}): { readonly session: Session; readonly ends: SessionEnd[] } {
    const invite = this.peerCalls({ body: 'peer offer', ...init });
    const { session } = this.call;
    const ends = noteEnds(session);
    this.call.answer({ body: sdp('our answer') });
    this.peerAcks(session, invite);
    this.transport.take();
    return { session, ends };
  }
}

export function noteEnds(session: Session): SessionEnd[] {
  const ends: SessionEnd[] = [];
  session.events.onEnded = (end) => ends.push(end);
  return ends;
}

/** What an outgoing call says, as text, and then whatever the test adds. */
export class CallLog implements OutgoingCallEvents {
  readonly lines: string[] = [];
  readonly results: RequestResult[] = [];
  private answered: Session | undefined;
  private readonly more: OutgoingCallEvents;

  constructor(more: OutgoingCallEvents) {
    this.more = more;
  }

  get session(): Session {
    if (this.answered === undefined) throw new Error('the call has not been answered');
    return this.answered;
  }

  onProgress(progress: CallProgress): void {
    this.lines.push(`${progress.status}${progress.body === undefined ? '' : ` ${progress.body.bytes}`}`);
    this.more.onProgress?.(progress);
  }

  onAnswered(session: Session, body: Body | undefined, acknowledge: (answer?: Body) => void): void {
    this.answered = session;
    this.lines.push(`answered${body === undefined ? '' : ` ${body.bytes}`}`);
    this.more.onAnswered?.(session, body, acknowledge);
  }

  onFailed(result: RequestResult): void {
    this.results.push(result);
    this.lines.push(`failed ${result.status}`);
    this.more.onFailed?.(result);
  }
}
