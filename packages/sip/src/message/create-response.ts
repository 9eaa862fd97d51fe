import { appendBodyHeaders, assembleResponse, type BodyInit, NO_BODY } from './assemble.ts';
import type { SipFault, SipParseError } from './fault.ts';
import { type ReadonlySipHeaders, SipHeaders } from './headers.ts';
import { toHeader } from './headers/name-addr.ts';
import type { Via } from './headers/via.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { serializeParts } from './serialize.ts';
import { reasonPhraseOf } from './status.ts';
import { replaceTopVia } from './update.ts';

export interface ResponseInit extends BodyInit {
  /** 100 to 699 */
  readonly status: number;
  /** Default: the phrase of RFC 3261 §21. */
  readonly reasonPhrase?: string | undefined;
  /** Added to To when the request has no tag there; not to a 100 (RFC 3261 §8.2.6.2). */
  readonly toTag?: string | undefined;
}

/**
 * A response to a request (RFC 3261 §8.2.6): its Via, From, To, Call-ID and CSeq, the Record-Route where a dialog
 * may come of it (§12.1.1), the Timestamp in a 100.
 */
export function createResponse(request: SipRequest, init: ResponseInit): SipResponse {
  const headers = copyForResponse(request.headers, init.status);
  if (init.status > 100 && init.toTag !== undefined && request.to.tag === undefined) {
    headers.set('To', toHeader.format(request.to.withTag(init.toTag)));
  }
  appendBodyHeaders(headers, init);
  const reasonPhrase = init.reasonPhrase ?? reasonPhraseOf(init.status);
  return assembleResponse(
    { kind: 'response', status: init.status, reasonPhrase },
    headers,
    init.body ?? NO_BODY,
  );
}

/** The response that a fault of the validation step asks for. */
export function createFaultResponse(request: SipRequest, fault: SipFault, toTag: string): SipResponse {
  const { status, reasonPhrase, answerHeaders } = fault;
  return createResponse(request, { status, reasonPhrase, toTag, headers: answerHeaders });
}

/**
 * The octets that answer a request which could not be parsed, made of the headers that could be read; undefined
 * when it must not be answered. `topVia` takes the place of the topmost Via, so that the transport can add
 * `received` and `rport` to `error.via` (RFC 3261 §18.2.1).
 */
export function serializeErrorResponse(
  error: SipParseError,
  toTag: string,
  topVia?: Via,
): Buffer | undefined {
  if (!error.answerable) return undefined;
  const headers = copyForResponse(error.recovered, error.status);
  const to = error.recovered.value(toHeader);
  if (to !== undefined && to.tag === undefined) headers.set('To', toHeader.format(to.withTag(toTag)));
  for (const [name, value] of error.answerHeaders) headers.append(name, value);
  if (topVia !== undefined) replaceTopVia(headers, topVia);
  return serializeParts(`SIP/2.0 ${error.status} ${error.reasonPhrase}`, headers, NO_BODY);
}

const COPIED = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

function copyForResponse(source: ReadonlySipHeaders, status: number): SipHeaders {
  const headers = new SipHeaders();
  const seen = new Set<string>();
  for (const { name, key, value } of source) {
    const wanted =
      COPIED.has(key) ||
      (key === 'record-route' && status > 100 && status < 300) ||
      (key === 'timestamp' && status === 100);
    // A request with two From or two Call-ID is answered with the first of each.
    const repeats = key !== 'via' && key !== 'record-route' && seen.has(key);
    seen.add(key);
    if (wanted && !repeats) headers.append(name, value);
  }
  return headers;
}
