// Session keys from a master key: RFC 3711 §4.3, RFC 6188 §3, RFC 7714 §11.
import { createCipheriv } from 'node:crypto';
import type { SuiteFacts } from './suites.ts';

export interface SessionKeys {
  readonly cipherKey: Buffer;
  /** HMAC-SHA1 key, 20 octets; an AEAD suite has no use for it. */
  readonly authKey: Buffer;
  readonly salt: Buffer;
}

/** First of three consecutive labels (RFC 3711 §4.3.2): cipher key, authentication key, salt. */
const RTP_LABEL = 0;
const RTCP_LABEL = 3;

const AUTH_KEY_BYTES = 20;

/** Octet of the 14-octet salt that the label falls on: key_id is label and 48-bit r, right aligned. */
const LABEL_OFFSET = 7;

/**
 * `length` octets of AES-CM keystream at the block that label and salt name (RFC 3711 §4.3.3). The key derivation
 * rate is zero, the only one SDES agrees on without a KDR parameter, so r is zero. The 12-octet salts of AEAD
 * suites are padded with zeros on the right (RFC 7714 §11).
 */
export function deriveKey(
  masterKey: Uint8Array,
  masterSalt: Uint8Array,
  label: number,
  length: number,
): Buffer {
  const block = Buffer.alloc(16);
  block.set(masterSalt);
  block.writeUInt8(block.readUInt8(LABEL_OFFSET) ^ label, LABEL_OFFSET);
  const cipher = createCipheriv(masterKey.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr', masterKey, block);
  return cipher.update(Buffer.alloc(length));
}

/** The two key sets a master key stands for. */
export function deriveSessionKeys(
  facts: SuiteFacts,
  masterKey: Uint8Array,
  masterSalt: Uint8Array,
): { readonly rtp: SessionKeys; readonly rtcp: SessionKeys } {
  const derive = (first: number): SessionKeys => ({
    cipherKey: deriveKey(masterKey, masterSalt, first, facts.keyBytes),
    authKey: deriveKey(masterKey, masterSalt, first + 1, AUTH_KEY_BYTES),
    salt: deriveKey(masterKey, masterSalt, first + 2, facts.saltBytes),
  });
  return { rtp: derive(RTP_LABEL), rtcp: derive(RTCP_LABEL) };
}
