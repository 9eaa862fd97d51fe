import type { SrtpMasterKey } from '../session-key.ts';
import { suiteFacts, type SrtpSuite } from '../suites.ts';

export const SUITES: readonly SrtpSuite[] = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_256_CM_HMAC_SHA1_32',
  'AEAD_AES_128_GCM',
  'AEAD_AES_256_GCM',
];

export const hex = (...lines: string[]): Buffer => Buffer.from(lines.join('').replaceAll(/\s/g, ''), 'hex');

/** A key of the right size, different for every `seed`. */
export function masterKey(suite: SrtpSuite, seed = 1, more: Partial<SrtpMasterKey> = {}): SrtpMasterKey {
  const { keyBytes, saltBytes } = suiteFacts(suite);
  return { key: Buffer.alloc(keyBytes, seed), salt: Buffer.alloc(saltBytes, seed + 100), ...more };
}

export interface RtpShape {
  readonly sequence: number;
  readonly ssrc?: number;
  readonly payload?: Uint8Array;
  readonly csrcs?: number;
  /** Words of a header extension. */
  readonly extensionWords?: number;
}

export function rtp(shape: RtpShape): Buffer {
  const { sequence, ssrc = 0xcafe_babe, payload = Buffer.alloc(16, 0xab), csrcs = 0, extensionWords } = shape;
  const header = Buffer.alloc(12 + 4 * csrcs, 0x11);
  header.writeUInt8(0x80 | csrcs | (extensionWords === undefined ? 0 : 0x10), 0);
  header.writeUInt8(0, 1);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE((sequence * 160) % 2 ** 32, 4);
  header.writeUInt32BE(ssrc, 8);
  const extension = Buffer.alloc(extensionWords === undefined ? 0 : 4 + 4 * extensionWords, 0x22);
  if (extensionWords !== undefined) extension.writeUInt16BE(extensionWords, 2);
  return Buffer.concat([header, extension, payload]);
}

/** A receiver report without blocks and as many octets of a second packet as are asked for. */
export function rtcp(ssrc = 0xcafe_babe, moreBytes = 12): Buffer {
  const packet = Buffer.alloc(8 + moreBytes, 0x33);
  packet.writeUInt32BE(0x80c9_0001, 0);
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

interface Direction {
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;
  protectRtp(packet: Buffer, length: number): { ok: boolean; length?: number; fault?: string };
  protectRtcp(packet: Buffer, length: number): { ok: boolean; length?: number; fault?: string };
}

/** The sealed copy of a plain packet. */
export function sealRtp(sender: Direction, plain: Buffer): Buffer {
  const packet = Buffer.concat([plain, Buffer.alloc(sender.rtpOverhead)]);
  const result = sender.protectRtp(packet, plain.length);
  if (!result.ok || result.length !== packet.length) throw new Error(`not protected: ${result.fault}`);
  return packet;
}

export function sealRtcp(sender: Direction, plain: Buffer): Buffer {
  const packet = Buffer.concat([plain, Buffer.alloc(sender.rtcpOverhead)]);
  const result = sender.protectRtcp(packet, plain.length);
  if (!result.ok || result.length !== packet.length) throw new Error(`not protected: ${result.fault}`);
  return packet;
}
