import { createResponse, type ResponseInit } from '../message/create-response.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Flow, SendError, Transport } from '../transport/transport.ts';
import type { TransactionFailure } from './client-transaction.ts';
import {
  type InviteServerName,
  type ServerEvent,
  startInviteServer,
  stepInviteServer,
} from './invite-server-machine.ts';
import { type Machine, MachineRunner } from './machine-runner.ts';
import type { MachineSettings, TimerName } from './machine.ts';
import {
  type NonInviteServerName,
  startNonInviteServer,
  stepNonInviteServer,
} from './non-invite-server-machine.ts';
import { sendResponse } from './response-route.ts';

/** What the user of a server transaction may want to hear; set `events` when the request is delivered. */
export interface ServerTransactionEvents {
  /** INVITE only: the client wants no answer any more. The CANCEL itself has been answered (RFC 3261 §9.2). */
  onCancel?(cancel: SipRequest): void;
  /** An ACK for our 2xx that came with the INVITE's own branch, as RFC 2543 clients send it (RFC 6026 §7.1). */
  onAck?(ack: SipRequest, flow: Flow): void;
  /** `timeout`: no ACK for a 300–699 response (timer H), or nothing was answered in time. */
  onFailure?(failure: TransactionFailure): void;
  onTerminated?(): void;
}

export interface ServerTransactionInit {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly settings: MachineSettings;
  /** The To tag of responses to a request outside of a dialog. */
  readonly localTag: string;
  readonly onRequest: (transaction: ServerTransaction) => void;
  readonly forget: () => void;
}

type ServerName = InviteServerName | NonInviteServerName;

interface Received {
  readonly request: SipRequest;
  readonly flow: Flow;
}

const INVITE: Machine<InviteServerName, ServerEvent> = { start: startInviteServer, step: stepInviteServer };
const NON_INVITE: Machine<NonInviteServerName, ServerEvent> = {
  start: startNonInviteServer,
  step: stepNonInviteServer,
};

/** RFC 3261 §17.2 */
export class ServerTransaction extends MachineRunner<ServerName, ServerEvent, Received> {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** The To tag of every response made by `reply`. */
  readonly localTag: string;
  events: ServerTransactionEvents = {};
  private readonly init: ServerTransactionInit;
  private bytes: Buffer | undefined;
  private status = 0;
  private lastError: SendError = { code: 'unreachable', detail: 'the transport failed' };

  constructor(machine: Machine<ServerName, ServerEvent>, init: ServerTransactionInit) {
    super(machine, init.clock, init.settings);
    this.init = init;
    this.request = init.request;
    this.flow = init.flow;
    this.localTag = init.request.to.tag ?? init.localTag;
  }

  /** Status of the last response sent, 0 before any. */
  get lastStatus(): number {
    return this.status;
  }

  start(): void {
    this.begin({ request: this.request, flow: this.flow });
  }

  /**
   * False, and nothing happens, when the state does not allow this response: a second final one, 408 to anything but
   * an INVITE (RFC 4320 §4.2), or the transaction is over.
   */
  respond(response: SipResponse): boolean {
    if (!this.mayRespond(response.status)) return false;
    this.status = response.status;
    this.bytes = serializeMessage(response);
    this.handle({ type: 'respond', status: response.status });
    return true;
  }

  /** As `respond`, building the response with this transaction's tag. */
  reply(init: Omit<ResponseInit, 'toTag'>): boolean {
    if (!this.mayRespond(init.status)) return false;
    return this.respond(createResponse(this.request, { ...init, toTag: this.localTag }));
  }

  /** The same request, or the ACK of an INVITE, has come once more. */
  receive(request: SipRequest, flow: Flow): void {
    if (request.method !== 'ACK') return this.handle({ type: 'request' }, { request, flow });
    // RFC 3261 §17.2.3: without a magic branch an ACK also has to carry the tag of our response.
    if (!request.via.hasMagicBranch && request.to.tag !== this.localTag) return;
    this.handle({ type: 'ack' }, { request, flow });
  }

  stop(): void {
    this.stopNow();
    this.init.forget();
  }

  protected override timerEvent(timer: TimerName): ServerEvent {
    return { type: 'timer', timer };
  }

  protected override send(): void {
    if (this.bytes === undefined) return;
    sendResponse(this.init.transport, this.flow, this.request.via, this.bytes, (result) => {
      if (result.ok) return;
      this.lastError = result.error;
      this.handle({ type: 'transport-error' });
    });
  }

  protected override sendTrying(): void {
    this.status = 100;
    this.bytes = serializeMessage(createResponse(this.request, { status: 100 }));
    this.send();
  }

  protected override acknowledge(): void {
    throw new Error('a server transaction acknowledges nothing');
  }

  protected override deliver({ request, flow }: Received): void {
    if (request.method === 'ACK') this.events.onAck?.(request, flow);
    else this.init.onRequest(this);
  }

  protected override inform(reason: 'timeout' | 'transport-error'): void {
    this.events.onFailure?.(reason === 'timeout' ? { reason } : { reason, error: this.lastError });
  }

  protected override forget(): void {
    this.init.forget();
  }

  protected override terminated(): void {
    this.events.onTerminated?.();
  }

  private mayRespond(status: number): boolean {
    const invite = this.request.method === 'INVITE';
    switch (this.stateName) {
      case 'Trying':
      case 'Proceeding':
        if (invite) return true;
        return status === 100 ? this.stateName === 'Proceeding' : status >= 200 && status !== 408;
      case 'Accepted':
        return status >= 200 && status < 300;
      default:
        return false;
    }
  }
}

export function makeServerTransaction(init: ServerTransactionInit): ServerTransaction {
  return new ServerTransaction(init.request.method === 'INVITE' ? INVITE : NON_INVITE, init);
}
