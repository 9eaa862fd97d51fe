// The little SRTP has to know of a plain packet's shape: RFC 3550 §5.1, §5.3.1, §6.4.1.

const FIXED_HEADER_BYTES = 12;

/** What a UDP datagram can carry. */
export const MAX_PACKET_BYTES = 65_535;

const isVersion2 = (packet: Buffer): boolean => (packet[0] ?? 0) >> 6 === 2;

/** Where the payload of `packet[0, length)` begins, or -1 when it is no RTP packet. */
export function rtpPayloadAt(packet: Buffer, length: number): number {
  if (length < FIXED_HEADER_BYTES || !isVersion2(packet)) return -1;
  const first = packet.readUInt8(0);
  let at = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (at + 4 > length) return -1;
    at += 4 + 4 * packet.readUInt16BE(at + 2);
  }
  return at > length ? -1 : at;
}

/** Whether `packet[0, length)` has the header and the sender's SSRC of an RTCP packet. */
export function isRtcp(packet: Buffer, length: number): boolean {
  return length >= 8 && isVersion2(packet);
}

/** Whether a caller's length fits its buffer and the network. */
export function isLength(packet: Buffer, length: number): boolean {
  return Number.isInteger(length) && length >= 0 && length <= packet.length && length <= MAX_PACKET_BYTES;
}
