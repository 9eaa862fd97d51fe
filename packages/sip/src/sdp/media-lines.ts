// The m= sections this side writes.
import { formatRtpmap, type AudioFormat } from './audio-format.ts';
import { serializeCrypto, type CryptoAttribute } from './crypto-attribute.ts';
import type { Attribute, Direction, MediaDescription } from './description.ts';
import type { LocalAudio } from './local-audio.ts';

export interface AudioLine {
  readonly local: LocalAudio;
  readonly protocol: string;
  readonly formats: readonly AudioFormat[];
  readonly direction: Direction;
  readonly ptimeMs: number;
  readonly rtcpMux: boolean;
  readonly crypto: readonly CryptoAttribute[];
}

/** rtpmap is written for static types too, as RFC 3264 §5.1 recommends. */
export function buildAudioLine(line: AudioLine): MediaDescription {
  const { local, formats } = line;
  const attributes: Attribute[] = [];
  for (const format of formats) {
    attributes.push({ name: 'rtpmap', value: formatRtpmap(format) });
    if (format.fmtp) attributes.push({ name: 'fmtp', value: `${format.payloadType} ${format.fmtp}` });
  }
  for (const crypto of line.crypto) attributes.push({ name: 'crypto', value: serializeCrypto(crypto) });
  attributes.push({ name: 'ptime', value: `${line.ptimeMs}` });
  if (line.rtcpMux) attributes.push({ name: 'rtcp-mux' });
  if (local.rtcpPort !== undefined && local.rtcpPort !== local.port + 1) {
    attributes.push({ name: 'rtcp', value: `${local.rtcpPort}` });
  }
  attributes.push({ name: line.direction });
  return {
    kind: 'audio',
    port: local.port,
    portCount: 1,
    protocol: line.protocol,
    formats: formats.map((format) => `${format.payloadType}`),
    other: [],
    attributes,
  };
}

/** A refused or removed stream keeps its place with port 0 (RFC 3264 §6, §8.2). */
export function closeLine(media: Pick<MediaDescription, 'kind' | 'protocol' | 'formats'>): MediaDescription {
  const { kind, protocol, formats } = media;
  return { kind, port: 0, portCount: 1, protocol, formats, other: [], attributes: [] };
}
