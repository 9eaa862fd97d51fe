import type { FrameEvent } from '../message/framer.ts';
import type { SipMessage } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import { withTopVia } from '../message/update.ts';
import { ConnectionAliases } from './aliases.ts';
import { ConnectionCensus } from './census.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool, type ConnectOptions, type ConnectResult } from './connection-pool.ts';
import { FaultAnswerer } from './fault-answers.ts';
import { failure } from './faults.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from './limits.ts';
import { LocalAddressFinder } from './local-address.ts';
import type { ListenerOptions, Source, TransportLayerOptions } from './options.ts';
import { type ListeningPoint, SentByChooser } from './sent-by.ts';
import { stampSource } from './source.ts';
import { openStreamListener, type StreamListener, type TlsServerOptions } from './stream-listener.ts';
import type { TlsFacts } from './tls-facts.ts';
import { type PreparedPolicy, prepareTlsPolicy, type TlsPolicy } from './tls-policy.ts';
import type {
  Destination,
  Flow,
  SendCallback,
  SendError,
  SentBy,
  Transport,
  TransportReceiver,
} from './transport.ts';
import { UdpFlows } from './udp-flows.ts';
import { type DatagramPort, openUdp } from './udp-socket.ts';

export type StartResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: SendError; readonly listener: ListenerOptions };

export interface CloseOptions {
  /** For what is written but not sent; then connections are cut. Default 2 s. */
  readonly drainMs?: number | undefined;
  /** Cuts them at once. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_DRAIN_MS = 2_000;

/** Owns every socket: listeners, the connections of both directions, and which of them carries what (RFC 3261 §18). */
export class TransportLayer implements Transport {
  private readonly options: TransportLayerOptions;
  private readonly limits: TransportLimits;
  private readonly finder = new LocalAddressFinder();
  private readonly udp = new UdpFlows();
  private readonly streams: StreamListener[] = [];
  private readonly points: ListeningPoint[] = [];
  private readonly census: ConnectionCensus;
  private readonly aliases = new ConnectionAliases();
  private readonly pool: ConnectionPool;
  private readonly faults: FaultAnswerer;
  private readonly sentBy: SentByChooser;
  private readonly policies = new Map<string, PreparedPolicy>();
  private readonly defaultPolicy: PreparedPolicy;
  private receiver: TransportReceiver | undefined;
  private closed = false;
  private onDrained: (() => void) | undefined;

  /** Throws when the default TLS policy cannot be used. */
  constructor(options: TransportLayerOptions) {
    this.options = options;
    this.limits = { ...DEFAULT_TRANSPORT_LIMITS, ...options.limits };
    this.census = new ConnectionCensus(this.limits);
    this.faults = new FaultAnswerer(this.limits.maxFaultAnswersPerSecond);
    const tls = prepareTlsPolicy(options.defaultTls ?? {});
    if (!tls.ok) throw new Error(`the default TLS policy cannot be used: ${tls.problem}`);
    this.defaultPolicy = tls.prepared;
    this.pool = new ConnectionPool({
      limits: this.limits,
      census: this.census,
      handler: {
        onFrame: (connection, event) => this.takeFrame(connection, event),
        onClosed: (connection, error) => this.takeClose(connection, error),
      },
      policyOf: ({ policy }) => (policy === undefined ? this.defaultPolicy : this.policies.get(policy)),
      aliasOf: (destination) => this.aliases.find(destination),
    });
    this.sentBy = new SentByChooser({
      points: () => this.points,
      advertised: options.advertised,
      localNetworks: options.localNetworks ?? [],
      localAddressTo: (remote) => this.finder.find(remote),
    });
  }

  /** Opens all listeners or none. */
  async start(receiver: TransportReceiver): Promise<StartResult> {
    this.receiver = receiver;
    await this.finder.open();
    for (const listener of this.options.listeners) {
      const error =
        listener.protocol === 'UDP' ? await this.openUdp(listener) : await this.openStream(listener);
      if (error !== undefined) {
        await this.close({ drainMs: 0 });
        return { ok: false, error, listener };
      }
    }
    return { ok: true };
  }

  /** The listeners as they are: with the ports they were given. */
  get listening(): readonly ListeningPoint[] {
    return this.points;
  }

  /** What is open at the moment, for figures and health. */
  get counts(): { readonly connections: number; readonly bufferedBytes: number } {
    return { connections: this.census.count, bufferedBytes: this.pool.bufferedBytes };
  }

  sendOnFlow(flow: Flow, bytes: Buffer, done?: SendCallback): void {
    if (this.closed) return done?.({ ok: false, error: failure('closed', 'the transport is closed') });
    if (flow.protocol === 'UDP') return this.udp.send(flow, bytes, done);
    const connection = this.pool.byFlowId(flow.id);
    if (connection !== undefined) return connection.send(bytes, done);
    done?.({ ok: false, error: failure('closed', 'the connection is closed') });
  }

  sendTo(destination: Destination, bytes: Buffer, done?: SendCallback): void {
    if (this.closed) return done?.({ ok: false, error: failure('closed', 'the transport is closed') });
    if (destination.protocol === 'UDP') this.udp.send(destination, bytes, done);
    else this.pool.send(destination, bytes, done);
  }

  sentByFor(target: Destination | Flow): SentBy {
    return this.sentBy.choose(target);
  }

  /** The address a peer sees us send from when there is no NAT, for SDP: as `sentByFor`, never a name. */
  localAddressFor(target: Destination | Flow): string | undefined {
    return this.finder.find('id' in target ? target.remoteAddress : target.address);
  }

  /**
   * Connects without sending: TCP or TLS with what was seen of the peer. With `fresh` the connection is not shared, so
   * that its certificate is the one served now; end it with `endFlow`.
   */
  connect(destination: Destination, options: ConnectOptions = {}): Promise<ConnectResult> {
    if (destination.protocol !== 'UDP') return this.pool.connect(destination, options);
    return Promise.resolve({ ok: false, error: failure('unreachable', 'UDP has no connections') });
  }

  /** CRLF CRLF over a connection (RFC 5626 §3.5.1). If the peer should have answered and does not, the flow closes. */
  ping(flow: Flow): void {
    this.pool.byFlowId(flow.id)?.ping();
  }

  /** Closes a connection once what was written is sent. */
  endFlow(flow: Flow): void {
    this.pool.byFlowId(flow.id)?.end();
  }

  /** What the TLS peer of a connection showed; undefined for TCP, UDP and connections that are gone. */
  tlsOf(flow: Flow): TlsFacts | undefined {
    return this.pool.byFlowId(flow.id)?.tls;
  }

  /** Sets or replaces the policy that destinations name. Connections opened under the old one take no new requests. */
  setTlsPolicy(
    name: string,
    policy: TlsPolicy,
  ): { readonly ok: true } | { readonly ok: false; readonly problem: string } {
    const result = prepareTlsPolicy(policy);
    if (!result.ok) return result;
    this.policies.set(name, result.prepared);
    this.pool.retirePolicy(name);
    return { ok: true };
  }

  removeTlsPolicy(name: string): void {
    this.policies.delete(name);
    this.pool.retirePolicy(name);
  }

  /** New certificate for the TLS listeners, without a restart. False when it cannot be used: the old one stays. */
  replaceServerTls(tls: TlsServerOptions): boolean {
    return this.streams.filter(({ isTls }) => isTls).every((listener) => listener.replaceTls(tls));
  }

  /** Closes listeners, then connections in order, then UDP. Sends fail from now on. */
  async close({ drainMs = DEFAULT_DRAIN_MS, signal }: CloseOptions = {}): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.pool.close();
    for (const listener of this.streams) listener.close();
    await this.drain(drainMs, signal);
    await this.udp.close();
    this.finder.close();
  }

  private async openUdp(listener: ListenerOptions): Promise<SendError | undefined> {
    const opened = await openUdp(listener, (error) => this.options.onListenerError?.(error, listener));
    if (!opened.ok) return opened.error;
    const port = this.options.wrapDatagrams?.(opened.port) ?? opened.port;
    this.udp.add(port);
    this.addPoint(listener, port);
    port.receive((bytes, address, remotePort) => this.takeDatagram(port, bytes, address, remotePort));
    return undefined;
  }

  private async openStream(listener: ListenerOptions): Promise<SendError | undefined> {
    const { address, port, tls } = listener;
    const protocol = listener.protocol === 'TLS' ? 'TLS' : 'TCP';
    if (protocol === 'TLS' && tls === undefined) return failure('tls', 'a TLS listener needs a certificate');
    const opened = await openStreamListener({
      protocol,
      address,
      port,
      tls: protocol === 'TLS' ? tls : undefined,
      limits: this.limits,
      census: this.census,
      admit: (remote, remotePort) => this.admits({ protocol, address: remote, port: remotePort }),
      onConnection: (socket, facts) => this.pool.adopt(socket, protocol, 'server', facts),
      onHandshakeFailed: (error, remote, remotePort) =>
        this.options.onHandshakeFailed?.(error, { protocol, address: remote, port: remotePort }),
      onError: (error) => this.options.onListenerError?.(error, listener),
    });
    if (!opened.ok) return opened.error;
    this.streams.push(opened.listener);
    this.addPoint(listener, opened.listener);
    return undefined;
  }

  private addPoint(
    { protocol, advertised }: ListenerOptions,
    { localAddress: address, localPort: port }: { readonly localAddress: string; readonly localPort: number },
  ): void {
    this.points.push({ protocol, address, port, advertised });
  }

  private admits(source: Source): boolean {
    return !this.closed && (this.options.admit?.(source) ?? true);
  }

  private takeDatagram(port: DatagramPort, bytes: Buffer, address: string, remotePort: number): void {
    if (!this.admits({ protocol: 'UDP', address, port: remotePort })) return;
    const flow = this.udp.flowFrom(port, address, remotePort);
    const result = parseMessage(bytes, { limits: this.limits.parse });
    if (result.ok) return this.deliver(result.message, flow);
    const { error } = result;
    if (error.code === 'keep-alive') return;
    const answer = this.faults.answer(error, flow);
    if (answer !== undefined) port.send(answer.bytes, answer.port, address, () => undefined);
    this.receiver?.onFault({ error, flow });
  }

  private takeFrame(connection: Connection, event: FrameEvent): void {
    const { flow } = connection;
    if (event.type === 'message') {
      const { message } = event;
      if (message.kind === 'request' && (this.options.acceptAliases ?? true)) {
        this.aliases.learn(connection, message);
      }
      return this.deliver(message, flow);
    }
    if (event.type !== 'rejected' && event.type !== 'broken') return;
    const answer = this.faults.answer(event.error, flow);
    if (answer !== undefined) connection.send(answer.bytes);
    this.receiver?.onFault({ error: event.error, flow });
    // Where the next message begins can no longer be known (RFC 3261 §18.3).
    if (event.type === 'broken') connection.end();
  }

  private takeClose(connection: Connection, error: SendError | undefined): void {
    this.pool.forget(connection);
    this.aliases.forget(connection);
    this.receiver?.onFlowClosed(connection.flow, error);
    if (this.pool.size === 0) this.onDrained?.();
  }

  private deliver(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') return this.receiver?.onMessage({ message, flow });
    const via = stampSource(message.via, flow.remoteAddress, flow.remotePort);
    const stamped = via === message.via ? message : withTopVia(message, via);
    this.receiver?.onMessage({ message: stamped, flow });
  }

  /** Ends every connection and waits until the last has closed, or the time is over. */
  private async drain(drainMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.pool.size === 0) return;
    const cut = (): void => this.pool.destroyAll();
    const timer = setTimeout(cut, drainMs);
    signal?.addEventListener('abort', cut);
    const drained = new Promise<void>((resolve) => (this.onDrained = resolve));
    this.pool.endAll();
    if (signal?.aborted === true) cut();
    await drained;
    clearTimeout(timer);
    signal?.removeEventListener('abort', cut);
  }
}
