import { type RtpExtension, writeUint16, writeUint32 } from './rtp-packet.ts';

export interface RtpHeader {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker?: boolean;
  readonly csrcs?: readonly number[];
  readonly extension?: RtpExtension;
}

/**
 * Writes a header (RFC 3550 §5.1) at the start of `target`; the answer is its size: the payload goes behind it.
 * Throws RangeError at what the calling program got wrong: too little room, too many CSRCs, half a word of extension.
 */
export function writeRtpHeader(target: Uint8Array, header: RtpHeader): number {
  const { csrcs, extension } = header;
  const csrcCount = csrcs?.length ?? 0;
  if (csrcCount > 15) throw new RangeError('an RTP header holds at most 15 CSRCs');
  const extensionBytes = extension ? 4 + extension.data.length : 0;
  if (extensionBytes % 4 !== 0) throw new RangeError('an RTP extension is made of whole 32-bit words');
  const size = 12 + 4 * csrcCount + extensionBytes;
  if (size > target.length) throw new RangeError('no room for the RTP header');
  target[0] = 0x80 | (extension ? 0x10 : 0) | csrcCount;
  target[1] = (header.marker ? 0x80 : 0) | (header.payloadType & 0x7f);
  writeUint16(target, 2, header.sequenceNumber);
  writeUint32(target, 4, header.timestamp);
  writeUint32(target, 8, header.ssrc);
  csrcs?.forEach((csrc, i) => writeUint32(target, 12 + 4 * i, csrc));
  if (extension) {
    const at = 12 + 4 * csrcCount;
    writeUint16(target, at, extension.profile);
    writeUint16(target, at + 2, extension.data.length / 4);
    target.set(extension.data, at + 4);
  }
  return size;
}

/** Appends padding behind `length` octets and sets the P bit; the answer is the new length. */
export function padRtp(target: Uint8Array, length: number, paddingBytes: number): number {
  if (paddingBytes === 0) return length;
  const end = length + paddingBytes;
  if (paddingBytes > 255 || end > target.length) throw new RangeError('no room for the RTP padding');
  target.fill(0, length, end);
  target[end - 1] = paddingBytes;
  target[0] = (target[0] ?? 0) | 0x20;
  return end;
}

/**
 * Packet buffers used in turn. One would be enough if the kernel always took a datagram at once; when its
 * queue is full, the system holds on to ours until it has room, and the next packet must not be written over it.
 */
export class PacketRing {
  readonly #slots: readonly Buffer[];
  #next = 0;

  constructor(options: { readonly packetBytes?: number; readonly slots?: number } = {}) {
    const { packetBytes = 1500, slots = 8 } = options;
    const slab = Buffer.alloc(packetBytes * slots);
    this.#slots = Array.from({ length: slots }, (_, i) =>
      slab.subarray(i * packetBytes, (i + 1) * packetBytes),
    );
  }

  /** The buffer for the next packet. It stays untouched until `slots` − 1 more were asked for. */
  next(): Buffer {
    const slot = this.#slots[this.#next];
    this.#next = (this.#next + 1) % this.#slots.length;
    return slot ?? Buffer.alloc(0);
  }
}

/** One packet in a buffer of its own: for tests, tools and everything that is not once per frame. */
export function buildRtp(header: RtpHeader, payload: Uint8Array, paddingBytes = 0): Buffer {
  const headerBytes = 12 + 4 * (header.csrcs?.length ?? 0);
  const room = headerBytes + (header.extension ? 4 + header.extension.data.length : 0);
  const target = Buffer.alloc(room + payload.length + paddingBytes);
  const start = writeRtpHeader(target, header);
  target.set(payload, start);
  padRtp(target, start + payload.length, paddingBytes);
  return target;
}
