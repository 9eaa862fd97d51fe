import type { AuthHeader } from '../auth/digest-client.ts';
import { createRequest } from '../message/create-request.ts';
import type { Via } from '../message/headers/via.ts';
import type { SipRequest } from '../message/message.ts';
import type { RequestDraft } from '../dialog/request-sender.ts';
import type { Destination, Flow } from '../transport/transport.ts';

export interface Routing {
  readonly via: Via;
  readonly target: Destination | Flow;
  readonly sequence: number;
  readonly authorization: readonly AuthHeader[];
}

/** The request of one attempt (RFC 3261 §8.1.1). */
export function buildRequest(draft: RequestDraft, routing: Routing): SipRequest {
  const { method, uri, from, to, callId, body } = draft;
  const headers: (readonly [string, string])[] = [];
  for (const route of draft.routes ?? []) headers.push(['Route', route.toString()]);
  if (draft.contact !== undefined) headers.push(['Contact', draft.contact(routing.target).toString()]);
  for (const { name, value } of routing.authorization) headers.push([name, value]);
  headers.push(...(draft.headers ?? []));
  const { via, sequence } = routing;
  return createRequest({
    method,
    uri,
    via,
    from,
    to,
    callId,
    sequence,
    headers,
    contentType: body?.contentType,
    body: body?.bytes,
  });
}
