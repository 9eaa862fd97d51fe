import {
  type CancelTimer,
  type Clock,
  type Destination,
  type Flow,
  type SipUri,
  uriEquals,
} from '@tronco/sip';
import type { Customer } from './directory.ts';

/** A registered Contact (RFC 3261 §10.3). */
export interface Binding {
  readonly customer: Customer;
  readonly uri: SipUri;
  readonly callId: string;
  readonly sequence: number;
  /** On the carrier's clock. */
  readonly expiresAtMs: number;
  /** How the REGISTER came, and calls go: its Contact may be an address that nobody outside can reach. */
  readonly flow: Flow;
}

export type RemovalCause = 'asked' | 'expired' | 'replaced';

interface Entry extends Binding {
  readonly cancelExpiry: CancelTimer;
}

/** Who can be called where, until when. */
export class BindingTable {
  private readonly entries = new Map<string, Entry[]>();
  private readonly clock: Clock;
  private readonly onRemoved: (binding: Binding, cause: RemovalCause) => void;

  constructor(clock: Clock, onRemoved: (binding: Binding, cause: RemovalCause) => void) {
    this.clock = clock;
    this.onRemoved = onRemoved;
  }

  /** The newest first. */
  of(customer: Customer): readonly Binding[] {
    return this.entries.get(customer.id) ?? [];
  }

  all(): readonly Binding[] {
    return [...this.entries.values()].flat();
  }

  /** §10.3 item 7: bindings are compared as URIs. */
  find(customer: Customer, uri: SipUri): Binding | undefined {
    return this.of(customer).find((own) => uriEquals(own.uri, uri));
  }

  put(binding: Binding, maxBindings: number): void {
    this.take(binding.customer, binding.uri);
    const { id } = binding.customer;
    const list = this.entries.get(id) ?? [];
    const cancelExpiry = this.clock.setTimer(binding.expiresAtMs - this.clock.nowMs(), () =>
      this.remove(binding.customer, binding.uri, 'expired'),
    );
    list.unshift({ ...binding, cancelExpiry });
    this.entries.set(id, list);
    for (const old of list.slice(maxBindings)) this.remove(old.customer, old.uri, 'replaced');
  }

  remove(customer: Customer, uri: SipUri, cause: RemovalCause): void {
    const removed = this.take(customer, uri);
    if (removed !== undefined) this.onRemoved(removed, cause);
  }

  /** The connection that leads to a registered phone, when it registered over one. */
  flowTo({ protocol, address, port }: Destination): Flow | undefined {
    if (protocol === 'UDP') return undefined;
    return this.all()
      .map(({ flow }) => flow)
      .find(
        (flow) => flow.protocol === protocol && flow.remoteAddress === address && flow.remotePort === port,
      );
  }

  clear(): void {
    for (const { cancelExpiry } of [...this.entries.values()].flat()) cancelExpiry();
    this.entries.clear();
  }

  private take(customer: Customer, uri: SipUri): Entry | undefined {
    const list = this.entries.get(customer.id) ?? [];
    const index = list.findIndex((own) => uriEquals(own.uri, uri));
    if (index === -1) return undefined;
    const [entry] = list.splice(index, 1);
    entry?.cancelExpiry();
    return entry;
  }
}
