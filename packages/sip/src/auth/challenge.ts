// Digest challenges: WWW-Authenticate and Proxy-Authenticate values (RFC 3261 §20.44, §20.27; RFC 7616 §3.3).
import { parseAuthParams, quote, token, type AuthParseFailure } from './auth-params.ts';

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  readonly stale: boolean;
  /** As sent; undefined means MD5 and must then not be echoed to servers of RFC 2069. */
  readonly algorithm?: string | undefined;
  /** Lower case, in the server's order; empty for a server of RFC 2069. */
  readonly qop: readonly string[];
  readonly domain?: string | undefined;
  readonly charset?: string | undefined;
  readonly userhash: boolean;
}

export type ChallengeResult =
  | { readonly ok: true; readonly challenge: DigestChallenge }
  | {
      readonly ok: false;
      readonly reason: AuthParseFailure | 'missing-parameter';
      readonly detail: string;
    };

/** Reads one header value. Realm and nonce are required, everything else has a default. */
export function parseChallenge(headerValue: string): ChallengeResult {
  const parsed = parseAuthParams(headerValue);
  if (!parsed.ok) return parsed;
  const get = (name: string): string | undefined => parsed.params.get(name)?.value;
  const realm = get('realm');
  const nonce = get('nonce');
  if (realm === undefined) return { ok: false, reason: 'missing-parameter', detail: 'realm' };
  if (!nonce) return { ok: false, reason: 'missing-parameter', detail: 'nonce' };
  const qop = (get('qop') ?? '')
    .split(',')
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value !== '');
  return {
    ok: true,
    challenge: {
      realm,
      nonce,
      opaque: get('opaque'),
      stale: get('stale')?.trim().toLowerCase() === 'true',
      algorithm: get('algorithm')?.trim(),
      qop,
      domain: get('domain'),
      charset: get('charset'),
      userhash: get('userhash')?.trim().toLowerCase() === 'true',
    },
  };
}

export function serializeChallenge(challenge: DigestChallenge): string {
  const parts = [`realm=${quote(challenge.realm)}`];
  if (challenge.domain !== undefined) parts.push(`domain=${quote(challenge.domain)}`);
  parts.push(`nonce=${quote(challenge.nonce)}`);
  if (challenge.opaque !== undefined) parts.push(`opaque=${quote(challenge.opaque)}`);
  if (challenge.stale) parts.push('stale=true');
  if (challenge.algorithm !== undefined) parts.push(`algorithm=${token(challenge.algorithm)}`);
  if (challenge.qop.length > 0) parts.push(`qop=${quote(challenge.qop.join(','))}`);
  if (challenge.charset !== undefined) parts.push(`charset=${token(challenge.charset)}`);
  if (challenge.userhash) parts.push('userhash=true');
  return `Digest ${parts.join(', ')}`;
}
