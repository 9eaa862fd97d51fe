import { assemble } from './assemble.ts';
import { COMMA } from './chars.ts';
import { Cursor } from './cursor.ts';
import { HeaderSyntaxError, type SipHeaders } from './headers.ts';
import { readVia, type Via } from './headers/via.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import type { Uri } from './uri/uri.ts';

/**
 * A copy of the message with its lines edited; the typed fields follow.
 * Throws HeaderSyntaxError when the edit leaves a mandatory header missing or malformed.
 */
export function updateHeaders(message: SipRequest, edit: (headers: SipHeaders) => void): SipRequest;
export function updateHeaders(message: SipResponse, edit: (headers: SipHeaders) => void): SipResponse;
export function updateHeaders(message: SipMessage, edit: (headers: SipHeaders) => void): SipMessage;
export function updateHeaders(message: SipMessage, edit: (headers: SipHeaders) => void): SipMessage {
  const headers = message.headers.clone();
  edit(headers);
  return assemble(message, headers, message.body);
}

/** A copy with another body and Content-Type. */
export function withBody(message: SipRequest, body: Buffer, contentType: string): SipRequest;
export function withBody(message: SipResponse, body: Buffer, contentType: string): SipResponse;
export function withBody(message: SipMessage, body: Buffer, contentType: string): SipMessage {
  const headers = message.headers.clone();
  headers.set('Content-Type', contentType);
  return assemble(message, headers, body);
}

/** A copy with another Request-URI. */
export function withUri(request: SipRequest, uri: Uri): SipRequest {
  return { ...request, uri };
}

/**
 * A copy whose topmost Via is replaced, as a server does to add `received` and `rport` (RFC 3261 §18.2.1,
 * RFC 3581 §4). Cheap: nothing is parsed again.
 */
export function withTopVia(message: SipRequest, via: Via): SipRequest;
export function withTopVia(message: SipResponse, via: Via): SipResponse;
export function withTopVia(message: SipMessage, via: Via): SipMessage {
  const headers = message.headers.clone();
  replaceTopVia(headers, via);
  return { ...message, headers, via };
}

/** Replaces the first Via value, leaving others that share its line. */
export function replaceTopVia(headers: SipHeaders, via: Via): void {
  const lines = headers.all('Via');
  const first = lines[0];
  if (first === undefined) throw new HeaderSyntaxError('there is no Via to replace');
  const cursor = new Cursor(first, headers.limits);
  const old = readVia(cursor);
  cursor.skipBlank();
  const rest = old !== undefined && cursor.peek() === COMMA ? first.slice(cursor.pos) : '';
  headers.set('Via', `${via.toString()}${rest}`, ...lines.slice(1));
}
