// Hash algorithms of the Digest scheme: RFC 7616 §6.1, taken into SIP by RFC 8760 §2.1.
import { createHash } from 'node:crypto';

export type DigestHash = 'MD5' | 'SHA-256' | 'SHA-512-256';
export type DigestAlgorithm = DigestHash | 'MD5-sess' | 'SHA-256-sess' | 'SHA-512-256-sess';

interface AlgorithmFacts {
  readonly hash: DigestHash;
  readonly session: boolean;
}

const FACTS: Readonly<Record<DigestAlgorithm, AlgorithmFacts>> = {
  'SHA-512-256-sess': { hash: 'SHA-512-256', session: true },
  'SHA-512-256': { hash: 'SHA-512-256', session: false },
  'SHA-256-sess': { hash: 'SHA-256', session: true },
  'SHA-256': { hash: 'SHA-256', session: false },
  'MD5-sess': { hash: 'MD5', session: true },
  MD5: { hash: 'MD5', session: false },
};

/**
 * Strongest first. A -sess variant stands after its plain sibling: it adds nothing against an offline guess
 * and is the less tested half of most servers.
 */
export const ALGORITHMS_BY_STRENGTH: readonly DigestAlgorithm[] = [
  'SHA-512-256',
  'SHA-512-256-sess',
  'SHA-256',
  'SHA-256-sess',
  'MD5',
  'MD5-sess',
];

const BY_UPPER_CASE = new Map(ALGORITHMS_BY_STRENGTH.map((name) => [name.toUpperCase(), name]));

// OpenSSL's names; the truncated SHA-512 has its own initial values and is not a cut of SHA-512 (FIPS 180-4 §5.3.6).
const NODE_NAME: Readonly<Record<DigestHash, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** An absent algorithm means MD5 (RFC 7616 §3.3). Returns undefined for one this stack does not know. */
export function readAlgorithm(token: string | undefined): DigestAlgorithm | undefined {
  return token === undefined ? 'MD5' : BY_UPPER_CASE.get(token.toUpperCase());
}

export function hashOf(algorithm: DigestAlgorithm): DigestHash {
  return FACTS[algorithm].hash;
}

export function isSession(algorithm: DigestAlgorithm): boolean {
  return FACTS[algorithm].session;
}

/** Length of a request-digest in hexadecimal digits. */
export function hexLength(hash: DigestHash): number {
  return hash === 'MD5' ? 32 : 64;
}

export function hexDigest(hash: DigestHash, data: string | Uint8Array): string {
  return createHash(NODE_NAME[hash]).update(data).digest('hex');
}
