import { HeaderSyntaxError, type SipHeaders } from './headers.ts';
import { contentLengthHeader } from './headers/numbers.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { assembleMessage } from './parse.ts';
import type { StartLine } from './start-line.ts';

export interface BodyInit {
  /** Lines after the mandatory ones, in order. */
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: Buffer | undefined;
  /** Content-Type of the body. */
  readonly contentType?: string | undefined;
}

export const NO_BODY = Buffer.alloc(0);

export function appendBodyHeaders(headers: SipHeaders, init: BodyInit): void {
  for (const [name, value] of init.headers ?? []) headers.append(name, value);
  if (init.contentType !== undefined) headers.set('Content-Type', init.contentType);
}

type GoodStartLine = Exclude<StartLine, { readonly kind: 'fault' }>;

/** Parses the typed fields out of the lines: a message that was built obeys the same rules as one received. */
export function assemble(startLine: GoodStartLine, headers: SipHeaders, body: Buffer): SipMessage {
  headers.set(contentLengthHeader.name, String(body.length));
  const scanned = { fault: undefined, contentLength: body.length, contentLengthFault: undefined };
  const result = assembleMessage({ startLine, headers, ...scanned }, body);
  if (!result.ok) throw new HeaderSyntaxError(result.error.problem);
  return result.message;
}

export function assembleRequest(
  startLine: Extract<StartLine, { readonly kind: 'request' }>,
  headers: SipHeaders,
  body: Buffer,
): SipRequest {
  const message = assemble(startLine, headers, body);
  if (message.kind !== 'request') throw new HeaderSyntaxError('not a request');
  return message;
}

export function assembleResponse(
  startLine: Extract<StartLine, { readonly kind: 'response' }>,
  headers: SipHeaders,
  body: Buffer,
): SipResponse {
  const message = assemble(startLine, headers, body);
  if (message.kind !== 'response') throw new HeaderSyntaxError('not a response');
  return message;
}
