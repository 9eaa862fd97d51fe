import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ClientTransactionEvents, TransactionFailure } from '../transaction/client-transaction.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { TimerSettings } from '../transaction/timers.ts';
import {
  type Admission,
  TransactionLayer,
  type TransactionLimits,
} from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/transport.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeRandom } from './fake-random.ts';
import { fakeFlow, FakeTransport } from './fake-transport.ts';

export const PEER = { protocol: 'UDP', address: '198.51.100.9', port: 5060 } as const;
export const TCP_PEER = { protocol: 'TCP', address: '198.51.100.9', port: 5060 } as const;

export interface LayerHarnessOptions {
  readonly timers?: Partial<TimerSettings>;
  readonly limits?: Partial<TransactionLimits>;
  readonly admit?: (request: SipRequest) => Admission;
}

/** A transaction layer between a fake transport and a user that writes everything down. */
export class LayerHarness {
  readonly clock = new FakeClock();
  readonly transport = new FakeTransport();
  readonly transactions: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  readonly strays: SipResponse[] = [];
  readonly layer: TransactionLayer;

  constructor(options: LayerHarnessOptions = {}) {
    const { timers, limits } = options;
    this.layer = new TransactionLayer({
      transport: this.transport,
      clock: this.clock,
      random: new FakeRandom(),
      timers,
      limits,
      user: {
        admit: options.admit ?? (() => ({ action: 'accept' })),
        onRequest: (transaction) => this.transactions.push(transaction),
        onAck: (ack) => this.acks.push(ack),
        onStrayResponse: (response) => this.strays.push(response),
        onFault: () => undefined,
      },
    });
  }

  receive(message: SipRequest | SipResponse, flow: Flow = fakeFlow()): void {
    this.layer.onMessage({ message, flow });
  }

  get lastTransaction(): ServerTransaction {
    const last = this.transactions.at(-1);
    if (last === undefined) throw new Error('no request was delivered');
    return last;
  }
}

/** Writes down what a client transaction says: "180", "timeout". */
export class ClientLog implements ClientTransactionEvents {
  readonly lines: string[] = [];
  readonly failures: TransactionFailure[] = [];

  onResponse(response: SipResponse): void {
    this.lines.push(`${response.status}`);
  }

  onFailure(failure: TransactionFailure): void {
    this.failures.push(failure);
    this.lines.push(failure.reason);
  }

  onTerminated(): void {
    this.lines.push('terminated');
  }
}
