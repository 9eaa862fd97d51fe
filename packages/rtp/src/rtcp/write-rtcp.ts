import { writeUint16, writeUint32 } from '../packet/rtp-packet.ts';
import { type ReportBlock, RTCP_TYPE, type RtcpPacket, type SdesChunk } from './rtcp-packet.ts';

/**
 * One datagram of RTCP packets in the order given: RFC 3550 §6.1 wants a report first and a CNAME in every one.
 * Throws RangeError at what the calling program got wrong (more than 31 blocks, a text past 255 octets).
 */
export function buildRtcp(packets: readonly RtcpPacket[]): Buffer {
  return Buffer.concat(packets.map(buildOne));
}

function buildOne(packet: RtcpPacket): Buffer {
  switch (packet.kind) {
    case 'sender-report': {
      const body = Buffer.alloc(24 + 24 * packet.reports.length);
      const { sender } = packet;
      writeUint32(body, 0, packet.ssrc);
      writeUint32(body, 4, sender.ntpSeconds);
      writeUint32(body, 8, sender.ntpFraction);
      writeUint32(body, 12, sender.rtpTimestamp);
      writeUint32(body, 16, sender.packetCount);
      writeUint32(body, 20, sender.octetCount);
      writeReports(body, 24, packet.reports);
      return frame(RTCP_TYPE.sr, packet.reports.length, body);
    }
    case 'receiver-report': {
      const body = Buffer.alloc(4 + 24 * packet.reports.length);
      writeUint32(body, 0, packet.ssrc);
      writeReports(body, 4, packet.reports);
      return frame(RTCP_TYPE.rr, packet.reports.length, body);
    }
    case 'sdes':
      return frame(RTCP_TYPE.sdes, packet.chunks.length, Buffer.concat(packet.chunks.map(buildChunk)));
    case 'bye':
      return frame(RTCP_TYPE.bye, packet.ssrcs.length, buildBye(packet.ssrcs, packet.reason));
    case 'app': {
      const head = Buffer.alloc(8, ' ');
      writeUint32(head, 0, packet.ssrc);
      head.write(packet.name.slice(0, 4), 4, 'latin1');
      return frame(RTCP_TYPE.app, packet.subtype, Buffer.concat([head, packet.data]));
    }
    case 'other':
      return frame(packet.packetType, packet.count, packet.body);
  }
}

function frame(packetType: number, count: number, body: Uint8Array): Buffer {
  if (count > 31) throw new RangeError('an RTCP packet holds at most 31 of a kind');
  if (body.length % 4 !== 0) throw new RangeError('an RTCP packet is made of whole 32-bit words');
  const bytes = Buffer.alloc(4 + body.length);
  bytes[0] = 0x80 | count;
  bytes[1] = packetType;
  writeUint16(bytes, 2, body.length / 4);
  bytes.set(body, 4);
  return bytes;
}

function writeReports(body: Uint8Array, start: number, reports: readonly ReportBlock[]): void {
  reports.forEach((report, i) => {
    const at = start + 24 * i;
    writeUint32(body, at, report.ssrc);
    writeUint32(body, at + 4, (report.fractionLost << 24) | (report.cumulativeLost & 0xffffff));
    writeUint32(body, at + 8, report.highestSequence);
    writeUint32(body, at + 12, report.jitter);
    writeUint32(body, at + 16, report.lastSenderReport);
    writeUint32(body, at + 20, report.delaySinceLastSenderReport);
  });
}

function buildChunk(chunk: SdesChunk): Buffer {
  const head = Buffer.alloc(4);
  writeUint32(head, 0, chunk.ssrc);
  const parts: Buffer[] = [head];
  let length = 0;
  for (const item of chunk.items) {
    const text = shortText(item.text);
    parts.push(Buffer.from([item.type]), text);
    length += 1 + text.length;
  }
  // §6.5: at least one null octet, up to a word
  parts.push(Buffer.alloc(4 - (length % 4)));
  return Buffer.concat(parts);
}

function buildBye(ssrcs: readonly number[], reason: string | undefined): Buffer {
  const text = reason === undefined ? Buffer.alloc(0) : shortText(reason);
  const body = Buffer.alloc(4 * ssrcs.length + 4 * Math.ceil(text.length / 4));
  ssrcs.forEach((ssrc, i) => writeUint32(body, 4 * i, ssrc));
  body.set(text, 4 * ssrcs.length);
  return body;
}

/** A text behind its length in one octet. */
function shortText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > 255) throw new RangeError('an RTCP text holds at most 255 octets');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
