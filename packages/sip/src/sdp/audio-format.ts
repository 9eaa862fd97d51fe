// RTP payload formats of an m=audio line: static numbers (RFC 3551 §6), a=rtpmap and a=fmtp (RFC 8866 §6.6, §6.15).
import { attributeValues, type MediaDescription } from './description.ts';

export interface AudioFormat {
  readonly payloadType: number;
  /** As the peer wrote it; compare with `sameCodec`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly fmtp?: string | undefined;
}

/** What makes two formats the same codec, payload types left aside. */
export type CodecIdentity = Pick<AudioFormat, 'name' | 'clockRate'> & {
  readonly channels?: number | undefined;
};

const STATIC: ReadonlyMap<number, readonly [string, number, number]> = new Map([
  [0, ['PCMU', 8000, 1]],
  [3, ['GSM', 8000, 1]],
  [4, ['G723', 8000, 1]],
  [5, ['DVI4', 8000, 1]],
  [6, ['DVI4', 16000, 1]],
  [7, ['LPC', 8000, 1]],
  [8, ['PCMA', 8000, 1]],
  [9, ['G722', 8000, 1]],
  [10, ['L16', 44100, 2]],
  [11, ['L16', 44100, 1]],
  [12, ['QCELP', 8000, 1]],
  [13, ['CN', 8000, 1]],
  [15, ['G728', 8000, 1]],
  [16, ['DVI4', 11025, 1]],
  [17, ['DVI4', 22050, 1]],
  [18, ['G729', 8000, 1]],
]);

/** Dynamic payload types (RFC 3551 §3); the numbers below need no rtpmap. */
export const FIRST_DYNAMIC = 96;
export const LAST_DYNAMIC = 127;

/** `97 iLBC/8000` or `98 L16/16000/2`. */
function readRtpmap(value: string): AudioFormat | undefined {
  const match = /^(\d{1,3})[ \t]+([^ \t/]{1,64})\/(\d{1,6})(?:\/(\d{1,2}))?$/.exec(value.trim());
  if (!match) return undefined;
  const [, payloadType, name = '', clockRate, channels] = match;
  return {
    payloadType: Number(payloadType),
    name,
    clockRate: Number(clockRate),
    channels: Number(channels ?? '1'),
  };
}

function readFmtp(media: MediaDescription): Map<number, string> {
  const parameters = new Map<number, string>();
  for (const value of attributeValues(media.attributes, 'fmtp')) {
    const match = /^(\d{1,3})[ \t]+(.+)$/.exec(value);
    if (match && !parameters.has(Number(match[1]))) parameters.set(Number(match[1]), (match[2] ?? '').trim());
  }
  return parameters;
}

/**
 * The formats in the order of the m= line, each payload type once. A dynamic number without a readable rtpmap says
 * nothing and is left out, unless `fallback` knows it: answers that rely on the offer's rtpmap do occur.
 */
export function readAudioFormats(
  media: MediaDescription,
  fallback?: (payloadType: number) => AudioFormat | undefined,
): AudioFormat[] {
  const mapped = new Map<number, AudioFormat>();
  for (const value of attributeValues(media.attributes, 'rtpmap')) {
    const format = readRtpmap(value);
    if (format && !mapped.has(format.payloadType)) mapped.set(format.payloadType, format);
  }
  const parameters = readFmtp(media);
  const formats: AudioFormat[] = [];
  for (const text of new Set(media.formats)) {
    const payloadType = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    if (!(payloadType <= LAST_DYNAMIC)) continue;
    if (formats.some((format) => format.payloadType === payloadType)) continue;
    const format = mapped.get(payloadType) ?? staticFormat(payloadType) ?? fallback?.(payloadType);
    if (format) formats.push({ ...format, fmtp: parameters.get(payloadType) });
  }
  return formats;
}

export function staticFormat(payloadType: number): AudioFormat | undefined {
  const known = STATIC.get(payloadType);
  return known && { payloadType, name: known[0], clockRate: known[1], channels: known[2] };
}

/** RFC 3264 calls it telephone-events in its own example (§10.1), and so do phones written after it. */
export function isTelephoneEvent(format: { readonly name: string }): boolean {
  return /^telephone-events?$/i.test(format.name);
}

/** Comfort noise (RFC 3389) accompanies a codec and is none itself. */
export function isComfortNoise(format: { readonly name: string }): boolean {
  return format.name.toUpperCase() === 'CN';
}

export function sameCodec(a: CodecIdentity, b: CodecIdentity): boolean {
  const name = a.name.toUpperCase();
  if (name !== b.name.toUpperCase() || (a.channels ?? 1) !== (b.channels ?? 1)) return false;
  // G.722 samples at 16 kHz but its RTP clock says 8000 (RFC 3551 §4.5.2); peers that write 16000 mean the same.
  return a.clockRate === b.clockRate || name === 'G722';
}

/** Value of the a=rtpmap attribute. */
export function formatRtpmap(format: AudioFormat): string {
  const channels = format.channels === 1 ? '' : `/${format.channels}`;
  return `${format.payloadType} ${format.name}/${format.clockRate}${channels}`;
}
