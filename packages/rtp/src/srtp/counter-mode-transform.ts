// AES-CM with HMAC-SHA1: RFC 3711 §3.1, §3.4, §4.1.1, §4.2.1.
import { CounterMode } from './counter-mode.ts';
import type { SessionKeys } from './derive-keys.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import type { SuiteFacts } from './suites.ts';
import {
  ENCRYPTED_FLAG,
  RTCP_CLEAR_BYTES,
  RTCP_INDEX_BYTES,
  RTCP_INDEX_MASK,
  tagMatches,
  type PacketTransform,
} from './transform.ts';

const SSRC_AT = 8;
const RTCP_SSRC_AT = 4;

export class CounterModeTransform implements PacketTransform {
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;
  readonly #rtpTagBytes: number;
  readonly #rtcpTagBytes: number;
  readonly #rtpCipher: CounterMode;
  readonly #rtcpCipher: CounterMode;
  readonly #rtpHmac: HmacSha1;
  readonly #rtcpHmac: HmacSha1;

  constructor(facts: SuiteFacts, rtp: SessionKeys, rtcp: SessionKeys) {
    this.#rtpTagBytes = facts.rtpTagBytes;
    this.#rtcpTagBytes = facts.rtcpTagBytes;
    this.rtpOverhead = facts.rtpTagBytes;
    this.rtcpOverhead = facts.rtcpTagBytes + RTCP_INDEX_BYTES;
    this.#rtpCipher = new CounterMode(rtp.cipherKey, rtp.salt);
    this.#rtcpCipher = new CounterMode(rtcp.cipherKey, rtcp.salt);
    this.#rtpHmac = new HmacSha1(rtp.authKey);
    this.#rtcpHmac = new HmacSha1(rtcp.authKey);
  }

  sealRtp(packet: Buffer, payloadAt: number, length: number, mki: Uint8Array, index: number): number {
    this.#rtpCipher.apply(packet, payloadAt, length, packet.readUInt32BE(SSRC_AT), index);
    const tag = this.#rtpHmac.digest(packet, length, Math.floor(index / 0x1_0000));
    packet.set(mki, length);
    return length + mki.length + tag.copy(packet, length + mki.length, 0, this.#rtpTagBytes);
  }

  openRtp(packet: Buffer, payloadAt: number, length: number, mkiBytes: number, index: number): number {
    const end = this.rtpMkiAt(length, mkiBytes);
    const tag = this.#rtpHmac.digest(packet, end, Math.floor(index / 0x1_0000));
    if (!tagMatches(tag, packet, length - this.#rtpTagBytes, this.#rtpTagBytes)) return -1;
    this.#rtpCipher.apply(packet, payloadAt, end, packet.readUInt32BE(SSRC_AT), index);
    return end;
  }

  sealRtcp(packet: Buffer, length: number, mki: Uint8Array, index: number): number {
    this.#rtcpCipher.apply(packet, RTCP_CLEAR_BYTES, length, packet.readUInt32BE(RTCP_SSRC_AT), index);
    const end = packet.writeUInt32BE(ENCRYPTED_FLAG + index, length);
    const tag = this.#rtcpHmac.digest(packet, end);
    packet.set(mki, end);
    return end + mki.length + tag.copy(packet, end + mki.length, 0, this.#rtcpTagBytes);
  }

  openRtcp(packet: Buffer, length: number, mkiBytes: number): number {
    const tag = this.#rtcpHmac.digest(packet, this.rtcpMkiAt(length, mkiBytes));
    if (!tagMatches(tag, packet, length - this.#rtcpTagBytes, this.#rtcpTagBytes)) return -1;
    const end = this.rtcpIndexAt(length, mkiBytes);
    const word = packet.readUInt32BE(end);
    if (word >= ENCRYPTED_FLAG) {
      const ssrc = packet.readUInt32BE(RTCP_SSRC_AT);
      this.#rtcpCipher.apply(packet, RTCP_CLEAR_BYTES, end, ssrc, word & RTCP_INDEX_MASK);
    }
    return end;
  }

  rtpMkiAt(length: number, mkiBytes: number): number {
    return length - this.#rtpTagBytes - mkiBytes;
  }

  rtcpMkiAt(length: number, mkiBytes: number): number {
    return length - this.#rtcpTagBytes - mkiBytes;
  }

  rtcpIndexAt(length: number, mkiBytes: number): number {
    return this.rtcpMkiAt(length, mkiBytes) - RTCP_INDEX_BYTES;
  }
}
