// What a suite does to a packet once its index is known.

/**
 * Works in place and keeps no per-stream state; `length` counts octets from the start of the buffer. A packet that
 * does not authenticate is left as it was. `mki` is written as it is; opening only needs its length.
 */
export interface PacketTransform {
  /** Octets that sealing adds, without the MKI. */
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;

  /** `index`: ROC·2^16 + SEQ. Answers the new length. */
  sealRtp(packet: Buffer, payloadAt: number, length: number, mki: Uint8Array, index: number): number;
  /** The length of the plain packet, or -1 when the tag is wrong. */
  openRtp(packet: Buffer, payloadAt: number, length: number, mkiBytes: number, index: number): number;

  /** `index`: the 31-bit SRTCP index. The packet is always encrypted. */
  sealRtcp(packet: Buffer, length: number, mki: Uint8Array, index: number): number;
  /** The index and the E flag are read from the packet; an unencrypted packet is still authenticated. */
  openRtcp(packet: Buffer, length: number, mkiBytes: number): number;

  /** Where the MKI of a sealed packet begins. */
  rtpMkiAt(length: number, mkiBytes: number): number;
  rtcpMkiAt(length: number, mkiBytes: number): number;
  /** Where E flag and SRTCP index stand in a sealed packet. */
  rtcpIndexAt(length: number, mkiBytes: number): number;
}

/** Octets of RTCP header and sender SSRC, which stay readable (RFC 3711 §3.4). */
export const RTCP_CLEAR_BYTES = 8;

/** E flag and index. */
export const RTCP_INDEX_BYTES = 4;

export const ENCRYPTED_FLAG = 0x8000_0000;

/** The SRTCP index without the E flag. */
export const RTCP_INDEX_MASK = 0x7fff_ffff;

/** Reads all octets whatever they are, so that the time tells nothing about where a forged tag went wrong. */
export function tagMatches(expected: Buffer, packet: Buffer, at: number, length: number): boolean {
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= (expected[i] ?? 0) ^ (packet[at + i] ?? 0);
  return difference === 0;
}
