// Digest credentials: Authorization and Proxy-Authorization values (RFC 3261 §20.7, §20.28; RFC 7616 §3.4).
import { parseAuthParams, quote, token, type AuthParam, type AuthParseFailure } from './auth-params.ts';

export interface DigestCredentials {
  /** The name, or its hash when `userhash` is true. */
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** Lower-case hexadecimal. */
  readonly response: string;
  readonly algorithm?: string | undefined;
  readonly opaque?: string | undefined;
  readonly qop?: string | undefined;
  readonly cnonce?: string | undefined;
  /** As sent: the text goes into the hash. */
  readonly nc?: string | undefined;
  readonly userhash: boolean;
}

export type CredentialsResult =
  | { readonly ok: true; readonly credentials: DigestCredentials }
  | {
      readonly ok: false;
      readonly reason: AuthParseFailure | 'missing-parameter';
      readonly detail: string;
    };

const missing = (detail: string): CredentialsResult => ({ ok: false, reason: 'missing-parameter', detail });
const malformed = (detail: string): CredentialsResult => ({ ok: false, reason: 'malformed', detail });

/** `UTF-8''J%C3%A4s` (RFC 8187 §3.2.1, used by RFC 7616 §3.4.4). */
function decodeExtended(value: string): string | undefined {
  const match = /^UTF-8'[^']*'/i.exec(value);
  if (!match) return undefined;
  try {
    return decodeURIComponent(value.slice(match[0].length));
  } catch {
    return undefined;
  }
}

function readUsername(params: ReadonlyMap<string, AuthParam>): string | undefined {
  const plain = params.get('username')?.value;
  const extended = params.get('username*')?.value;
  // RFC 7616 §3.4.4: never both, and the extended form cannot be a hash.
  if (extended === undefined) return plain;
  if (plain !== undefined || params.get('userhash')?.value.toLowerCase() === 'true') return undefined;
  return decodeExtended(extended);
}

/** Reads one header value. With a qop, nc and cnonce are required (RFC 7616 §3.4). */
export function parseCredentials(headerValue: string): CredentialsResult {
  const parsed = parseAuthParams(headerValue);
  if (!parsed.ok) return parsed;
  const get = (name: string): string | undefined => parsed.params.get(name)?.value;
  const username = readUsername(parsed.params);
  const [realm, nonce, uri] = [get('realm'), get('nonce'), get('uri')];
  const response = get('response')?.trim().toLowerCase();
  if (username === undefined) return missing('username');
  if (realm === undefined) return missing('realm');
  if (!nonce) return missing('nonce');
  if (!uri) return missing('uri');
  if (response === undefined) return missing('response');
  if (!/^[0-9a-f]{1,128}$/.test(response)) return malformed('response is not hexadecimal');
  const qop = get('qop')?.trim().toLowerCase();
  const [nc, cnonce] = [get('nc')?.trim(), get('cnonce')];
  if (qop !== undefined && nc === undefined) return missing('nc');
  if (qop !== undefined && cnonce === undefined) return missing('cnonce');
  if (nc !== undefined && !/^[0-9a-f]{1,8}$/i.test(nc)) return malformed('nc is not hexadecimal');
  return {
    ok: true,
    credentials: {
      username,
      realm,
      nonce,
      uri,
      response,
      algorithm: get('algorithm')?.trim(),
      opaque: get('opaque'),
      qop,
      cnonce,
      nc,
      userhash: get('userhash')?.trim().toLowerCase() === 'true',
    },
  };
}

/** Writes qop, nc and algorithm bare, as RFC 3261 §25.1 has them; quoting them breaks known servers. */
export function serializeCredentials(credentials: DigestCredentials): string {
  const parts = [
    `username=${quote(credentials.username)}`,
    `realm=${quote(credentials.realm)}`,
    `nonce=${quote(credentials.nonce)}`,
    `uri=${quote(credentials.uri)}`,
    `response=${quote(credentials.response)}`,
  ];
  if (credentials.algorithm !== undefined) parts.push(`algorithm=${token(credentials.algorithm)}`);
  if (credentials.cnonce !== undefined) parts.push(`cnonce=${quote(credentials.cnonce)}`);
  if (credentials.opaque !== undefined) parts.push(`opaque=${quote(credentials.opaque)}`);
  if (credentials.qop !== undefined) parts.push(`qop=${token(credentials.qop)}`);
  if (credentials.nc !== undefined) parts.push(`nc=${token(credentials.nc)}`);
  if (credentials.userhash) parts.push('userhash=true');
  return `Digest ${parts.join(', ')}`;
}
