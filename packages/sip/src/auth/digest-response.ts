// The request-digest itself (RFC 7616 §3.4.1–3.4.3; without qop RFC 2069 §2.1.2).
import { hashOf, hexDigest, isSession, type DigestAlgorithm, type DigestHash } from './algorithms.ts';

export type Qop = 'auth' | 'auth-int';

/** A password, or what a database keeps instead: H(username:realm:password) per hash, hexadecimal. */
export type DigestSecret =
  | { readonly password: string }
  | { readonly ha1: Readonly<Partial<Record<DigestHash, string>>> };

export interface ResponseInput {
  readonly algorithm: DigestAlgorithm;
  /** H(username:realm:password), hexadecimal. */
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop?: Qop | undefined;
  readonly nc?: string | undefined;
  readonly cnonce?: string | undefined;
  /** The entity body, read only for auth-int. */
  readonly body?: Uint8Array | undefined;
}

/**
 * H(username:realm:password) over the unescaped values in UTF-8. RFC 7616 leaves open whether `unq()` also undoes
 * backslashes; taking the plain values is what password databases and most peers do.
 */
export function computeHa1(hash: DigestHash, username: string, realm: string, password: string): string {
  return hexDigest(hash, `${username}:${realm}:${password}`);
}

/** Undefined when only stored HA1s exist and none is of this hash. */
export function ha1Of(
  secret: DigestSecret,
  hash: DigestHash,
  username: string,
  realm: string,
): string | undefined {
  if ('password' in secret) return computeHa1(hash, username, realm, secret.password);
  return secret.ha1[hash]?.toLowerCase();
}

/** H(username:realm), sent in place of the name (RFC 7616 §3.4.4). */
export function computeUserhash(hash: DigestHash, username: string, realm: string): string {
  return hexDigest(hash, `${username}:${realm}`);
}

export function computeResponse(input: ResponseInput): string {
  const hash = hashOf(input.algorithm);
  const h = (text: string): string => hexDigest(hash, text);
  const cnonce = input.cnonce ?? '';
  const ha1 = isSession(input.algorithm) ? h(`${input.ha1}:${input.nonce}:${cnonce}`) : input.ha1;
  const a2 = `${input.method}:${input.uri}`;
  const ha2 =
    input.qop === 'auth-int' ? h(`${a2}:${hexDigest(hash, input.body ?? new Uint8Array())}`) : h(a2);
  if (input.qop === undefined) return h(`${ha1}:${input.nonce}:${ha2}`);
  return h(`${ha1}:${input.nonce}:${input.nc ?? ''}:${cnonce}:${input.qop}:${ha2}`);
}
