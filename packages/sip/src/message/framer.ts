import { CR, LF } from './chars.ts';
import { type FaultCode, makeFault, type SipParseError } from './fault.ts';
import { type MessageHead, scanHead } from './head.ts';
import { type ParseLimits, resolveLimits } from './limits.ts';
import type { SipMessage } from './message.ts';
import { findEmptyLine, finishMessage, refuse, refuseHeadless } from './parse.ts';

export type FrameEvent =
  | { readonly type: 'message'; readonly message: SipMessage }
  /** A message that cannot be used but whose end is known: answer it, the stream goes on. */
  | { readonly type: 'rejected'; readonly error: SipParseError }
  /** CRLF CRLF: answer with one CRLF (RFC 5626 §3.5.1). */
  | { readonly type: 'ping' }
  /** One CRLF: the answer to a ping. */
  | { readonly type: 'pong' }
  /** The stream can no longer be framed: answer if the error allows it, then close. Nothing follows. */
  | { readonly type: 'broken'; readonly error: SipParseError };

export interface FramerOptions {
  readonly limits?: Partial<ParseLimits>;
  /**
   * The side that opened the connection (`client`) gets a pong for every single CRLF at once. The other side
   * waits for the second CRLF of a ping. Default `server`.
   */
  readonly role?: 'client' | 'server';
}

interface Pending {
  readonly head: MessageHead;
  /** Octets from the start line to the end of the body. */
  readonly totalBytes: number;
  readonly headBytes: number;
}

/**
 * Cuts a TCP or TLS stream into messages by Content-Length (RFC 3261 §18.3). Holds at most one message's limit
 * plus one chunk, and looks at each octet a bounded number of times however the stream is split.
 */
export class StreamFramer {
  private readonly limits: ParseLimits;
  private readonly isClient: boolean;
  private store: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private searchFrom = 0;
  private lineEnds = 0;
  private pending: Pending | undefined;
  private broken = false;

  constructor(options: FramerOptions = {}) {
    this.limits = resolveLimits(options.limits);
    this.isClient = options.role === 'client';
  }

  /** Octets held back because their message is not complete. Zero means the stream stands between messages. */
  get bufferedBytes(): number {
    return this.end - this.start;
  }

  /** Takes what arrived, answers what became complete, in order. The chunk must not be changed afterwards. */
  push(chunk: Buffer): readonly FrameEvent[] {
    if (this.broken) return [];
    this.add(chunk);
    const events: FrameEvent[] = [];
    for (;;) {
      if (this.pending === undefined) this.takeLineEnds(events);
      const event = this.next();
      if (event === undefined) break;
      events.push(event);
      if (event.type === 'broken') {
        this.broken = true;
        this.release(this.end);
        return events;
      }
    }
    if (this.start === this.end) this.release(this.end);
    return events;
  }

  /**
   * Appends behind what is held. Octets already handed out in bodies are never written over: a full store is
   * replaced by one twice as large, so copying stays linear in what arrives.
   */
  private add(chunk: Buffer): void {
    const held = this.end - this.start;
    if (held === 0) {
      this.store = chunk;
      this.start = 0;
      this.end = chunk.length;
      this.searchFrom = 0;
      return;
    }
    // A store that is somebody else's chunk ends where it ends; one of our own has room behind `end`.
    if (this.end + chunk.length > this.store.length) {
      const grown = Buffer.allocUnsafeSlow(2 * (held + chunk.length));
      this.store.copy(grown, 0, this.start, this.end);
      this.searchFrom -= this.start;
      this.store = grown;
      this.start = 0;
      this.end = held;
    }
    chunk.copy(this.store, this.end);
    this.end += chunk.length;
  }

  /** Drops everything up to `position`, and the memory when nothing is left. */
  private release(position: number): void {
    this.start = position;
    this.searchFrom = position;
    if (this.start === this.end) {
      this.store = Buffer.alloc(0);
      this.start = 0;
      this.end = 0;
      this.searchFrom = 0;
    }
  }

  private takeLineEnds(events: FrameEvent[]): void {
    while (this.end - this.start >= 2 && this.store[this.start] === CR && this.store[this.start + 1] === LF) {
      this.start += 2;
      this.lineEnds++;
      if (this.lineEnds === 2) {
        events.push({ type: 'ping' });
        this.lineEnds = 0;
      }
    }
    if (this.searchFrom < this.start) this.searchFrom = this.start;
    const held = this.end - this.start;
    const undecided = held === 0 || (held === 1 && this.store[this.start] === CR);
    // Before a start line a single CRLF means nothing (RFC 3261 §7.5); alone it answers our ping.
    if (this.lineEnds === 1 && this.isClient) events.push({ type: 'pong' });
    if (!undecided || this.isClient) this.lineEnds = 0;
  }

  private next(): FrameEvent | undefined {
    this.pending ??= this.readHead();
    const { pending } = this;
    if (pending === undefined) return this.end > this.start ? this.refuseLongHead() : undefined;
    const { head, headBytes, totalBytes } = pending;
    const fault = this.framingFault(pending);
    if (fault !== undefined) return { type: 'broken', error: fault };
    if (this.end - this.start < totalBytes) return undefined;
    const bytes = this.store.subarray(this.start, this.start + totalBytes);
    this.release(this.start + totalBytes);
    this.pending = undefined;
    const result = finishMessage(head, bytes, headBytes);
    return result.ok
      ? { type: 'message', message: result.message }
      : { type: 'rejected', error: result.error };
  }

  private readHead(): Pending | undefined {
    const held = this.store.subarray(0, this.end);
    const emptyLine = findEmptyLine(held, this.start, this.searchFrom, this.limits);
    if (emptyLine === -1) {
      // The last three octets may be the beginning of the empty line.
      this.searchFrom = Math.max(this.start, this.end - 3);
      return undefined;
    }
    const head = scanHead(held, this.start, emptyLine + 2, this.limits);
    const headBytes = emptyLine + 4 - this.start;
    return { head, headBytes, totalBytes: headBytes + (head.contentLength ?? 0) };
  }

  private refuseLongHead(): FrameEvent | undefined {
    if (this.end - this.start <= this.limits.maxHeadBytes) return undefined;
    const held = this.store.subarray(this.start, this.end);
    return { type: 'broken', error: refuseHeadless(held, 0, this.limits).error };
  }

  /** What makes the end of the message unknowable or too far away (RFC 4475 §3.1.2.3, §3.3.9). */
  private framingFault({ head, totalBytes }: Pending): SipParseError | undefined {
    const fail = (code: FaultCode, status: number, problem: string): SipParseError =>
      refuse(head, makeFault(code, status, problem, { header: 'Content-Length' })).error;
    if (head.startLine.kind === 'fault' && head.startLine.subject === 'unknown') {
      return refuse(head, head.startLine.fault).error;
    }
    if (head.contentLengthFault !== undefined) return refuse(head, head.contentLengthFault).error;
    if (head.contentLength === undefined) {
      return fail('content-length-missing', 400, 'a stream needs it to find the end of the message');
    }
    if (totalBytes > this.limits.maxMessageBytes) return fail('body-too-large', 413, 'the body is too large');
    return undefined;
  }
}
