import { createSocket, type Socket } from 'node:dgram';
import { isIpv6, plainAddress } from './addresses.ts';
import { failure, socketError } from './faults.ts';
import { numericLookup } from './local-address.ts';
import type { SendError } from './transport.ts';

/** One UDP socket: octets out and in. Tests put their faults between two of these. */
export interface DatagramPort {
  readonly localAddress: string;
  readonly localPort: number;
  /** `done` gets undefined when the datagram was handed to the network. */
  send(bytes: Buffer, port: number, address: string, done: (error: SendError | undefined) => void): void;
  /** Tells who takes what arrives; there is one at a time. */
  receive(handler: DatagramHandler): void;
  close(): Promise<void>;
}

export type DatagramHandler = (bytes: Buffer, address: string, port: number) => void;

export interface UdpOptions {
  readonly address: string;
  readonly port: number;
  /** SO_RCVBUF; without it every pause of the process loses datagrams. Default 4 MiB. */
  readonly receiveBufferBytes?: number | undefined;
  readonly sendBufferBytes?: number | undefined;
}

/** What fits into one datagram over IPv4: 65,535 less the IP and UDP headers. */
const MAX_DATAGRAM = 65_507;
const DEFAULT_BUFFER = 4 * 1024 * 1024;

export type OpenUdpResult =
  | { readonly ok: true; readonly port: DatagramPort }
  | { readonly ok: false; readonly error: SendError };

export function openUdp(options: UdpOptions, onError: (error: SendError) => void): Promise<OpenUdpResult> {
  const type = isIpv6(options.address) ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    // One socket per family: a dual-stack socket shows IPv4 peers under IPv6 names.
    ipv6Only: type === 'udp6',
    lookup: numericLookup,
    recvBufferSize: options.receiveBufferBytes ?? DEFAULT_BUFFER,
    sendBufferSize: options.sendBufferBytes ?? DEFAULT_BUFFER,
  });
  return new Promise((resolve) => {
    let open = false;
    socket.on('error', (error) => {
      if (open) return onError(socketError(error));
      socket.close();
      resolve({ ok: false, error: socketError(error, 'connect') });
    });
    socket.on('listening', () => {
      open = true;
      resolve({ ok: true, port: new UdpSocket(socket) });
    });
    socket.bind({ port: options.port, address: options.address });
  });
}

class UdpSocket implements DatagramPort {
  readonly localAddress: string;
  readonly localPort: number;
  private readonly socket: Socket;
  private closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const { address, port } = socket.address();
    this.localAddress = address;
    this.localPort = port;
  }

  send(bytes: Buffer, port: number, address: string, done: (error: SendError | undefined) => void): void {
    if (this.closed) return done(failure('closed', 'the socket is closed'));
    if (bytes.length > MAX_DATAGRAM) {
      return done(failure('too-large', 'the message is larger than a datagram can be'));
    }
    this.socket.send(bytes, port, address, (error) => {
      done(error === null ? undefined : socketError(error));
    });
  }

  receive(handler: DatagramHandler): void {
    this.socket.removeAllListeners('message');
    this.socket.on('message', (bytes, { address, port }) => handler(bytes, plainAddress(address), port));
  }

  close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    return new Promise((resolve) => this.socket.close(resolve));
  }
}
