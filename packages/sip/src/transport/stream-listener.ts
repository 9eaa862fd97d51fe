import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TlsOptions } from 'node:tls';
import { isIpv6, plainAddress } from './addresses.ts';
import type { ConnectionCensus } from './census.ts';
import { socketError } from './faults.ts';
import type { TransportLimits } from './limits.ts';
import { tlsErrorOf, tlsFailure } from './tls-errors.ts';
import type { TlsFacts } from './tls-facts.ts';
import { type Credentials, credentialOptions, readTlsFacts, type TlsVersion } from './tls-policy.ts';
import type { SendError } from './transport.ts';

/** How a TLS listener proves who it is, and whom it lets in. */
export interface TlsServerOptions {
  readonly credentials: Credentials;
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion | undefined;
  /**
   * `none` (default) asks for none. `request` asks, and takes connections without one or with one that is not trusted:
   * `TlsFacts` tells. `require` breaks the handshake off.
   */
  readonly clientCertificates?: 'none' | 'request' | 'require' | undefined;
  /** PEM: who may issue the certificates of clients. Default: the public authorities. */
  readonly clientAuthorities?: string | undefined;
  readonly ciphers?: string | undefined;
}

export interface StreamListenerInit {
  readonly protocol: 'TCP' | 'TLS';
  readonly address: string;
  readonly port: number;
  readonly tls: TlsServerOptions | undefined;
  readonly limits: TransportLimits;
  readonly census: ConnectionCensus;
  readonly admit: (address: string, port: number) => boolean;
  readonly onConnection: (socket: Socket, tls: TlsFacts | undefined) => void;
  readonly onHandshakeFailed: (error: SendError, address: string, port: number) => void;
  readonly onError: (error: SendError) => void;
}

export type OpenListenerResult =
  | { readonly ok: true; readonly listener: StreamListener }
  | { readonly ok: false; readonly error: SendError };

/** Accepts TCP connections and, for TLS, lets through those whose handshake is complete. */
export class StreamListener {
  readonly localAddress: string;
  readonly localPort: number;
  private readonly server: Server;
  private readonly tlsServer: TlsServer | undefined;
  private readonly handshakes: Handshakes;

  constructor(server: Server, tlsServer: TlsServer | undefined, handshakes: Handshakes) {
    this.server = server;
    this.tlsServer = tlsServer;
    this.handshakes = handshakes;
    const bound = server.address();
    this.localAddress = typeof bound === 'object' && bound !== null ? bound.address : '';
    this.localPort = typeof bound === 'object' && bound !== null ? bound.port : 0;
  }

  get isTls(): boolean {
    return this.tlsServer !== undefined;
  }

  /** New handshakes use it; connections that stand are left alone. False when it cannot be used: the old stays. */
  replaceTls(tls: TlsServerOptions): boolean {
    if (this.tlsServer === undefined) return false;
    try {
      this.tlsServer.setSecureContext(contextOptions(tls));
      return true;
    } catch {
      return false;
    }
  }

  /** Takes no more connections and gives up handshakes; connections that stand are not touched. */
  close(): void {
    this.server.close();
    for (const socket of this.handshakes.values()) socket.destroy();
  }
}

/** Sockets whose handshake is not complete, by remote address and port. */
type Handshakes = Map<string, Socket>;

export function openStreamListener(init: StreamListenerInit): Promise<OpenListenerResult> {
  const handshakes: Handshakes = new Map();
  let tlsServer: TlsServer | undefined;
  try {
    if (init.tls !== undefined) tlsServer = makeTlsServer(init, init.tls, handshakes);
  } catch {
    // OpenSSL's words may quote what it was given, which may be a key.
    const detail = 'the certificate or key of the listener cannot be used';
    return Promise.resolve({ ok: false, error: { code: 'tls', detail } });
  }
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    if (!enter(init, socket)) return void socket.destroy();
    if (tlsServer === undefined) return init.onConnection(socket, undefined);
    const key = peerKey(socket);
    handshakes.set(key, socket);
    socket.on('close', () => handshakes.delete(key));
    tlsServer.emit('connection', socket);
  });
  return listen(server, init, () => new StreamListener(server, tlsServer, handshakes));
}

/** Whether the connection may stay; it is then counted until it closes. */
function enter({ census, admit }: StreamListenerInit, socket: Socket): boolean {
  socket.on('error', () => undefined);
  const { remoteAddress, remotePort } = socket;
  // Undefined when it was reset before it was accepted.
  if (remoteAddress === undefined || remotePort === undefined) return false;
  const address = plainAddress(remoteAddress);
  if (!admit(address, remotePort) || !census.enter(address)) return false;
  socket.on('close', () => census.leave(address));
  return true;
}

function makeTlsServer(init: StreamListenerInit, tls: TlsServerOptions, handshakes: Handshakes): TlsServer {
  const clients = tls.clientCertificates ?? 'none';
  const server = createTlsServer({
    ...contextOptions(tls),
    handshakeTimeout: init.limits.handshakeTimeoutMs,
    requestCert: clients !== 'none',
    rejectUnauthorized: clients === 'require',
  });
  server.on('secureConnection', (socket) => {
    handshakes.delete(peerKey(socket));
    init.onConnection(socket, readTlsFacts(socket));
  });
  server.on('tlsClientError', (error, socket) => {
    const { remoteAddress = '', remotePort = 0 } = socket;
    socket.destroy();
    const { system } = socketError(error);
    const failed = tlsErrorOf(error) ?? tlsFailure({ reason: 'handshake', chain: [] }, system);
    init.onHandshakeFailed(failed, plainAddress(remoteAddress), remotePort);
  });
  return server;
}

const peerKey = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

function contextOptions(tls: TlsServerOptions): TlsOptions {
  return {
    ...credentialOptions(tls.credentials),
    minVersion: tls.minVersion ?? 'TLSv1.2',
    ...(tls.clientAuthorities === undefined ? {} : { ca: tls.clientAuthorities }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
  };
}

function listen(
  server: Server,
  { address, port, onError }: StreamListenerInit,
  make: () => StreamListener,
): Promise<OpenListenerResult> {
  return new Promise((resolve) => {
    let open = false;
    server.on('error', (error) => {
      if (open) onError(socketError(error));
      else resolve({ ok: false, error: socketError(error, 'connect') });
    });
    server.listen({ host: address, port, ipv6Only: isIpv6(address) }, () => {
      open = true;
      resolve({ ok: true, listener: make() });
    });
  });
}
