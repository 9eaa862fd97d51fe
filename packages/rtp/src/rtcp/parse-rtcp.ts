import { readUint16, readUint32 } from '../packet/rtp-packet.ts';
import {
  type ReportBlock,
  RTCP_TYPE,
  type RtcpPacket,
  type SdesChunk,
  type SdesItem,
} from './rtcp-packet.ts';

export type RtcpFault =
  | 'too-short'
  | 'wrong-version'
  | 'bad-length'
  | 'bad-padding'
  | 'not-compound'
  | 'malformed';

export type RtcpParseResult =
  | { readonly ok: true; readonly packets: readonly RtcpPacket[] }
  | { readonly ok: false; readonly fault: RtcpFault };

/** How many packets one datagram may hold: real ones hold two or three. */
const MAX_PACKETS = 64;

export interface RtcpParseOptions {
  /** RFC 5506: accept a datagram that does not begin with a report. Only when it was negotiated. */
  readonly reducedSize?: boolean;
}

/**
 * A datagram of RTCP, checked as RFC 3550 A.2 asks: version, lengths that add up, padding in the last packet only,
 * a report in front. Never throws; one malformed packet refuses the datagram.
 */
export function parseRtcp(bytes: Uint8Array, options: RtcpParseOptions = {}): RtcpParseResult {
  if (bytes.length < 8 && !(options.reducedSize && bytes.length >= 4)) return fail('too-short');
  const firstType = bytes[1] ?? 0;
  if (!options.reducedSize && firstType !== RTCP_TYPE.sr && firstType !== RTCP_TYPE.rr) {
    return fail('not-compound');
  }
  const packets: RtcpPacket[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length || packets.length === MAX_PACKETS) return fail('bad-length');
    const first = bytes[at] ?? 0;
    if (first >> 6 !== 2) return fail('wrong-version');
    const next = at + 4 + 4 * readUint16(bytes, at + 2);
    if (next > bytes.length) return fail('bad-length');
    let end = next;
    if (first & 0x20) {
      const padding = bytes[next - 1] ?? 0;
      end -= padding;
      if (next !== bytes.length || padding === 0 || padding % 4 !== 0 || end < at + 4) {
        return fail('bad-padding');
      }
    }
    const packet = parseOne(bytes[at + 1] ?? 0, first & 0x1f, bytes.subarray(at + 4, end));
    if (!packet) return fail('malformed');
    packets.push(packet);
    at = next;
  }
  return { ok: true, packets };
}

function fail(fault: RtcpFault): RtcpParseResult {
  return { ok: false, fault };
}

function parseOne(packetType: number, count: number, body: Uint8Array): RtcpPacket | undefined {
  switch (packetType) {
    case RTCP_TYPE.sr:
      return parseSenderReport(count, body);
    case RTCP_TYPE.rr: {
      const reports = parseReports(count, body, 4);
      return reports && { kind: 'receiver-report', ssrc: readUint32(body, 0), reports };
    }
    case RTCP_TYPE.sdes: {
      const chunks = parseChunks(count, body);
      return chunks && { kind: 'sdes', chunks };
    }
    case RTCP_TYPE.bye:
      return parseBye(count, body);
    case RTCP_TYPE.app:
      if (body.length < 8) return undefined;
      return {
        kind: 'app',
        subtype: count,
        ssrc: readUint32(body, 0),
        name: textOf(body.subarray(4, 8)),
        data: body.subarray(8),
      };
    default:
      return { kind: 'other', packetType, count, body };
  }
}

function parseSenderReport(count: number, body: Uint8Array): RtcpPacket | undefined {
  const reports = parseReports(count, body, 24);
  if (!reports) return undefined;
  const sender = {
    ntpSeconds: readUint32(body, 4),
    ntpFraction: readUint32(body, 8),
    rtpTimestamp: readUint32(body, 12),
    packetCount: readUint32(body, 16),
    octetCount: readUint32(body, 20),
  };
  return { kind: 'sender-report', ssrc: readUint32(body, 0), sender, reports };
}

function parseReports(count: number, body: Uint8Array, start: number): ReportBlock[] | undefined {
  // What follows the blocks is a profile's extension (§6.4.3): allowed, not read
  if (body.length < start + 24 * count) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = start + 24 * i;
    const lost = readUint32(body, at + 4);
    return {
      ssrc: readUint32(body, at),
      fractionLost: lost >>> 24,
      // Sign-extends the 24 bits
      cumulativeLost: (lost << 8) >> 8,
      highestSequence: readUint32(body, at + 8),
      jitter: readUint32(body, at + 12),
      lastSenderReport: readUint32(body, at + 16),
      delaySinceLastSenderReport: readUint32(body, at + 20),
    };
  });
}

function parseChunks(count: number, body: Uint8Array): SdesChunk[] | undefined {
  const chunks: SdesChunk[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > body.length) return undefined;
    const ssrc = readUint32(body, at);
    const items: SdesItem[] = [];
    at += 4;
    for (;;) {
      const type = body[at];
      if (type === undefined) return undefined;
      if (type === 0) break;
      const length = body[at + 1];
      if (length === undefined || at + 2 + length > body.length) return undefined;
      items.push({ type, text: textOf(body.subarray(at + 2, at + 2 + length)) });
      at += 2 + length;
    }
    // §6.5: a null octet ends the list and the chunk is filled up to a word
    at += 4 - (at % 4);
    chunks.push({ ssrc, items });
  }
  return chunks;
}

function parseBye(count: number, body: Uint8Array): RtcpPacket | undefined {
  const at = 4 * count;
  if (body.length < at) return undefined;
  const ssrcs = Array.from({ length: count }, (_, i) => readUint32(body, 4 * i));
  const length = body[at];
  if (length === undefined) return { kind: 'bye', ssrcs };
  if (at + 1 + length > body.length) return undefined;
  return { kind: 'bye', ssrcs, reason: textOf(body.subarray(at + 1, at + 1 + length)) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
