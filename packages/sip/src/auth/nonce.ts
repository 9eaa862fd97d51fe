// Server nonces that need no table (RFC 7616 §3.3): time, noise and an HMAC over both.
import { createHmac, timingSafeEqual } from 'node:crypto';

const TIME_BYTES = 6;
const NOISE_BYTES = 8;
const TAG_BYTES = 16;
const LENGTH = TIME_BYTES + NOISE_BYTES + TAG_BYTES;
/** Clocks of two nodes sharing a key may differ a little. */
const MAX_SKEW_MS = 5_000;

export interface NonceKeys {
  /** The first key mints; the others still verify, which is how a key is rotated. At least 32 bytes each. */
  readonly keys: readonly Uint8Array[];
}

export interface MintOptions extends NonceKeys {
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Ties the nonce to a peer, for example its source address; must be given again to check it. */
  readonly binding?: string | undefined;
}

export interface CheckOptions extends NonceKeys {
  readonly nowMs: number;
  readonly lifetimeMs: number;
  readonly binding?: string | undefined;
}

export type NonceCheck =
  | { readonly ok: true; readonly issuedAtMs: number }
  | { readonly ok: false; readonly reason: 'foreign' | 'expired' };

function tagOf(key: Uint8Array, head: Uint8Array, binding: string | undefined): Buffer {
  const hmac = createHmac('sha256', key).update(head);
  if (binding !== undefined) hmac.update('\0').update(binding);
  return hmac.digest().subarray(0, TAG_BYTES);
}

/** Returns base64url text, 40 characters. Throws a RangeError when there is no key to mint with. */
export function mintNonce(options: MintOptions): string {
  const key = options.keys[0];
  if (!key) throw new RangeError('mintNonce needs a key');
  const head = Buffer.alloc(TIME_BYTES + NOISE_BYTES);
  head.writeUIntBE(Math.max(0, Math.floor(options.nowMs)), 0, TIME_BYTES);
  head.set(options.randomBytes(NOISE_BYTES).subarray(0, NOISE_BYTES), TIME_BYTES);
  return Buffer.concat([head, tagOf(key, head, options.binding)]).toString('base64url');
}

/** `foreign` covers forged, truncated, re-encoded and bound to somebody else: an answer that teaches nothing. */
export function checkNonce(nonce: string, options: CheckOptions): NonceCheck {
  const bytes = nonce.length <= 64 ? Buffer.from(nonce, 'base64url') : Buffer.alloc(0);
  // Node ignores bytes outside the alphabet: only the canonical text counts, else one nonce had many spellings.
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== nonce)
    return { ok: false, reason: 'foreign' };
  const head = bytes.subarray(0, TIME_BYTES + NOISE_BYTES);
  const tag = bytes.subarray(TIME_BYTES + NOISE_BYTES);
  const ours = options.keys.some((key) => timingSafeEqual(tag, tagOf(key, head, options.binding)));
  if (!ours) return { ok: false, reason: 'foreign' };
  const issuedAtMs = head.readUIntBE(0, TIME_BYTES);
  const ageMs = options.nowMs - issuedAtMs;
  if (ageMs > options.lifetimeMs || ageMs < -MAX_SKEW_MS) return { ok: false, reason: 'expired' };
  return { ok: true, issuedAtMs };
}
