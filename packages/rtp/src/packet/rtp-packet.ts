// RTP data packets, RFC 3550 §5.1, as views over the received octets: parsing copies nothing.

const FIXED_HEADER_BYTES = 12;

/** Why octets are no RTP packet. */
export type RtpFault =
  | 'too-short'
  | 'wrong-version'
  | 'truncated-csrc'
  | 'truncated-extension'
  | 'bad-padding';

/** RFC 3550 §5.3.1. `data` has whole 32-bit words; what it means is defined by `profile` (RFC 8285: 0xBEDE). */
export interface RtpExtension {
  readonly profile: number;
  readonly data: Uint8Array;
}

export type RtpParseResult =
  | { readonly ok: true; readonly packet: RtpPacket }
  | { readonly ok: false; readonly fault: RtpFault };

/** A view: it is good as long as the octets it was parsed from are not written over. */
export class RtpPacket {
  readonly bytes: Uint8Array;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequenceNumber: number;
  /** Units of the payload's RTP clock, 32 bits. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadOffset: number;
  /** First octet behind the payload: padding stands from here on. */
  readonly payloadEnd: number;

  constructor(bytes: Uint8Array, payloadOffset: number, payloadEnd: number) {
    this.bytes = bytes;
    const second = bytes[1] ?? 0;
    this.marker = second > 127;
    this.payloadType = second & 0x7f;
    this.sequenceNumber = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    this.timestamp = readUint32(bytes, 4);
    this.ssrc = readUint32(bytes, 8);
    this.payloadOffset = payloadOffset;
    this.payloadEnd = payloadEnd;
  }

  get payload(): Uint8Array {
    return this.bytes.subarray(this.payloadOffset, this.payloadEnd);
  }

  get paddingBytes(): number {
    return this.bytes.length - this.payloadEnd;
  }

  get csrcs(): readonly number[] {
    const count = (this.bytes[0] ?? 0) & 0x0f;
    return Array.from({ length: count }, (_, i) => readUint32(this.bytes, FIXED_HEADER_BYTES + 4 * i));
  }

  get extension(): RtpExtension | undefined {
    const first = this.bytes[0] ?? 0;
    if ((first & 0x10) === 0) return undefined;
    const at = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
    return {
      profile: readUint16(this.bytes, at),
      data: this.bytes.subarray(at + 4, this.payloadOffset),
    };
  }
}

/** Never throws, whatever the octets are. A packet without payload is a packet (a keep-alive). */
export function parseRtp(bytes: Uint8Array): RtpParseResult {
  const size = bytes.length;
  if (size < FIXED_HEADER_BYTES) return { ok: false, fault: 'too-short' };
  const first = bytes[0] ?? 0;
  if (first >> 6 !== 2) return { ok: false, fault: 'wrong-version' };
  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if (start > size) return { ok: false, fault: 'truncated-csrc' };
  if (first & 0x10) {
    if (start + 4 > size) return { ok: false, fault: 'truncated-extension' };
    start += 4 + 4 * readUint16(bytes, start + 2);
    if (start > size) return { ok: false, fault: 'truncated-extension' };
  }
  let end = size;
  if (first & 0x20) {
    // §5.1: the last octet counts the padding, itself included
    const padding = bytes[size - 1] ?? 0;
    end -= padding;
    if (padding === 0 || end < start) return { ok: false, fault: 'bad-padding' };
  }
  return { ok: true, packet: new RtpPacket(bytes, start, end) };
}

export function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2)) >>> 0;
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value >>> 16);
  writeUint16(bytes, at + 2, value);
}
