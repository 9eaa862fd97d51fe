// a=crypto of RFC 4568 §9: tag, suite, keys with lifetime and MKI, session parameters.
import { readSuite, suiteFacts, type SrtpSuite } from './srtp-suites.ts';

export interface SrtpKey {
  readonly key: Buffer;
  readonly salt: Buffer;
  /** Packets; undefined means the suite's own limit. */
  readonly lifetime?: number | undefined;
  /** Master key identifier as it stands in the packets, 1–128 octets. */
  readonly mki?: Buffer | undefined;
}

export interface CryptoAttribute {
  readonly tag: number;
  readonly suite: SrtpSuite;
  /** The suite's name as the peer wrote it, to be echoed. */
  readonly suiteName: string;
  /** At least one; all with an MKI of one length when there are several (RFC 4568 §6.1). */
  readonly keys: readonly SrtpKey[];
  readonly sessionParams: readonly string[];
}

export type CryptoResult =
  | { readonly ok: true; readonly crypto: CryptoAttribute }
  | { readonly ok: false; readonly tag?: number | undefined; readonly reason: string };

const MAX_KEYS = 8;

/** No suite lets a key live longer (RFC 3711 §9.2). */
const MAX_LIFETIME = 2 ** 48;

function readLifetime(text: string): number | undefined {
  const power = /^2\^(\d{1,2})$/.exec(text);
  const value = power ? 2 ** Number(power[1]) : Number(/^\d{1,15}$/.test(text) ? text : 0);
  return value > 0 && value <= MAX_LIFETIME ? value : undefined;
}

/** `1066:4` is the number 1066 in four octets. */
function readMki(text: string): Buffer | undefined {
  const match = /^(\d{1,310}):(\d{1,3})$/.exec(text);
  const lengthBytes = Number(match?.[2] ?? '0');
  if (!match || lengthBytes < 1 || lengthBytes > 128) return undefined;
  const digits = BigInt(match[1] ?? '0').toString(16);
  return digits.length > 2 * lengthBytes
    ? undefined
    : Buffer.from(digits.padStart(2 * lengthBytes, '0'), 'hex');
}

/** `inline:<base64>[|lifetime][|MKI:length]`; a sentence when it is malformed. */
function readKey(text: string, suite: SrtpSuite): SrtpKey | string {
  const { keyBytes, saltBytes } = suiteFacts(suite);
  if (!/^inline:/i.test(text)) return 'only inline keys are known';
  const [encoded = '', ...fields] = text.slice('inline:'.length).split('|');
  if (!/^[A-Za-z0-9+/]{1,128}={0,2}$/.test(encoded)) return 'the key is not base64';
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== keyBytes + saltBytes) {
    return `the key has ${bytes.length} octets, ${suite} needs ${keyBytes + saltBytes}`;
  }
  let lifetime: number | undefined;
  let mki: Buffer | undefined;
  for (const field of fields) {
    if (field.includes(':') && !mki) mki = readMki(field);
    else if (lifetime === undefined && !mki) lifetime = readLifetime(field);
    else return 'the key has too many fields';
    if (field.includes(':') ? !mki : lifetime === undefined) return `"${field}" is no lifetime and no MKI`;
  }
  return { key: bytes.subarray(0, keyBytes), salt: bytes.subarray(keyBytes), lifetime, mki };
}

function readKeys(text: string, suite: SrtpSuite): SrtpKey[] | string {
  const parts = text.split(';');
  if (parts.length > MAX_KEYS) return `over ${MAX_KEYS} keys`;
  const keys: SrtpKey[] = [];
  for (const part of parts) {
    const key = readKey(part, suite);
    if (typeof key === 'string') return key;
    keys.push(key);
  }
  const length = keys[0]?.mki?.length;
  const even = keys.every((key) => key.mki?.length === length);
  if (keys.length > 1 && (length === undefined || !even)) return 'several keys need MKIs of one length';
  return keys;
}

/** Value of an a=crypto attribute. An unknown suite is a refusal of this line only. */
export function parseCrypto(value: string): CryptoResult {
  const [tagText = '', suiteName = '', keyText = '', ...sessionParams] = value.trim().split(/[ \t]+/);
  if (!/^\d{1,9}$/.test(tagText))
    return { ok: false, reason: 'the tag is not a number of up to nine digits' };
  const tag = Number(tagText);
  const suite = readSuite(suiteName);
  if (!suite) return { ok: false, tag, reason: `suite ${suiteName || 'missing'} is not supported` };
  const keys = readKeys(keyText, suite);
  if (typeof keys === 'string') return { ok: false, tag, reason: keys };
  return { ok: true, crypto: { tag, suite, suiteName, keys, sessionParams } };
}

/**
 * The session parameter that forbids using the line, if any. All of RFC 4568 §6.3 but the window size hint change
 * what is on the wire and are not implemented; an unknown one may be ignored only with a leading `-` (§6.3.7).
 */
export function unusableSessionParam(crypto: CryptoAttribute): string | undefined {
  return crypto.sessionParams.find((param) => !/^WSH=\d+$/i.test(param) && !param.startsWith('-'));
}

function formatKey(key: SrtpKey): string {
  const lifetime = key.lifetime === undefined ? '' : `|${key.lifetime}`;
  const mki = key.mki === undefined ? '' : `|${BigInt(`0x${key.mki.toString('hex')}`)}:${key.mki.length}`;
  return `inline:${Buffer.concat([key.key, key.salt]).toString('base64')}${lifetime}${mki}`;
}

export function serializeCrypto(crypto: CryptoAttribute): string {
  return [crypto.tag, crypto.suiteName, crypto.keys.map(formatKey).join(';'), ...crypto.sessionParams].join(
    ' ',
  );
}

/** A fresh master key and salt. */
export function createSrtpKey(suite: SrtpSuite, randomBytes: (length: number) => Uint8Array): SrtpKey {
  const { keyBytes, saltBytes } = suiteFacts(suite);
  const bytes = Buffer.from(randomBytes(keyBytes + saltBytes));
  return { key: bytes.subarray(0, keyBytes), salt: bytes.subarray(keyBytes) };
}
