// AES-GCM: RFC 7714 §8 (SRTP), §9 (SRTCP).
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { SessionKeys } from './derive-keys.ts';
import type { SuiteFacts } from './suites.ts';
import {
  ENCRYPTED_FLAG,
  RTCP_CLEAR_BYTES,
  RTCP_INDEX_BYTES,
  RTCP_INDEX_MASK,
  type PacketTransform,
} from './transform.ts';

const TAG_BYTES = 16;
const IV_BYTES = 12;
const SSRC_AT = 8;
const RTCP_SSRC_AT = 4;
const OPTIONS = { authTagLength: TAG_BYTES };

/** A GCM cipher cannot be given another IV, so there is one per packet; a KeyObject makes that four times cheaper. */
class GcmKey {
  readonly #algorithm: 'aes-128-gcm' | 'aes-256-gcm';
  readonly #key: KeyObject;
  readonly #salt: Buffer;
  readonly #iv = Buffer.alloc(IV_BYTES);

  constructor(keys: SessionKeys) {
    this.#algorithm = keys.cipherKey.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
    this.#key = createSecretKey(keys.cipherKey);
    this.#salt = keys.salt;
  }

  /** Encrypts `packet[start, end)` in place and puts the tag behind it. */
  seal(packet: Buffer, start: number, end: number, aad: Buffer): void {
    const cipher = createCipheriv(this.#algorithm, this.#key, this.#iv, OPTIONS);
    cipher.setAAD(aad);
    cipher.update(packet.subarray(start, end)).copy(packet, start);
    cipher.final();
    cipher.getAuthTag().copy(packet, end);
  }

  /** The inverse; false, and nothing written, when the tag behind `end` is wrong. */
  open(packet: Buffer, start: number, end: number, aad: Buffer): boolean {
    const decipher = createDecipheriv(this.#algorithm, this.#key, this.#iv, OPTIONS);
    decipher.setAuthTag(packet.subarray(end, end + TAG_BYTES));
    decipher.setAAD(aad);
    const plain = decipher.update(packet.subarray(start, end));
    try {
      decipher.final();
    } catch {
      return false;
    }
    plain.copy(packet, start);
    return true;
  }

  /** Two zero octets, SSRC, then 48 bits: ROC and SEQ (§8.1), or 16 zero bits and the SRTCP index (§9.1). */
  setIv(ssrc: number, index: number): void {
    const iv = this.#iv;
    iv.writeUInt16BE(0, 0);
    iv.writeUInt32BE(ssrc, 2);
    iv.writeUIntBE(index, 6, 6);
    for (let i = 0; i < IV_BYTES; i++) iv[i] = (iv[i] ?? 0) ^ (this.#salt[i] ?? 0);
  }
}

export class GcmTransform implements PacketTransform {
  readonly rtpOverhead = TAG_BYTES;
  readonly rtcpOverhead = TAG_BYTES + RTCP_INDEX_BYTES;
  readonly #rtp: GcmKey;
  readonly #rtcp: GcmKey;
  readonly #rtcpAad = Buffer.alloc(RTCP_CLEAR_BYTES + RTCP_INDEX_BYTES);

  constructor(_facts: SuiteFacts, rtp: SessionKeys, rtcp: SessionKeys) {
    this.#rtp = new GcmKey(rtp);
    this.#rtcp = new GcmKey(rtcp);
  }

  sealRtp(packet: Buffer, payloadAt: number, length: number, mki: Uint8Array, index: number): number {
    this.#rtp.setIv(packet.readUInt32BE(SSRC_AT), index);
    this.#rtp.seal(packet, payloadAt, length, packet.subarray(0, payloadAt));
    packet.set(mki, length + TAG_BYTES);
    return length + TAG_BYTES + mki.length;
  }

  openRtp(packet: Buffer, payloadAt: number, length: number, mkiBytes: number, index: number): number {
    const end = length - mkiBytes - TAG_BYTES;
    this.#rtp.setIv(packet.readUInt32BE(SSRC_AT), index);
    return this.#rtp.open(packet, payloadAt, end, packet.subarray(0, payloadAt)) ? end : -1;
  }

  sealRtcp(packet: Buffer, length: number, mki: Uint8Array, index: number): number {
    const word = ENCRYPTED_FLAG + index;
    this.#rtcp.setIv(packet.readUInt32BE(RTCP_SSRC_AT), index);
    this.#rtcp.seal(packet, RTCP_CLEAR_BYTES, length, this.#headerAad(packet, word));
    const end = packet.writeUInt32BE(word, length + TAG_BYTES);
    packet.set(mki, end);
    return end + mki.length;
  }

  openRtcp(packet: Buffer, length: number, mkiBytes: number): number {
    const indexAt = this.rtcpIndexAt(length, mkiBytes);
    const end = indexAt - TAG_BYTES;
    const word = packet.readUInt32BE(indexAt);
    this.#rtcp.setIv(packet.readUInt32BE(RTCP_SSRC_AT), word & RTCP_INDEX_MASK);
    if (word >= ENCRYPTED_FLAG) {
      const aad = this.#headerAad(packet, word);
      return this.#rtcp.open(packet, RTCP_CLEAR_BYTES, end, aad) ? end : -1;
    }
    // Tagged only (§9.3): all of the packet and the index word are associated data.
    const aad = Buffer.concat([
      packet.subarray(0, end),
      packet.subarray(indexAt, indexAt + RTCP_INDEX_BYTES),
    ]);
    return this.#rtcp.open(packet, end, end, aad) ? end : -1;
  }

  rtpMkiAt(length: number, mkiBytes: number): number {
    return length - mkiBytes;
  }

  rtcpMkiAt(length: number, mkiBytes: number): number {
    return length - mkiBytes;
  }

  rtcpIndexAt(length: number, mkiBytes: number): number {
    return length - mkiBytes - RTCP_INDEX_BYTES;
  }

  #headerAad(packet: Buffer, word: number): Buffer {
    packet.copy(this.#rtcpAad, 0, 0, RTCP_CLEAR_BYTES);
    this.#rtcpAad.writeUInt32BE(word, RTCP_CLEAR_BYTES);
    return this.#rtcpAad;
  }
}
