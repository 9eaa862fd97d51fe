// SRTP crypto suites that SDES can name: RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.

export type SrtpSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

interface SuiteFacts {
  readonly keyBytes: number;
  readonly saltBytes: number;
}

const FACTS: Readonly<Record<SrtpSuite, SuiteFacts>> = {
  AEAD_AES_256_GCM: { keyBytes: 32, saltBytes: 12 },
  AEAD_AES_128_GCM: { keyBytes: 16, saltBytes: 12 },
  AES_256_CM_HMAC_SHA1_80: { keyBytes: 32, saltBytes: 14 },
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16, saltBytes: 14 },
  AES_256_CM_HMAC_SHA1_32: { keyBytes: 32, saltBytes: 14 },
  AES_CM_128_HMAC_SHA1_32: { keyBytes: 16, saltBytes: 14 },
};

/**
 * The mandatory suite (RFC 4568 §6.2) first: some peers look no further than the first line.
 */
export const DEFAULT_SUITES: readonly SrtpSuite[] = [
  'AES_CM_128_HMAC_SHA1_80',
  'AEAD_AES_128_GCM',
  'AEAD_AES_256_GCM',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'AES_256_CM_HMAC_SHA1_32',
];

/** RFC 6188 writes AES_256_CM_…; implementations older than it wrote AES_CM_256_… for the same thing. */
const ALIASES: Readonly<Record<string, SrtpSuite>> = {
  AES_CM_256_HMAC_SHA1_80: 'AES_256_CM_HMAC_SHA1_80',
  AES_CM_256_HMAC_SHA1_32: 'AES_256_CM_HMAC_SHA1_32',
};

export function readSuite(name: string): SrtpSuite | undefined {
  const upper = name.toUpperCase();
  const alias = ALIASES[upper];
  return alias ?? DEFAULT_SUITES.find((suite) => suite === upper);
}

/** Octets of master key and master salt. */
export function suiteFacts(suite: SrtpSuite): SuiteFacts {
  return FACTS[suite];
}
