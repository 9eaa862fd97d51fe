import { connect, type Socket } from 'node:net';
import type { SipMessage, SipRequest } from '../message/message.ts';
import { createResponse } from '../message/create-response.ts';
import { serializeMessage } from '../message/serialize.ts';
import type { ListenerOptions, TransportLayerOptions } from '../transport/options.ts';
import type {
  Destination,
  Flow,
  IncomingFault,
  IncomingMessage,
  SendError,
  SendResult,
  TransportProtocol,
  TransportReceiver,
} from '../transport/transport.ts';
import { TransportLayer } from '../transport/transport-layer.ts';
import { testRequest } from './requests.ts';

export const LOOPBACK = '127.0.0.1';

/** A list that can be waited for. */
export class Arrivals<T> {
  readonly all: T[] = [];
  private taken = 0;
  private wake: (() => void) | undefined;

  add(value: T): void {
    this.all.push(value);
    this.wake?.();
  }

  /** The next one that was not taken, now or when it comes. */
  async next(): Promise<T> {
    while (this.taken >= this.all.length) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    // The loop has just seen that it is there.
    return this.all[this.taken++] as T;
  }
}

/** A transport layer on loopback whose receiver writes everything down, and answers requests when asked to. */
export class LiveTransport implements TransportReceiver {
  readonly layer: TransportLayer;
  readonly messages = new Arrivals<IncomingMessage>();
  readonly faults = new Arrivals<IncomingFault>();
  readonly closed = new Arrivals<{ readonly flow: Flow; readonly error: SendError | undefined }>();
  /** Answer every request with 200 over the flow it came on. */
  echo = false;

  constructor(options: TransportLayerOptions) {
    this.layer = new TransportLayer(options);
  }

  static async open(
    listeners: readonly (Partial<ListenerOptions> & { readonly protocol: TransportProtocol })[],
    options: Partial<TransportLayerOptions> = {},
  ): Promise<LiveTransport> {
    const full = listeners.map((listener) => ({ address: LOOPBACK, port: 0, ...listener }));
    const live = new LiveTransport({ ...options, listeners: full });
    const started = await live.layer.start(live);
    if (!started.ok) throw new Error(started.error.detail);
    return live;
  }

  onMessage(incoming: IncomingMessage): void {
    this.messages.add(incoming);
    if (!this.echo || incoming.message.kind !== 'request') return;
    this.layer.sendOnFlow(incoming.flow, serializeMessage(createResponse(incoming.message, { status: 200 })));
  }

  onFault(fault: IncomingFault): void {
    this.faults.add(fault);
  }

  onFlowClosed(flow: Flow, error: SendError | undefined): void {
    this.closed.add({ flow, error });
  }

  /** Where others reach this one. */
  at(protocol: TransportProtocol, extra: Partial<Destination> = {}): Destination {
    const point = this.layer.listening.find((own) => own.protocol === protocol);
    if (point === undefined) throw new Error(`there is no ${protocol} listener`);
    return { protocol, address: point.address, port: point.port, ...extra };
  }

  sendTo(destination: Destination, bytes: Buffer): Promise<SendResult> {
    return new Promise((resolve) => this.layer.sendTo(destination, bytes, resolve));
  }

  sendOnFlow(flow: Flow, bytes: Buffer): Promise<SendResult> {
    return new Promise((resolve) => this.layer.sendOnFlow(flow, bytes, resolve));
  }

  async nextMessage(): Promise<SipMessage> {
    return (await this.messages.next()).message;
  }

  close(): Promise<void> {
    return this.layer.close({ drainMs: 200 });
  }
}

export const optionsBytes = (callId?: string): Buffer => serializeMessage(optionsRequest(callId));

export const optionsRequest = (callId?: string): SipRequest =>
  testRequest(callId === undefined ? {} : { callId });

/** A bare TCP client, for what our own stack would never send. */
export class RawClient {
  readonly socket: Socket;
  readonly chunks = new Arrivals<string>();
  readonly ended: Promise<void>;
  private text = '';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      this.chunks.add(chunk.toString('latin1'));
    });
  }

  static open(destination: Destination): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(destination.port, destination.address);
      socket.on('connect', () => resolve(new RawClient(socket)));
      socket.on('error', reject);
    });
  }

  /** Waits until what came contains `part`; the whole of it. */
  async until(part: string): Promise<string> {
    while (!this.text.includes(part)) await this.chunks.next();
    return this.text;
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  close(): void {
    this.socket.destroy();
  }
}
