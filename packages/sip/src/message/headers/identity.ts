import { COMMA, inClass, BLANK, SEMICOLON, END } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { type Params, readParams } from '../params.ts';
import { listHeader } from './header-type.ts';

/** A STIR signature, parsed but not verified (RFC 8224 §4, RFC 8225). */
export interface Identity {
  /** The PASSporT: `header.payload.signature`, or `..signature` in compact form. */
  readonly token: string;
  /** Where the certificate is; undefined in the form of the older RFC 4474. */
  readonly info: string | undefined;
  readonly alg: string | undefined;
  /** The PASSporT extension, "shaken" for SHAKEN. */
  readonly ppt: string | undefined;
  readonly params: Params;
}

function readIdentity(cursor: Cursor): Identity | undefined {
  const start = cursor.pos;
  let code = cursor.peek();
  while (code !== END && code !== SEMICOLON && code !== COMMA && !inClass(code, BLANK)) {
    cursor.pos++;
    code = cursor.peek();
  }
  // RFC 4474 wrote the signature as a quoted string.
  const token = cursor.text.slice(start, cursor.pos).replaceAll('"', '');
  if (token === '') return cursor.fail('the signature is missing');
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  const info = params.get('info');
  const bare = info?.startsWith('<') && info.endsWith('>') ? info.slice(1, -1) : info;
  return { token, info: bare, alg: params.get('alg'), ppt: params.get('ppt'), params };
}

export const identityHeader = listHeader<Identity>('Identity', readIdentity, {
  format: (value) => `${value.token}${value.params}`,
});
