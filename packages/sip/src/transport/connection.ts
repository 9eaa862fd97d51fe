import type { Socket } from 'node:net';
import { type FrameEvent, StreamFramer } from '../message/framer.ts';
import { plainAddress } from './addresses.ts';
import { Deadline } from './deadline.ts';
import { failure, socketError } from './faults.ts';
import type { TransportLimits } from './limits.ts';
import { tlsErrorOf } from './tls-errors.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { Flow, SendCallback, SendError } from './transport.ts';

/** Octets of incomplete messages over all connections together. */
export interface BufferLedger {
  bytes: number;
}

export interface ConnectionHandler {
  onFrame(connection: Connection, event: FrameEvent): void;
  /** Exactly once. No error when it was closed in order, by either side. */
  onClosed(connection: Connection, error: SendError | undefined): void;
}

export interface ConnectionInit {
  readonly socket: Socket;
  readonly protocol: 'TCP' | 'TLS';
  /** Who opened it: `client` when we did. */
  readonly role: 'client' | 'server';
  readonly tls: TlsFacts | undefined;
  readonly limits: TransportLimits;
  readonly ledger: BufferLedger;
  readonly handler: ConnectionHandler;
}

const CRLF = Buffer.from('\r\n');
const PING = Buffer.from('\r\n\r\n');
let lastId = 0;

/** One TCP or TLS connection that stands: framing, keep-alive, time limits and back-pressure. */
export class Connection {
  readonly flow: Flow;
  readonly role: 'client' | 'server';
  readonly tls: TlsFacts | undefined;
  private readonly socket: Socket;
  private readonly limits: TransportLimits;
  private readonly ledger: BufferLedger;
  private readonly handler: ConnectionHandler;
  private readonly framer: StreamFramer;
  private error: SendError | undefined;
  private closing = false;
  private heldBytes = 0;
  /** The peer has shown that it answers pings, so a missing answer means that the flow is dead. */
  private peerAnswersPings = false;
  private readonly idle = new Deadline(() => this.destroy());
  private readonly incomplete = new Deadline(() => this.fail('timeout', 'a message did not become complete'));
  private readonly first = new Deadline(() => this.fail('timeout', 'no message came'));
  private readonly unread = new Deadline(() => this.giveUpWriting());
  private readonly pong = new Deadline(() => this.fail('timeout', 'the peer no longer answers keep-alives'));
  private readonly nextPing = new Deadline(() => this.ping());

  constructor(init: ConnectionInit) {
    const { socket, limits, role } = init;
    this.socket = socket;
    this.role = role;
    this.tls = init.tls;
    this.limits = limits;
    this.ledger = init.ledger;
    this.handler = init.handler;
    this.framer = new StreamFramer({ role, limits: limits.parse });
    this.flow = flowOf(init);
    this.idle.set(limits.idleTimeoutMs);
    if (role === 'server') this.first.set(limits.firstMessageTimeoutMs);
    else this.nextPing.set(spreadPing(limits.pingIntervalMs));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('drain', () => this.resume());
    socket.on('error', (error) => this.note(tlsErrorOf(error) ?? socketError(error)));
    socket.on('close', () => this.finish());
  }

  get isOpen(): boolean {
    return !this.closing && this.socket.writable;
  }

  send(bytes: Buffer, done?: SendCallback): void {
    if (!this.isOpen) {
      const error = this.error ?? failure('closed', 'the connection is closed');
      return done?.({ ok: false, error: error.code === 'closed' ? error : { ...error, code: 'closed' } });
    }
    const unsent = this.socket.writableLength;
    if (unsent > 0 && unsent + bytes.length > this.limits.maxUnsentBytes) {
      this.fail('congested', 'the peer does not read');
      return done?.({ ok: false, error: failure('congested', 'the peer does not read') });
    }
    this.write(bytes, done);
  }

  /** Asks the peer for a sign of life (RFC 5626 §3.5.1); one that has answered before must answer again. */
  ping(): void {
    if (!this.isOpen) return;
    this.write(PING);
    if (this.peerAnswersPings && !this.pong.isSet) this.pong.set(this.limits.pongTimeoutMs);
    if (this.role === 'client') this.nextPing.set(spreadPing(this.limits.pingIntervalMs));
  }

  /** Closes once everything written has gone out. What still comes is not read. */
  end(): void {
    if (this.closing) return;
    this.closing = true;
    this.socket.end();
    // Else the end of the other side would never be seen; and a peer that never ends its side must not keep it open.
    this.socket.resume();
    this.unread.set(this.limits.writeTimeoutMs);
  }

  destroy(error?: SendError): void {
    if (error !== undefined) this.note(error);
    this.closing = true;
    this.socket.destroy();
  }

  private fail(code: SendError['code'], detail: string): void {
    this.destroy(failure(code, detail));
  }

  private giveUpWriting(): void {
    if (this.closing) this.destroy();
    else this.fail('congested', 'the peer does not read');
  }

  private note(error: SendError): void {
    this.error ??= error;
  }

  private write(bytes: Buffer, done?: SendCallback): void {
    this.idle.refresh();
    const flushed = this.socket.write(bytes, (error) => {
      if (done === undefined) return;
      if (error === null || error === undefined) return done({ ok: true, flow: this.flow });
      done({ ok: false, error: this.error ?? socketError(error) });
    });
    if (flushed || this.unread.isSet) return;
    // Who does not read our answers gets no more of its requests read.
    this.socket.pause();
    this.unread.set(this.limits.writeTimeoutMs);
  }

  private resume(): void {
    if (this.closing) return;
    this.unread.clear();
    this.socket.resume();
  }

  private take(chunk: Buffer): void {
    if (this.closing) return;
    this.idle.refresh();
    const events = this.framer.push(chunk);
    this.hold(this.framer.bufferedBytes);
    if (events.length > 0) this.first.clear();
    this.watchIncomplete(events);
    for (const event of events) {
      if (this.closing) return;
      if (event.type === 'ping') this.write(CRLF);
      else if (event.type === 'pong') this.notePong();
      else this.handler.onFrame(this, event);
    }
    if (this.ledger.bytes > this.limits.maxBufferedBytes && this.heldBytes > 0) {
      this.fail('congested', 'too many incomplete messages are held');
    }
  }

  /** The time runs from the first octet of a message: octets that trickle in do not prolong it. */
  private watchIncomplete(events: readonly FrameEvent[]): void {
    if (this.heldBytes === 0) this.incomplete.clear();
    else if (events.length > 0 || !this.incomplete.isSet) this.incomplete.set(this.limits.messageTimeoutMs);
  }

  private notePong(): void {
    this.peerAnswersPings = true;
    this.pong.clear();
  }

  private hold(bytes: number): void {
    this.ledger.bytes += bytes - this.heldBytes;
    this.heldBytes = bytes;
  }

  private finish(): void {
    this.closing = true;
    for (const deadline of [this.idle, this.incomplete, this.first, this.unread, this.pong, this.nextPing]) {
      deadline.clear();
    }
    this.hold(0);
    this.handler.onClosed(this, this.error);
  }
}

function flowOf({ socket, protocol }: ConnectionInit): Flow {
  lastId += 1;
  return {
    id: `${protocol.toLowerCase()}-${lastId}`,
    protocol,
    reliable: true,
    localAddress: plainAddress(socket.localAddress ?? ''),
    localPort: socket.localPort ?? 0,
    remoteAddress: plainAddress(socket.remoteAddress ?? ''),
    remotePort: socket.remotePort ?? 0,
  };
}

/** RFC 5626 §4.4.1: between 80 % and 100 % of the interval, so that a restart does not make all pings fall together. */
function spreadPing(intervalMs: number): number {
  return intervalMs * (0.8 + 0.2 * Math.random());
}
