// The sending half of a cryptographic context: RFC 3711 §3.3.
import { estimateIndex, RTP_INDEX_LIMIT } from './packet-index.ts';
import { isLength, isRtcp, rtpPayloadAt } from './packet-layout.ts';
import { REFUSED, type SrtpResult } from './result.ts';
import { createSessionKeys, RTCP_INDEX_LIMIT, type SessionKey, type SrtpMasterKey } from './session-key.ts';
import { DEFAULT_MAX_STREAMS, StreamTable } from './stream-table.ts';
import type { SrtpSuite } from './suites.ts';

export interface SrtpOptions {
  /** SSRCs at once, 64 when absent. */
  readonly maxStreams?: number | undefined;
}

const SEQUENCE_AT = 2;
const SSRC_AT = 8;
const RTCP_SSRC_AT = 4;

/**
 * Protects packets in place, under the first key until its lifetime ends, then under the next. Rollover counters
 * and SRTCP indices go on across keys (RFC 3711 §3.3.1). No answer means half a packet: a refused one is unchanged.
 *
 * RTP should start with a sequence number below 2^15, so that losing the first packets cannot hide a wrap from the
 * receiver, whose rollover counter starts at zero.
 */
export class SrtpSender {
  /** Octets that protection adds. */
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;
  readonly #keys: SessionKey[];
  readonly #streams: StreamTable;

  /** Throws a RangeError when the keys are not those of the suite. */
  constructor(suite: SrtpSuite, keys: readonly SrtpMasterKey[], options: SrtpOptions = {}) {
    this.#keys = createSessionKeys(suite, keys);
    this.#streams = new StreamTable(options.maxStreams ?? DEFAULT_MAX_STREAMS);
    const mkiBytes = this.#keys[0]?.mki.length ?? 0;
    this.rtpOverhead = (this.#keys[0]?.transform.rtpOverhead ?? 0) + mkiBytes;
    this.rtcpOverhead = (this.#keys[0]?.transform.rtcpOverhead ?? 0) + mkiBytes;
  }

  /**
   * `packet[0, length)` becomes SRTP; the buffer needs `rtpOverhead` octets of room behind it. `replay` means that
   * the sequence number was used before: two packets under one keystream would give both away (RFC 3711 §9.1).
   */
  protectRtp(packet: Buffer, length: number): SrtpResult {
    const payloadAt = isLength(packet, length) ? rtpPayloadAt(packet, length) : -1;
    if (payloadAt < 0) return REFUSED.malformed;
    if (length + this.rtpOverhead > packet.length) return REFUSED.room;
    const key = this.#currentKey();
    if (!key) return REFUSED.exhausted;
    const ssrc = packet.readUInt32BE(SSRC_AT);
    let stream = this.#streams.find(ssrc);
    if (!stream && this.#streams.full) return REFUSED.streams;
    stream ??= this.#streams.add(ssrc);
    const index = estimateIndex(stream.rtp.highest, packet.readUInt16BE(SEQUENCE_AT));
    if (index >= RTP_INDEX_LIMIT) return REFUSED.exhausted;
    if (!stream.rtp.isFresh(index)) return REFUSED.replay;
    stream.rtp.accept(index);
    key.rtpPackets++;
    return { ok: true, length: key.transform.sealRtp(packet, payloadAt, length, key.mki, index) };
  }

  /** `packet[0, length)`, a compound RTCP packet, becomes SRTCP; `rtcpOverhead` octets of room are needed. */
  protectRtcp(packet: Buffer, length: number): SrtpResult {
    if (!isLength(packet, length) || !isRtcp(packet, length)) return REFUSED.malformed;
    if (length + this.rtcpOverhead > packet.length) return REFUSED.room;
    const key = this.#currentKey();
    if (!key) return REFUSED.exhausted;
    const ssrc = packet.readUInt32BE(RTCP_SSRC_AT);
    let stream = this.#streams.find(ssrc);
    if (!stream && this.#streams.full) return REFUSED.streams;
    stream ??= this.#streams.add(ssrc);
    const index = stream.rtcp.highest + 1;
    if (index >= RTCP_INDEX_LIMIT) return REFUSED.exhausted;
    stream.rtcp.accept(index);
    key.rtcpPackets++;
    return { ok: true, length: key.transform.sealRtcp(packet, length, key.mki, index) };
  }

  #currentKey(): SessionKey | undefined {
    while (this.#keys[0]?.exhausted === true) this.#keys.shift();
    return this.#keys[0];
  }
}
