import { createRequest } from '../message/create-request.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { makeVia, Via } from '../message/headers/via.ts';
import type { SipRequest } from '../message/message.ts';
import { Params } from '../message/params.ts';
import { parseUri, type Uri } from '../message/uri/uri.ts';

export function uriOf(text: string): Uri {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export interface TestRequest {
  readonly method?: string;
  readonly uri?: string;
  readonly branch?: string | undefined;
  readonly viaPort?: number;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly sequence?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

let count = 0;

/** A request as a peer at 198.51.100.9 would send it. */
export function testRequest(init: TestRequest = {}): SipRequest {
  const method = init.method ?? 'OPTIONS';
  count++;
  const host = '198.51.100.9';
  const via =
    'branch' in init && init.branch === undefined
      ? new Via('UDP', host, 5060, Params.none)
      : makeVia({
          transport: 'UDP',
          host,
          port: init.viaPort ?? 5060,
          branch: init.branch ?? `z9hG4bKtest${count}`,
        });
  const to = new NameAddr(uriOf('sip:bob@tronco.example'));
  return createRequest({
    method,
    uri: uriOf(init.uri ?? 'sip:bob@tronco.example'),
    via,
    from: new NameAddr(uriOf('sip:alice@carrier.example')).withTag(init.fromTag ?? 'alice1'),
    to: init.toTag === undefined ? to : to.withTag(init.toTag),
    callId: init.callId ?? `call-${count}`,
    sequence: init.sequence ?? 1,
    headers: init.headers ?? [],
    ...(init.body === undefined ? {} : { body: Buffer.from(init.body), contentType: 'application/sdp' }),
  });
}
