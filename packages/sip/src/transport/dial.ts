import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { failure, socketError } from './faults.ts';
import { tlsErrorOf, tlsFailure } from './tls-errors.ts';
import type { TlsFacts } from './tls-facts.ts';
import { judgePeer, type PreparedPolicy, readTlsFacts } from './tls-policy.ts';
import type { Destination, SendError } from './transport.ts';

export interface DialOptions {
  readonly destination: Destination;
  /** For TLS. */
  readonly policy: PreparedPolicy;
  readonly connectTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
  readonly signal: AbortSignal;
}

export type DialResult =
  | { readonly ok: true; readonly socket: Socket; readonly tls: TlsFacts | undefined }
  | { readonly ok: false; readonly error: SendError };

const ABORTED = failure('closed', 'the attempt was given up');

/** Opens a connection and, for TLS, makes sure of the peer before anyone can write to it. */
export async function dial(options: DialOptions): Promise<DialResult> {
  const tcp = await dialTcp(options);
  if (!tcp.ok || options.destination.protocol !== 'TLS') return tcp;
  return secure(tcp.socket, options);
}

function dialTcp({ destination, connectTimeoutMs, signal }: DialOptions): Promise<DialResult> {
  const { address, port, localAddress } = destination;
  if (isIP(address) === 0) {
    return Promise.resolve({ ok: false, error: failure('unreachable', 'the destination is not an address') });
  }
  const socket = connectTcp({
    host: address,
    port,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  const timeout = failure('timeout', 'the TCP connection was not accepted in time');
  return settle(socket, connectTimeoutMs, timeout, signal, (resolve) => {
    socket.on('connect', () => resolve({ ok: true, socket, tls: undefined }));
    socket.on('error', (error) => resolve({ ok: false, error: socketError(error, 'connect') }));
  });
}

function secure(
  tcp: Socket,
  { destination, policy, handshakeTimeoutMs, signal }: DialOptions,
): Promise<DialResult> {
  const name = destination.serverName ?? destination.address;
  const socket: TLSSocket = connectTls({
    socket: tcp,
    secureContext: policy.context,
    // RFC 6066 §3: addresses are no server names.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // The verdict is ours, made of the facts: a person has to see what is wrong with a certificate.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const timeout = failure('timeout', 'the TLS handshake did not end in time');
  return settle(socket, handshakeTimeoutMs, timeout, signal, (resolve) => {
    socket.on('secureConnect', () => {
      const tls = readTlsFacts(socket);
      const error = judgePeer(socket, tls, policy, name);
      resolve(error === undefined ? { ok: true, socket, tls } : { ok: false, error });
    });
    socket.on('error', (error) => resolve({ ok: false, error: tlsErrorOf(error) ?? hungUp(error) }));
    socket.on('close', () => resolve({ ok: false, error: hungUp(undefined) }));
  });
}

/** Closed without an alert: what many servers do with a name or a client they do not know. */
function hungUp(error: unknown): SendError {
  const { system } = socketError(error);
  return tlsFailure({ reason: 'handshake', chain: [] }, system);
}

/**
 * Waits for the first of success, failure, time limit and abort. On failure the socket is destroyed. The listeners
 * stay: they do nothing any more, but no error is without one until the connection takes over.
 */
function settle(
  socket: Socket,
  timeoutMs: number,
  timeout: SendError,
  signal: AbortSignal,
  listen: (resolve: (result: DialResult) => void) => void,
): Promise<DialResult> {
  return new Promise((resolve) => {
    let settled = false;
    const finish = (result: DialResult): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const abort = (): void => finish({ ok: false, error: ABORTED });
    const timer = setTimeout(() => finish({ ok: false, error: timeout }), timeoutMs);
    listen(finish);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
}
