import { writeTelephoneEvent } from '../dtmf/telephone-event.ts';
import type { EventPacket } from '../dtmf/event-sender.ts';
import { PacketRing, writeRtpHeader } from '../packet/write-rtp.ts';
import type { SentSummary } from '../rtcp/rtcp-session.ts';

export interface PacketizerOptions {
  /** All three begin at random (RFC 3550 §5.1); with SRTP the sequence number below 2¹⁵ (RFC 3711 §3.3.1). */
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  /** RTP clock units per frame. */
  readonly unitsPerFrame: number;
  readonly ring?: PacketRing;
  /**
   * Protects a packet in place: its octets, with room behind them, and their number; the answer is the new number.
   * Undefined: the packet must not be sent.
   */
  readonly seal?: PacketSeal | undefined;
}

export type PacketSeal = (packet: Buffer, length: number) => number | undefined;

const HEADER_BYTES = 12;

/**
 * Numbers and times of one outgoing stream. The RTP clock runs with the frames, sent or not (RFC 3550 §5.1), so each
 * frame ends with `advance`. Packets are views of a ring: good until several more were made.
 */
export class Packetizer {
  readonly ssrc: number;
  readonly #unitsPerFrame: number;
  readonly #ring: PacketRing;
  readonly #seal: PacketSeal;
  #sequenceNumber: number;
  #timestamp: number;
  #packets = 0;
  #octets = 0;
  #pause = true;

  constructor(options: PacketizerOptions) {
    this.ssrc = options.ssrc >>> 0;
    this.#unitsPerFrame = options.unitsPerFrame;
    this.#ring = options.ring ?? new PacketRing();
    this.#seal = options.seal ?? ((_, length) => length);
    this.#sequenceNumber = options.sequenceNumber & 0xffff;
    this.#timestamp = options.timestamp >>> 0;
  }

  /** Of the frame that is due. */
  get timestamp(): number {
    return this.#timestamp;
  }

  get sent(): SentSummary {
    return { packets: this.#packets, octets: this.#octets, timestamp: this.#timestamp };
  }

  /**
   * `fill` writes the payload at the offset and says how long it is. The marker stands on the first packet after a
   * pause (RFC 3551 §4.1).
   */
  audio(payloadType: number, fill: (target: Uint8Array, offset: number) => number): Buffer | undefined {
    const marker = this.#pause;
    this.#pause = false;
    return this.#packet({ payloadType, marker, timestamp: this.#timestamp }, fill);
  }

  /** Comfort noise (RFC 3389): what follows it begins a talkspurt. */
  comfortNoise(
    payloadType: number,
    fill: (target: Uint8Array, offset: number) => number,
  ): Buffer | undefined {
    this.#pause = true;
    return this.#packet({ payloadType, marker: false, timestamp: this.#timestamp }, fill);
  }

  event(payloadType: number, packet: EventPacket): Buffer | undefined {
    this.#pause = true;
    const { marker, timestamp } = packet;
    return this.#packet({ payloadType, marker, timestamp }, (target, offset) =>
      writeTelephoneEvent(target, offset, packet.event),
    );
  }

  /** The frame is over; `sent` false makes the next packet the start of a talkspurt. */
  advance(sent: boolean): void {
    if (!sent) this.#pause = true;
    this.#timestamp = (this.#timestamp + this.#unitsPerFrame) >>> 0;
  }

  #packet(
    header: { readonly payloadType: number; readonly marker: boolean; readonly timestamp: number },
    fill: (target: Uint8Array, offset: number) => number,
  ): Buffer | undefined {
    const target = this.#ring.next();
    const { payloadType, marker, timestamp } = header;
    const sequenceNumber = this.#sequenceNumber;
    writeRtpHeader(target, { payloadType, marker, timestamp, sequenceNumber, ssrc: this.ssrc });
    const length = fill(target, HEADER_BYTES);
    this.#sequenceNumber = (sequenceNumber + 1) & 0xffff;
    const sealed = this.#seal(target, HEADER_BYTES + length);
    if (sealed === undefined) return undefined;
    this.#packets++;
    this.#octets += length;
    return target.subarray(0, sealed);
  }
}
