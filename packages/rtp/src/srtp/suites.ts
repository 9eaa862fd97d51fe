// SRTP crypto suites that SDES can name: RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.

export type SrtpSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

export interface SuiteFacts {
  /** Octets of the master key and of each session cipher key. */
  readonly keyBytes: number;
  /** Octets of the master salt and of each session salt. */
  readonly saltBytes: number;
  readonly aead: boolean;
  readonly rtpTagBytes: number;
  readonly rtcpTagBytes: number;
}

const facts = (
  keyBytes: number,
  saltBytes: number,
  rtpTagBytes: number,
  rtcpTagBytes: number,
): SuiteFacts => ({
  keyBytes,
  saltBytes,
  aead: saltBytes === 12,
  rtpTagBytes,
  rtcpTagBytes,
});

/** The short tag is for SRTP only: SRTCP keeps 80 bits (RFC 3711 §5.2, RFC 4568 §6.2.2). */
const FACTS: Readonly<Record<SrtpSuite, SuiteFacts>> = {
  AES_CM_128_HMAC_SHA1_80: facts(16, 14, 10, 10),
  AES_CM_128_HMAC_SHA1_32: facts(16, 14, 4, 10),
  AES_256_CM_HMAC_SHA1_80: facts(32, 14, 10, 10),
  AES_256_CM_HMAC_SHA1_32: facts(32, 14, 4, 10),
  AEAD_AES_128_GCM: facts(16, 12, 16, 16),
  AEAD_AES_256_GCM: facts(32, 12, 16, 16),
};

export function suiteFacts(suite: SrtpSuite): SuiteFacts {
  return FACTS[suite];
}
