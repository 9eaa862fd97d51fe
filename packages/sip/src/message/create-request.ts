import { appendBodyHeaders, assembleRequest, type BodyInit, NO_BODY } from './assemble.ts';
import { isToken } from './chars.ts';
import { HeaderSyntaxError, SipHeaders } from './headers.ts';
import { cseqHeader } from './headers/cseq.ts';
import { fromHeader, type NameAddr, toHeader } from './headers/name-addr.ts';
import type { Via } from './headers/via.ts';
import type { SipRequest } from './message.ts';
import { parseUri, type Uri } from './uri/uri.ts';

export interface RequestInit extends BodyInit {
  readonly method: string;
  readonly uri: Uri;
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  /** The CSeq number; its method is `method`. */
  readonly sequence: number;
  /** Default 70 (RFC 3261 §8.1.1.6). */
  readonly maxForwards?: number | undefined;
}

/**
 * A request with the mandatory headers of RFC 3261 §8.1.1.
 * Throws HeaderSyntaxError when a value cannot be written: a line break, a bad method, a bad URI.
 */
export function createRequest(init: RequestInit): SipRequest {
  if (!isToken(init.method)) throw new HeaderSyntaxError('the method is not a token');
  const uri = parseUri(init.uri.toString());
  if (!uri.ok) throw new HeaderSyntaxError(uri.problem);
  const headers = new SipHeaders();
  headers.append('Via', init.via.toString());
  headers.append('Max-Forwards', String(init.maxForwards ?? 70));
  headers.append('From', fromHeader.format(init.from));
  headers.append('To', toHeader.format(init.to));
  headers.append('Call-ID', init.callId);
  headers.append('CSeq', cseqHeader.format({ sequence: init.sequence, method: init.method }));
  appendBodyHeaders(headers, init);
  return assembleRequest(
    { kind: 'request', method: init.method, uri: uri.value },
    headers,
    init.body ?? NO_BODY,
  );
}
