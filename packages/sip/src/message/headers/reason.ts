import type { Cursor } from '../cursor.ts';
import { type Params, paramsOf, readParams } from '../params.ts';
import { listHeader } from './header-type.ts';

/** Why a request was sent or refused (RFC 3326 §2). */
export interface Reason {
  /** "SIP", "Q.850" or another protocol. */
  readonly protocol: string;
  readonly cause: number | undefined;
  readonly text: string | undefined;
  readonly params: Params;
}

function readReason(cursor: Cursor): Reason | undefined {
  const protocol = cursor.readToken('the protocol');
  if (protocol === undefined) return undefined;
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  return { protocol, cause: params.number('cause'), text: params.get('text'), params };
}

export function makeReason(protocol: string, cause: number, text?: string): Reason {
  let params = paramsOf({ cause });
  if (text !== undefined) params = params.with('text', text);
  return { protocol, cause, text, params };
}

export const reasonHeader = listHeader<Reason>('Reason', readReason, {
  format: (value) => `${value.protocol}${value.params}`,
});
