import {
  type Clock,
  createCryptoRandom,
  DnsCache,
  hostForUri,
  NodeDnsClient,
  SipResolver,
  type Resolver,
  TimerWheel,
  TransportLayer,
  UserAgent,
} from '@tronco/sip';
import { seededRandom } from '@tronco/sip/testing';
import { BindingTable, type Binding } from './accounts/binding-table.ts';
import { DigestGate } from './accounts/digest-gate.ts';
import { Directory } from './accounts/directory.ts';
import { Reception } from './accounts/reception.ts';
import { callInto } from './calls/call-into.ts';
import type { CallIntoOptions, CallIntoResult } from './calls/call-into-result.ts';
import { CallLedger } from './calls/call-ledger.ts';
import { CustomerCalls } from './calls/customer-calls.ts';
import type { CarrierContext } from './context.ts';
import { type CarrierCounters, EventCounter } from './counters.ts';
import { MAGIC_NUMBERS } from './destinations/destination.ts';
import { type CarrierAddress, type CarrierEventListener, EventHub } from './events.ts';
import { FaultyReceiver, FaultyTransport } from './faults/faulty-transport.ts';
import type { CarrierFaults } from './faults/faults.ts';
import { FaultyNetwork } from './faults/faulty-network.ts';
import { ServerCertificates } from './faults/server-certificates.ts';
import { type EchoCounts, NO_MEDIA } from './media/echo-port.ts';
import { type CarrierOptions, DEFAULT_LIMITS } from './options.ts';

export interface RegistrationView {
  /** `Customer.id` */
  readonly customer: string;
  readonly contact: string;
  readonly peer: { readonly address: string; readonly port: number };
  readonly expiresInMs: number;
}

export interface CallView {
  readonly callId: string;
  readonly direction: 'from-customer' | 'into-customer';
  /** `Customer.id` */
  readonly customer: string;
  readonly caller: string | undefined;
  readonly called: string;
  readonly answered: boolean;
  readonly durationMs: number;
  readonly media: EchoCounts;
}

export type StartResult =
  | { readonly ok: true; readonly addresses: readonly CarrierAddress[] }
  | { readonly ok: false; readonly detail: string };

export interface Carrier {
  /** Where it listens, with the ports it was given; empty before `start`. */
  readonly addresses: readonly CarrierAddress[];
  /** PEM: who issued the certificate of the TLS listeners. Undefined when one was given, or without TLS. */
  readonly authority: string | undefined;
  readonly events: { subscribe(listener: CarrierEventListener): () => void };
  readonly faults: CarrierFaults;
  /** Opens every listener or none. */
  start(): Promise<StartResult>;
  /** Says goodbye to calls that stand, and closes everything. A carrier does not start twice. */
  stop(): Promise<void>;
  /** In place of those in force; `{}` heals. */
  setFaults(faults: CarrierFaults): void;
  /** Calls a number of a customer, `+E.164`. Never rejects. */
  callInto(did: string, options?: CallIntoOptions): Promise<CallIntoResult>;
  registrations(): readonly RegistrationView[];
  /** Those of this moment, ringing ones included. */
  calls(): readonly CallView[];
  counters(): CarrierCounters;
}

/** What the carrier lets others do; no SUBSCRIBE, no REFER, no MESSAGE. */
const METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'PRACK', 'UPDATE', 'INFO'];

/** Throws a RangeError when the options contradict themselves. */
export function createCarrier(options: CarrierOptions): Carrier {
  return new SimulatedCarrier(options);
}

class SimulatedCarrier implements Carrier {
  readonly events: EventHub;
  private readonly options: CarrierOptions;
  private readonly counter = new EventCounter();
  private readonly network: FaultyNetwork;
  private readonly certificates: ServerCertificates | undefined;
  private readonly transport: TransportLayer;
  private readonly clock: Clock;
  private readonly context: CarrierContext;
  private readonly agent: UserAgent;
  private current: CarrierFaults;
  private stopping: Promise<void> | undefined;

  constructor(options: CarrierOptions) {
    const { clock = new TimerWheel(), seed = 1, listen, certificate } = options;
    this.options = options;
    this.clock = clock;
    this.current = options.faults ?? {};
    this.events = new EventHub(() => clock.nowMs());
    this.events.subscribe((event) => this.counter.note(event));
    this.network = new FaultyNetwork(seed, () => this.current);
    const hosts = listen.filter(({ protocol }) => protocol === 'TLS').map(({ host }) => host);
    if (hosts.length > 0) this.certificates = new ServerCertificates(hosts, certificate);
    this.transport = this.openTransport();
    this.context = this.makeContext();
    this.agent = this.makeAgent(seed);
  }

  get addresses(): readonly CarrierAddress[] {
    return this.transport.listening.map(({ protocol, address: host, port }) => {
      const transport = protocol === 'UDP' ? '' : `;transport=${protocol.toLowerCase()}`;
      return { protocol, host, port, uri: `sip:${hostForUri(host)}:${port}${transport}` };
    });
  }

  get authority(): string | undefined {
    return this.certificates?.authority;
  }

  get faults(): CarrierFaults {
    return this.current;
  }

  async start(): Promise<StartResult> {
    const started = await this.transport.start(new FaultyReceiver(this.agent, () => this.current));
    if (!started.ok) {
      const { protocol, address, port } = started.listener;
      return { ok: false, detail: `${protocol} ${address}:${port}: ${started.error.detail}` };
    }
    const { addresses } = this;
    this.events.emit({ type: 'started', addresses });
    return { ok: true, addresses };
  }

  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  setFaults(faults: CarrierFaults): void {
    const before = this.current;
    this.current = faults;
    if (faults.datagrams === undefined) this.network.flush();
    const expired = faults.expiredCertificate === true;
    if (this.certificates !== undefined && expired !== (before.expiredCertificate === true)) {
      this.transport.replaceServerTls({ credentials: this.certificates.choose(expired) });
    }
    this.events.emit({ type: 'faults-changed', faults });
  }

  callInto(did: string, options: CallIntoOptions = {}): Promise<CallIntoResult> {
    return callInto(this.context, did, options);
  }

  registrations(): readonly RegistrationView[] {
    const { bindings, clock } = this.context;
    return bindings.all().map(({ customer, uri, flow, expiresAtMs }) => ({
      customer: customer.id,
      contact: uri.toString(),
      peer: { address: flow.remoteAddress, port: flow.remotePort },
      expiresInMs: expiresAtMs - clock.nowMs(),
    }));
  }

  calls(): readonly CallView[] {
    const { ledger, clock } = this.context;
    return ledger.all().map(({ init, session, media, startedAtMs }) => ({
      callId: init.callId,
      direction: init.direction,
      customer: init.customer.id,
      caller: init.caller,
      called: init.called,
      answered: session !== undefined,
      durationMs: clock.nowMs() - startedAtMs,
      media: media?.counts ?? NO_MEDIA,
    }));
  }

  counters(): CarrierCounters {
    const { drop, duplicate, reorder } = this.network.counts();
    return this.counter.snapshot({
      datagramsDropped: drop,
      datagramsDuplicated: duplicate,
      datagramsReordered: reorder,
    });
  }

  private async close(): Promise<void> {
    this.context.ledger.hangUpAll();
    // Goodbyes to peers with a name wait for a look-up; one turn is what a numeric one needs.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.agent.close();
    this.context.ledger.closeAll();
    this.context.bindings.clear();
    await this.transport.close({ drainMs: 200 });
    this.events.emit({ type: 'stopped' });
  }

  private openTransport(): TransportLayer {
    const { certificates } = this;
    return new TransportLayer({
      listeners: this.options.listen.map(({ protocol, host, port }) => {
        const expired = this.current.expiredCertificate === true;
        const tls = certificates === undefined ? undefined : { credentials: certificates.choose(expired) };
        return { protocol, address: host, port, tls: protocol === 'TLS' ? tls : undefined };
      }),
      wrapDatagrams: (port) => this.network.wrap(port),
      // A sandbox calls platforms that have made their own certificates.
      defaultTls: { trust: 'none' },
      onHandshakeFailed: ({ detail }, peer) => this.events.emit({ type: 'handshake-failed', peer, detail }),
    });
  }

  private makeContext(): CarrierContext {
    const { options, events, clock } = this;
    const { profile, customers, numbers, random = createCryptoRandom() } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const directory = new Directory(customers, numbers);
    const faults = (): CarrierFaults => this.current;
    const gate =
      profile.digest === undefined
        ? undefined
        : new DigestGate({ rules: profile.digest, directory, clock, random, faults });
    const onRemoved = ({ customer, uri }: Binding, cause: 'asked' | 'expired' | 'replaced'): void =>
      events.emit({ type: 'unregistered', customer: customer.id, contact: uri.toString(), cause });
    return {
      profile,
      directory,
      bindings: new BindingTable(clock, onRemoved),
      ledger: new CallLedger(clock, events, limits),
      events,
      clock,
      random,
      limits,
      faults,
      gate,
      agent: () => this.agent,
      mediaHost: (remote) => this.mediaHost(remote),
    };
  }

  private makeAgent(seed: number): UserAgent {
    const { context, options } = this;
    const { profile, clock, random, bindings, faults } = context;
    const destinations = options.destinations ?? MAGIC_NUMBERS;
    const calls = new CustomerCalls(context, destinations, options.otherDestinations);
    const reception = new Reception(context, seededRandom(seed ^ 0x2c1b3c6d));
    return new UserAgent({
      transport: new FaultyTransport({
        transport: this.transport,
        clock,
        faults,
        flowTo: (destination) => bindings.flowTo(destination),
      }),
      resolver: options.resolver ?? defaultResolver(),
      clock,
      random,
      policy: {
        methods: profile.registration === undefined ? METHODS : [...METHODS, 'REGISTER'],
        outOfDialog: ['OPTIONS', 'REGISTER'],
        headers: [['User-Agent', `Tronco-Carrier ${profile.name}/${profile.version}`]],
      },
      events: {
        admit: () => reception.admit(),
        onCall: (call) => calls.receive(call),
        onRequest: (transaction) => reception.receive(transaction),
        onFault: (fault) => reception.noteFault(fault),
        onError: (error) => this.events.emit({ type: 'error', detail: String(error) }),
      },
    });
  }

  private mediaHost(remote: string): string {
    const own = this.transport.listening.map(({ address }) => address);
    const fixed = own.find((address) => address !== '0.0.0.0' && address !== '::');
    if (fixed !== undefined) return fixed;
    return (
      this.transport.localAddressFor({ protocol: 'UDP', address: remote, port: 9 }) ?? own[0] ?? '127.0.0.1'
    );
  }
}

function defaultResolver(): Resolver {
  const dns = new DnsCache(new NodeDnsClient(), { nowMs: () => performance.now() });
  return new SipResolver({ dns, unit: Math.random });
}
