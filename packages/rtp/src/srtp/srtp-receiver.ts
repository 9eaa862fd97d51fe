// The receiving half of a cryptographic context: RFC 3711 §3.3.
import { estimateIndex, RTP_INDEX_LIMIT } from './packet-index.ts';
import { isLength, isRtcp, rtpPayloadAt } from './packet-layout.ts';
import { REFUSED, type SrtpResult } from './result.ts';
import { createSessionKeys, type SessionKey, type SrtpMasterKey } from './session-key.ts';
import type { SrtpOptions } from './srtp-sender.ts';
import { DEFAULT_MAX_STREAMS, StreamTable } from './stream-table.ts';
import type { SrtpSuite } from './suites.ts';
import { RTCP_CLEAR_BYTES, RTCP_INDEX_MASK, type PacketTransform } from './transform.ts';

const SEQUENCE_AT = 2;
const SSRC_AT = 8;
const RTCP_SSRC_AT = 4;

/**
 * Checks and decrypts packets in place. Bytes from anyone are safe to give: a packet is refused or it authenticated,
 * nothing throws, and a refused packet is unchanged and changes no state.
 */
export class SrtpReceiver {
  readonly #keys: readonly SessionKey[];
  readonly #streams: StreamTable;
  readonly #transform: PacketTransform | undefined;
  readonly #mkiBytes: number;

  /** Throws a RangeError when the keys are not those of the suite. */
  constructor(suite: SrtpSuite, keys: readonly SrtpMasterKey[], options: SrtpOptions = {}) {
    this.#keys = createSessionKeys(suite, keys);
    this.#streams = new StreamTable(options.maxStreams ?? DEFAULT_MAX_STREAMS);
    // Tags and MKIs have one length for all keys.
    this.#transform = this.#keys[0]?.transform;
    this.#mkiBytes = this.#keys[0]?.mki.length ?? 0;
  }

  /** `packet[0, length)` becomes RTP of the length answered. */
  unprotectRtp(packet: Buffer, length: number): SrtpResult {
    const layout = this.#transform;
    if (!layout || !isLength(packet, length)) return REFUSED.malformed;
    const payloadAt = rtpPayloadAt(packet, length - layout.rtpOverhead - this.#mkiBytes);
    if (payloadAt < 0) return REFUSED.malformed;
    const key = this.#keyAt(packet, layout.rtpMkiAt(length, this.#mkiBytes));
    if (!key) return REFUSED['unknown-key'];
    if (key.exhausted) return REFUSED.exhausted;
    const ssrc = packet.readUInt32BE(SSRC_AT);
    const stream = this.#streams.find(ssrc);
    if (!stream && this.#streams.full) return REFUSED.streams;
    const index = estimateIndex(stream?.rtp.highest ?? -1, packet.readUInt16BE(SEQUENCE_AT));
    if (index >= RTP_INDEX_LIMIT) return REFUSED.exhausted;
    if (stream?.rtp.isFresh(index) === false) return REFUSED.replay;
    const plain = key.transform.openRtp(packet, payloadAt, length, this.#mkiBytes, index);
    if (plain < 0) return REFUSED.auth;
    (stream ?? this.#streams.add(ssrc)).rtp.accept(index);
    key.rtpPackets++;
    return { ok: true, length: plain };
  }

  /** `packet[0, length)` becomes RTCP of the length answered. */
  unprotectRtcp(packet: Buffer, length: number): SrtpResult {
    const layout = this.#transform;
    if (!layout || !isLength(packet, length)) return REFUSED.malformed;
    if (length < RTCP_CLEAR_BYTES + layout.rtcpOverhead + this.#mkiBytes) return REFUSED.malformed;
    if (!isRtcp(packet, length)) return REFUSED.malformed;
    const key = this.#keyAt(packet, layout.rtcpMkiAt(length, this.#mkiBytes));
    if (!key) return REFUSED['unknown-key'];
    if (key.exhausted) return REFUSED.exhausted;
    const ssrc = packet.readUInt32BE(RTCP_SSRC_AT);
    const stream = this.#streams.find(ssrc);
    if (!stream && this.#streams.full) return REFUSED.streams;
    const index = packet.readUInt32BE(layout.rtcpIndexAt(length, this.#mkiBytes)) & RTCP_INDEX_MASK;
    if (stream?.rtcp.isFresh(index) === false) return REFUSED.replay;
    const plain = key.transform.openRtcp(packet, length, this.#mkiBytes);
    if (plain < 0) return REFUSED.auth;
    (stream ?? this.#streams.add(ssrc)).rtcp.accept(index);
    key.rtcpPackets++;
    return { ok: true, length: plain };
  }

  #keyAt(packet: Buffer, mkiAt: number): SessionKey | undefined {
    for (const key of this.#keys) if (key.isNamedAt(packet, mkiAt)) return key;
    return undefined;
  }
}
