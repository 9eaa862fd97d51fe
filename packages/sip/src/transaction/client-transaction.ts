import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Destination, Flow, SendError, SendResult, Transport } from '../transport/transport.ts';
import { createRejectionAck } from './client-requests.ts';
import {
  type ClientEvent,
  type InviteClientName,
  startInviteClient,
  stepInviteClient,
} from './invite-client-machine.ts';
import { type Machine, MachineRunner } from './machine-runner.ts';
import type { MachineSettings, TimerName } from './machine.ts';
import {
  type NonInviteClientName,
  startNonInviteClient,
  stepNonInviteClient,
} from './non-invite-client-machine.ts';

export type TransactionFailure =
  /** Timer B, C, F, or a cancelled INVITE that never ended: counts as 408 (RFC 3261 §8.1.3.1). */
  | { readonly reason: 'timeout' }
  /** Counts as 503 (§8.1.3.1). */
  | { readonly reason: 'transport-error'; readonly error: SendError }
  /** The bound on concurrent transactions is reached; nothing was sent. */
  | { readonly reason: 'overloaded' };

/** What the user of a client transaction is told. After `onFailure` or a final response only 2xx may follow. */
export interface ClientTransactionEvents {
  onResponse(response: SipResponse, flow: Flow): void;
  onFailure(failure: TransactionFailure): void;
  onTerminated?(): void;
}

export interface ClientTransactionInit {
  readonly request: SipRequest;
  readonly target: Destination | Flow;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly settings: MachineSettings;
  readonly events: ClientTransactionEvents;
  /** Called when the transaction leaves the layer's table. */
  readonly forget: () => void;
}

interface Received {
  readonly response: SipResponse;
  readonly flow: Flow;
}

type ClientName = InviteClientName | NonInviteClientName;

const INVITE: Machine<InviteClientName, ClientEvent> = { start: startInviteClient, step: stepInviteClient };
const NON_INVITE: Machine<NonInviteClientName, ClientEvent> = {
  start: startNonInviteClient,
  step: stepNonInviteClient,
};

const UNKNOWN_ERROR: SendError = { code: 'unreachable', detail: 'the transport failed' };

/** RFC 3261 §17.1 */
export class ClientTransaction extends MachineRunner<ClientName, ClientEvent, Received> {
  readonly request: SipRequest;
  readonly target: Destination | Flow;
  private readonly init: ClientTransactionInit;
  private readonly bytes: Buffer;
  private lastError: SendError = UNKNOWN_ERROR;
  private usedFlow: Flow | undefined;
  private answered = false;

  constructor(machine: Machine<ClientName, ClientEvent>, init: ClientTransactionInit) {
    super(machine, init.clock, init.settings);
    this.init = init;
    this.request = init.request;
    this.target = init.target;
    this.bytes = serializeMessage(init.request);
  }

  /** The flow the request went over, once that is known. */
  get flow(): Flow | undefined {
    return this.usedFlow;
  }

  /** A response of any kind has come. */
  get hasResponse(): boolean {
    return this.answered;
  }

  start(): void {
    this.begin(undefined);
  }

  receive(response: SipResponse, flow: Flow): void {
    this.answered = true;
    this.handle({ type: 'response', status: response.status }, { response, flow });
  }

  /** §9.1: from now on the INVITE has 64*T1 left to end. */
  noteCancelled(): void {
    this.handle({ type: 'cancelled' });
  }

  /** The connection closed. An answer that was being waited for will not come; one that has begun may still. */
  noteFlowClosed(error: SendError): void {
    if (!this.answered) this.failSending(error);
  }

  stop(): void {
    this.stopNow();
    this.init.forget();
  }

  protected override timerEvent(timer: TimerName): ClientEvent {
    return { type: 'timer', timer };
  }

  protected override send(): void {
    this.transmit(this.bytes);
  }

  protected override sendTrying(): void {
    throw new Error('a client transaction sends no 100');
  }

  protected override acknowledge({ response }: Received): void {
    this.transmit(serializeMessage(createRejectionAck(this.request, response)));
  }

  protected override deliver({ response, flow }: Received): void {
    this.init.events.onResponse(response, flow);
  }

  protected override inform(reason: 'timeout' | 'transport-error'): void {
    this.init.events.onFailure(reason === 'timeout' ? { reason } : { reason, error: this.lastError });
  }

  protected override forget(): void {
    this.init.forget();
  }

  protected override terminated(): void {
    this.init.events.onTerminated?.();
  }

  private transmit(bytes: Buffer): void {
    const { transport, target } = this.init;
    const done = (result: SendResult): void => {
      if (result.ok) this.usedFlow = result.flow;
      else this.failSending(result.error);
    };
    if ('id' in target) transport.sendOnFlow(target, bytes, done);
    else transport.sendTo(target, bytes, done);
  }

  private failSending(error: SendError): void {
    this.lastError = error;
    this.handle({ type: 'transport-error' });
  }
}

export function makeClientTransaction(init: ClientTransactionInit): ClientTransaction {
  return new ClientTransaction(init.request.method === 'INVITE' ? INVITE : NON_INVITE, init);
}
