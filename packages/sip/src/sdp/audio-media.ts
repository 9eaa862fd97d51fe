// One m=audio section with session-level values applied (RFC 8866 §5.7, §6.7; RFC 3264 §5.1).
import { readAudioFormats, type AudioFormat } from './audio-format.ts';
import { parseCrypto, unusableSessionParam, type CryptoAttribute } from './crypto-attribute.ts';
import {
  attributeValue,
  attributeValues,
  type Connection,
  type Direction,
  type SessionDescription,
} from './description.ts';
import { readConnection } from './parse-sdp.ts';

export interface AudioMedia {
  /** Position of its m= line. */
  readonly index: number;
  /** 0 means refused or removed (RFC 3264 §5.1, §6, §8.2). */
  readonly port: number;
  readonly protocol: string;
  readonly connection: Connection | undefined;
  readonly formats: readonly AudioFormat[];
  readonly direction: Direction;
  /** c=0.0.0.0 or ::, the hold of RFC 2543 (RFC 3264 §8.4): nothing may be sent there. */
  readonly blackHole: boolean;
  readonly ptimeMs?: number | undefined;
  readonly maxptimeMs?: number | undefined;
  /** a=rtcp (RFC 3605); the address only when given. */
  readonly rtcp?: { readonly port: number; readonly address?: string | undefined } | undefined;
  readonly rtcpMux: boolean;
  /** Usable lines in the peer's order. */
  readonly crypto: readonly CryptoAttribute[];
  /** Why the other crypto lines cannot be used, for a refusal somebody reads. */
  readonly unusableCrypto: readonly string[];
  /** Kept as text; this stack speaks neither ICE nor DTLS. */
  readonly candidates: readonly string[];
  readonly fingerprints: readonly string[];
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

function readDirection(description: SessionDescription, index: number): Direction {
  const media = description.media[index]?.attributes ?? [];
  // The media level wins over the session level; without either it is sendrecv (RFC 8866 §6.7).
  for (const attributes of [media, description.attributes]) {
    const found = attributes.find((attribute) =>
      DIRECTIONS.some((direction) => direction === attribute.name),
    );
    const direction = DIRECTIONS.find((candidate) => candidate === found?.name);
    if (direction) return direction;
  }
  return 'sendrecv';
}

/** Milliseconds; fractions are legal (RFC 8866 §6.4) and rounded. */
function readDuration(value: string | undefined): number | undefined {
  const match = /^(\d{1,4})(?:\.\d+)?$/.exec(value?.trim() ?? '');
  const milliseconds = Number(match?.[1] ?? '0');
  return milliseconds > 0 ? milliseconds : undefined;
}

function readRtcp(value: string | undefined): AudioMedia['rtcp'] {
  const match = /^(\d{1,5})(?:[ \t]+(.+))?$/.exec(value ?? '');
  const port = Number(match?.[1] ?? '0');
  if (port < 1 || port > 65_535) return undefined;
  return { port, address: match?.[2] === undefined ? undefined : readConnection(match[2])?.address };
}

function readCryptoLines(values: readonly string[]): Pick<AudioMedia, 'crypto' | 'unusableCrypto'> {
  const crypto: CryptoAttribute[] = [];
  const unusableCrypto: string[] = [];
  for (const value of values.slice(0, 32)) {
    const parsed = parseCrypto(value);
    const obstacle = parsed.ok ? unusableSessionParam(parsed.crypto) : parsed.reason;
    const tag = parsed.ok ? parsed.crypto.tag : parsed.tag;
    if (obstacle !== undefined) unusableCrypto.push(`crypto ${tag ?? '?'}: ${obstacle}`);
    else if (parsed.ok && !crypto.some((other) => other.tag === tag)) crypto.push(parsed.crypto);
  }
  return { crypto, unusableCrypto };
}

/** True for 0.0.0.0 and every spelling of ::. */
export function isUnspecified(address: string): boolean {
  return (
    address === '0.0.0.0' ||
    (/^[0:]+$/.test(address) && address.includes('::')) ||
    /^(0+:){7}0+$/.test(address)
  );
}

/** Undefined unless the m= line at `index` is audio. */
export function readAudioMedia(
  description: SessionDescription,
  index: number,
  fallback?: (payloadType: number) => AudioFormat | undefined,
): AudioMedia | undefined {
  const media = description.media[index];
  if (media?.kind !== 'audio') return undefined;
  const connection = media.connection ?? description.connection;
  const attributes = [...media.attributes, ...description.attributes];
  return {
    index,
    port: media.port,
    protocol: media.protocol,
    connection,
    formats: readAudioFormats(media, fallback),
    direction: readDirection(description, index),
    blackHole: connection !== undefined && isUnspecified(connection.address),
    ptimeMs: readDuration(attributeValue(attributes, 'ptime')),
    maxptimeMs: readDuration(attributeValue(attributes, 'maxptime')),
    rtcp: readRtcp(attributeValue(media.attributes, 'rtcp')),
    rtcpMux: attributeValue(media.attributes, 'rtcp-mux') !== undefined,
    ...readCryptoLines(attributeValues(media.attributes, 'crypto')),
    candidates: attributeValues(attributes, 'candidate'),
    fingerprints: attributeValues(attributes, 'fingerprint'),
  };
}

/** Every m=audio section, in order. */
export function readAllAudio(description: SessionDescription): AudioMedia[] {
  return description.media.flatMap((_, index) => readAudioMedia(description, index) ?? []);
}
