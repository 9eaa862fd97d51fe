import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `talq_` + 32 base62 characters (190 random bits) + 6 base62 characters of CRC-32.
 * The checksum lets a mistyped token be refused without a query, and a secret scanner confirm a find.
 */
const PREFIX = 'talq_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_CHARS = 32;
const CHECKSUM_CHARS = 6;
const SHAPE = /^talq_[0-9A-Za-z]{38}$/;

function checksum(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let i = 0; i < CHECKSUM_CHARS; i += 1) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

export function mintToken(): string {
  let secret = '';
  for (let i = 0; i < SECRET_CHARS; i += 1) secret += ALPHABET.charAt(randomInt(62));
  return PREFIX + secret + checksum(secret);
}

/** Whether the text is shaped like one of our tokens and its checksum holds. */
export function isWellFormedToken(token: string): boolean {
  if (!SHAPE.test(token)) return false;
  const secret = token.slice(PREFIX.length, PREFIX.length + SECRET_CHARS);
  return token.endsWith(checksum(secret));
}

/** What is stored: the token is random, so one SHA-256 is enough. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex');

/** The part that may be shown later, to tell tokens apart. */
export const tokenPreview = (token: string): string => token.slice(0, PREFIX.length + 4);
