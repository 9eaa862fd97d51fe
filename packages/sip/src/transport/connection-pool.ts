import type { Socket } from 'node:net';
import type { ConnectionCensus } from './census.ts';
import { type BufferLedger, Connection, type ConnectionHandler } from './connection.ts';
import { dial } from './dial.ts';
import { failure } from './faults.ts';
import type { TransportLimits } from './limits.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { PreparedPolicy } from './tls-policy.ts';
import type { Destination, Flow, SendCallback, SendError } from './transport.ts';

export type ConnectResult =
  | { readonly ok: true; readonly flow: Flow; readonly tls: TlsFacts | undefined }
  | { readonly ok: false; readonly error: SendError };

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  readonly fresh?: boolean | undefined;
}

export interface ConnectionPoolInit {
  readonly limits: TransportLimits;
  readonly census: ConnectionCensus;
  readonly handler: ConnectionHandler;
  /** Undefined when there is no policy of that name: then there is no connection either. */
  readonly policyOf: (destination: Destination) => PreparedPolicy | undefined;
  readonly aliasOf: (destination: Destination) => Connection | undefined;
}

type Opened =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly error: SendError };

/** An attempt to connect, shared by everyone who wants to send there in the meantime. */
interface Attempt {
  readonly waiting: Set<(opened: Opened) => void>;
  readonly abort: AbortController;
  readonly policy: string | undefined;
  queuedBytes: number;
}

/** The connections that stand, and those being opened. Reused for every request to the same place (RFC 3261 §18). */
export class ConnectionPool {
  private readonly init: ConnectionPoolInit;
  private readonly ledger: BufferLedger = { bytes: 0 };
  private readonly byFlow = new Map<string, Connection>();
  private readonly ours = new Map<string, Connection>();
  private readonly keys = new WeakMap<Connection, string>();
  private readonly policies = new WeakMap<Connection, string | undefined>();
  private readonly attempts = new Map<string, Attempt>();
  private lastFresh = 0;
  private closed = false;

  constructor(init: ConnectionPoolInit) {
    this.init = init;
  }

  /** Octets of incomplete messages held. */
  get bufferedBytes(): number {
    return this.ledger.bytes;
  }

  get size(): number {
    return this.byFlow.size;
  }

  byFlowId(id: string): Connection | undefined {
    return this.byFlow.get(id);
  }

  /** Takes over a socket that stands. It must be counted already. */
  adopt(
    socket: Socket,
    protocol: 'TCP' | 'TLS',
    role: 'client' | 'server',
    tls: TlsFacts | undefined,
  ): Connection {
    const { limits, handler } = this.init;
    const { ledger } = this;
    const connection = new Connection({ socket, protocol, role, tls, limits, ledger, handler });
    this.byFlow.set(connection.flow.id, connection);
    return connection;
  }

  /** To be called by the handler when a connection has closed. */
  forget(connection: Connection): void {
    this.byFlow.delete(connection.flow.id);
    const key = this.keys.get(connection);
    if (key !== undefined && this.ours.get(key) === connection) this.ours.delete(key);
  }

  send(destination: Destination, bytes: Buffer, done?: SendCallback): void {
    const standing = this.standing(destination);
    if (standing !== undefined) return standing.send(bytes, done);
    const key = keyOf(destination);
    const queued = this.attempts.get(key)?.queuedBytes ?? 0;
    if (queued > 0 && queued + bytes.length > this.init.limits.maxUnsentBytes) {
      return done?.({ ok: false, error: failure('congested', 'too much waits for the connection') });
    }
    this.open(key, destination, bytes.length, (opened) => {
      if (opened.ok) opened.connection.send(bytes, done);
      else done?.({ ok: false, error: opened.error });
    });
  }

  /**
   * A connection to there, standing or new; with `fresh` one that nobody else will share. An attempt that nobody waits
   * for any more is given up.
   */
  connect(destination: Destination, { signal, fresh }: ConnectOptions): Promise<ConnectResult> {
    const key = fresh === true ? `fresh ${++this.lastFresh}` : keyOf(destination);
    return new Promise((resolve) => {
      const finish = (opened: Opened): void => {
        signal?.removeEventListener('abort', leave);
        if (!opened.ok) return resolve(opened);
        const { flow, tls } = opened.connection;
        resolve({ ok: true, flow, tls });
      };
      let withdraw = (): void => undefined;
      const leave = (): void => {
        withdraw();
        finish({ ok: false, error: failure('closed', 'the attempt was given up') });
      };
      if (signal?.aborted === true) return leave();
      signal?.addEventListener('abort', leave);
      const standing = fresh === true ? undefined : this.standing(destination);
      if (standing !== undefined) return finish({ ok: true, connection: standing });
      withdraw = this.open(key, destination, 0, finish);
    });
  }

  /** No new request goes over what was opened under that policy; answers still do. */
  retirePolicy(name: string): void {
    for (const [key, connection] of this.ours) {
      if (this.policies.get(connection) === name) this.ours.delete(key);
    }
    for (const [key, attempt] of this.attempts) {
      if (attempt.policy === name) this.attempts.delete(key);
    }
  }

  /** No new connections; attempts under way fail. */
  close(): void {
    this.closed = true;
    for (const attempt of this.attempts.values()) attempt.abort.abort();
  }

  endAll(): void {
    for (const connection of this.byFlow.values()) connection.end();
  }

  destroyAll(): void {
    for (const connection of this.byFlow.values()) connection.destroy();
  }

  private standing(destination: Destination): Connection | undefined {
    const own = this.ours.get(keyOf(destination));
    if (own?.isOpen === true) return own;
    return this.init.aliasOf(destination);
  }

  /** Calls back once. The answer withdraws from the attempt. */
  private open(
    key: string,
    destination: Destination,
    bytes: number,
    callback: (opened: Opened) => void,
  ): () => void {
    const attempt = this.attempts.get(key) ?? this.start(key, destination);
    attempt.queuedBytes += bytes;
    attempt.waiting.add(callback);
    return () => {
      attempt.waiting.delete(callback);
      if (attempt.waiting.size === 0) attempt.abort.abort();
    };
  }

  private start(key: string, destination: Destination): Attempt {
    const { policy } = destination;
    const attempt: Attempt = { waiting: new Set(), abort: new AbortController(), policy, queuedBytes: 0 };
    this.attempts.set(key, attempt);
    attempt.abort.signal.addEventListener('abort', () => {
      if (this.attempts.get(key) === attempt) this.attempts.delete(key);
    });
    void this.run(key, attempt, destination);
    return attempt;
  }

  private async run(key: string, attempt: Attempt, destination: Destination): Promise<void> {
    const opened = await this.establish(destination, attempt.abort.signal);
    // An attempt that was given up, or whose policy has changed, no longer stands for its place.
    const current = this.attempts.get(key) === attempt;
    if (current) this.attempts.delete(key);
    if (opened.ok && current) {
      this.ours.set(key, opened.connection);
      this.keys.set(opened.connection, key);
      this.policies.set(opened.connection, destination.policy);
    }
    for (const tell of attempt.waiting) tell(opened);
  }

  private async establish(destination: Destination, signal: AbortSignal): Promise<Opened> {
    const { limits, census } = this.init;
    const { connectTimeoutMs, handshakeTimeoutMs } = limits;
    if (this.closed) return { ok: false, error: failure('closed', 'the transport is closed') };
    const policy = this.init.policyOf(destination);
    if (policy === undefined) return { ok: false, error: failure('unreachable', 'there is no such policy') };
    if (!census.enter(destination.address)) {
      return { ok: false, error: failure('congested', 'there are too many connections') };
    }
    const result = await dial({ destination, policy, connectTimeoutMs, handshakeTimeoutMs, signal });
    if (!result.ok || result.socket.destroyed) {
      census.leave(destination.address);
      return result.ok ? { ok: false, error: failure('closed', 'the peer closed the connection') } : result;
    }
    result.socket.on('close', () => census.leave(destination.address));
    const protocol = destination.protocol === 'TLS' ? 'TLS' : 'TCP';
    return { ok: true, connection: this.adopt(result.socket, protocol, 'client', result.tls) };
  }
}

/** Connections are only shared by who would have opened the same one: same policy, same name to be proven. */
function keyOf({ protocol, address, port, policy, serverName, localAddress }: Destination): string {
  const name = protocol === 'TLS' ? (serverName ?? address) : '';
  return `${protocol} ${address} ${port} ${policy ?? ''} ${name} ${localAddress ?? ''}`;
}
