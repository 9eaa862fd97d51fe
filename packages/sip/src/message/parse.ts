import { COMMA, CR, LF } from './chars.ts';
import { Cursor } from './cursor.ts';
import { type FaultCode, makeFault, type SipFault, type SipParseError } from './fault.ts';
import { type MessageHead, scanHead } from './head.ts';
import { SipHeaders } from './headers.ts';
import { callIdHeader, readCallId } from './headers/call-id.ts';
import { cseqHeader, readCSeq } from './headers/cseq.ts';
import type { ItemReader } from './headers/header-type.ts';
import { fromHeader, readNameAddr, toHeader } from './headers/name-addr.ts';
import { maxForwardsHeader, parseShortNumber } from './headers/numbers.ts';
import { readHop, readVia, type Via, viaHeader } from './headers/via.ts';
import { type ParseLimits, resolveLimits } from './limits.ts';
import type { SipMessage } from './message.ts';

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  | { readonly ok: false; readonly error: SipParseError };

export interface ParseOptions {
  readonly limits?: Partial<ParseLimits>;
}

const EMPTY_LINE = Buffer.from('\r\n\r\n');

/**
 * Parses one datagram, or one whole message that something else has framed (RFC 3261 §18.3). Never throws.
 *
 * Octets past Content-Length are ignored, a body shorter than it is an error, and without it the body is the
 * rest of the datagram. The body and the recovered headers share memory with `bytes`.
 */
export function parseMessage(bytes: Buffer, options?: ParseOptions): ParseResult {
  const limits = resolveLimits(options?.limits);
  const start = skipLineEnds(bytes, 0);
  if (isKeepAlive(bytes, start)) return refuseUnread('keep-alive', 400, 'this is a keep-alive', limits);
  const emptyLine = findEmptyLine(bytes, start, start, limits);
  if (emptyLine === -1) return refuseHeadless(bytes, start, limits);
  const head = scanHead(bytes, start, emptyLine + 2, limits);
  if (bytes.length - start > limits.maxMessageBytes) {
    return refuse(head, makeFault('message-too-large', 513, 'the message is too large'));
  }
  return finishMessage(head, bytes, emptyLine + 4);
}

/** Index of the CRLF CRLF that ends the head, or -1 when there is none within the limit. `start` is where the head starts. */
export function findEmptyLine(bytes: Buffer, start: number, searchFrom: number, limits: ParseLimits): number {
  const bounded = bytes.length - start > limits.maxHeadBytes + 4;
  const within = bounded ? bytes.subarray(0, start + limits.maxHeadBytes + 4) : bytes;
  return within.indexOf(EMPTY_LINE, searchFrom);
}

/** CRLFs before the start line mean nothing (RFC 3261 §7.5). */
export function skipLineEnds(bytes: Buffer, from: number): number {
  let pos = from;
  while (bytes[pos] === CR && bytes[pos + 1] === LF) pos += 2;
  return pos;
}

/** CRLFs only (RFC 5626 §3.5.1), or the few zero octets that some NAT keep-alives are. */
function isKeepAlive(bytes: Buffer, start: number): boolean {
  if (start === bytes.length) return true;
  return bytes.length <= 8 && bytes.every((octet) => octet === 0 || octet === CR || octet === LF);
}

/** Takes the body from behind the head and parses the headers every message needs. */
export function finishMessage(head: MessageHead, bytes: Buffer, bodyStart: number): ParseResult {
  const { startLine, contentLength } = head;
  const fault = startLine.kind === 'fault' ? startLine.fault : (head.fault ?? head.contentLengthFault);
  if (fault !== undefined) return refuse(head, fault);
  const available = bytes.length - bodyStart;
  if (contentLength !== undefined && contentLength > available) {
    // RFC 3261 §18.3: a datagram that ends before its body does is answered 400.
    const problem = 'it is larger than the body';
    return refuse(head, makeFault('body-truncated', 400, problem, { header: 'Content-Length' }));
  }
  const bodyEnd = bodyStart + (contentLength ?? available);
  return assembleMessage(head, bytes.subarray(bodyStart, bodyEnd));
}

/** Parses the mandatory headers of a scanned head; also how the builders make their messages. */
export function assembleMessage(head: MessageHead, body: Buffer): ParseResult {
  const { headers, startLine } = head;
  const state: ReadState = { fault: undefined };
  const via = readMandatory(state, headers, viaHeader, readTopVia);
  const from = readMandatory(state, headers, fromHeader, readNameAddr);
  const to = readMandatory(state, headers, toHeader, readNameAddr);
  const callId = readMandatory(state, headers, callIdHeader, readCallId);
  const cseq = readMandatory(state, headers, cseqHeader, readCSeq);
  const missing = !via || !from || !to || callId === undefined || !cseq;
  if (missing || startLine.kind === 'fault') {
    return refuse(head, state.fault ?? makeFault('malformed-header', 400, 'a mandatory header is malformed'));
  }
  const { contentLength } = head;
  const maxForwards = readMaxForwards(headers);
  // Written out twice: spreading the common fields into each would cost a twentieth of the whole parse.
  const message: SipMessage =
    startLine.kind === 'request'
      ? {
          kind: 'request',
          method: startLine.method,
          uri: startLine.uri,
          headers,
          body,
          via,
          from,
          to,
          callId,
          cseq,
          maxForwards,
          contentLength,
        }
      : {
          kind: 'response',
          status: startLine.status,
          reasonPhrase: startLine.reasonPhrase,
          headers,
          body,
          via,
          from,
          to,
          callId,
          cseq,
          maxForwards,
          contentLength,
        };
  return { ok: true, message };
}

interface ReadState {
  fault: SipFault | undefined;
}

function readMandatory<T>(
  state: ReadState,
  headers: SipHeaders,
  type: { readonly name: string; readonly key: string },
  read: ItemReader<T>,
): T | undefined {
  if (state.fault !== undefined) return undefined;
  const text = headers.firstByKey(type.key);
  if (text === undefined) {
    state.fault = makeFault('missing-header', 400, 'the header is missing', { header: type.name });
    return undefined;
  }
  const cursor = new Cursor(text, headers.limits);
  const value = read(cursor);
  if (value !== undefined && (type.key === 'via' || cursor.expectEnd())) return value;
  state.fault = makeFault('malformed-header', 400, cursor.problem, { header: type.name });
  return undefined;
}

/** The first of possibly several Via values on a line. */
function readTopVia(cursor: Cursor): Via | undefined {
  const via = readVia(cursor);
  if (via === undefined) return undefined;
  cursor.skipBlank();
  const next = cursor.peek();
  if (next === COMMA || cursor.pos === cursor.text.length) return via;
  return cursor.fail('there is text after the value');
}

function readMaxForwards(headers: SipHeaders): number | undefined {
  const text = headers.firstByKey(maxForwardsHeader.key);
  if (text === undefined) return undefined;
  const hops = parseShortNumber(text);
  if (hops >= 0) return hops > 255 ? undefined : hops;
  const parsed = maxForwardsHeader.parse(text);
  return parsed.ok ? parsed.value : undefined;
}

/** The error value for a head that was scanned; gathers what an answer needs. */
export function refuse(
  head: MessageHead,
  fault: SipFault,
): { readonly ok: false; readonly error: SipParseError } {
  const { startLine, headers } = head;
  const subject = startLine.kind === 'fault' ? startLine.subject : startLine.kind;
  const method = startLine.kind === 'response' ? undefined : startLine.method;
  const text = headers.firstByKey('via');
  const via = text === undefined ? undefined : salvageVia(text, headers.limits);
  const answerable = subject === 'request' && method !== 'ACK' && via !== undefined;
  return { ok: false, error: { ...fault, subject, method, recovered: headers, via, answerable } };
}

/** The top Via, without its parameters when those are what is wrong (RFC 4475 §3.1.2.1 wants an answer). */
function salvageVia(text: string, limits: ParseLimits): Via | undefined {
  return readTopVia(new Cursor(text, limits)) ?? readHop(new Cursor(text, limits));
}

function refuseUnread(
  code: FaultCode,
  status: number,
  problem: string,
  limits: ParseLimits,
): { readonly ok: false; readonly error: SipParseError } {
  const fault = makeFault(code, status, problem);
  const recovered = new SipHeaders(limits);
  const nothing = { method: undefined, via: undefined, recovered };
  return { ok: false, error: { ...fault, ...nothing, subject: 'unknown', answerable: false } };
}

/** No empty line: too large a head, or one cut short, whose lines may still serve for an answer. */
export function refuseHeadless(
  bytes: Buffer,
  start: number,
  limits: ParseLimits,
): { readonly ok: false; readonly error: SipParseError } {
  const end = Math.min(bytes.length, start + limits.maxHeadBytes);
  const lastLine = bytes.subarray(0, end).lastIndexOf('\r\n');
  if (lastLine <= start) return refuseUnread('not-sip', 400, 'this is not a SIP message', limits);
  const head = scanHead(bytes, start, lastLine + 2, limits);
  if (head.startLine.kind === 'fault' && head.startLine.subject === 'unknown') {
    return refuse(head, head.startLine.fault);
  }
  if (bytes.length - start > limits.maxHeadBytes) {
    return refuse(head, makeFault('message-too-large', 513, 'the headers are too large'));
  }
  return refuse(head, makeFault('missing-empty-line', 400, 'the headers do not end with an empty line'));
}
