import type { AudioCodec } from '../codecs/audio-codec.ts';
import { type DtmfEvent, EventReceiver } from '../dtmf/event-receiver.ts';
import { parseRtp, type RtpFault, type RtpPacket } from '../packet/rtp-packet.ts';
import { Playout, type PlayoutOptions } from './playout.ts';
import { RtpReceiver } from './rtp-receiver.ts';

export interface InboundAudioOptions extends PlayoutOptions {
  readonly payloadType: number;
  /** RFC 3389; 13 is its static number. Undefined: not agreed on. */
  readonly comfortNoiseType?: number;
  /** RFC 4733; its clock must be the codec's. */
  readonly eventType?: number;
  readonly ownSsrc?: number;
  readonly minSequential?: number;
  readonly onEvent?: (event: DtmfEvent) => void;
}

export type InboundVerdict =
  | 'queued'
  | 'event'
  | 'late'
  | 'duplicate'
  | 'refused'
  | 'unknown-payload-type'
  | 'probation'
  | 'stray'
  | 'loop'
  | 'other-source'
  | RtpFault;

/**
 * The receiving half of a call: octets in (decrypted, and already past the latch), 20 ms frames out. A change of codec
 * makes a new one.
 */
export class InboundAudio {
  readonly receiver: RtpReceiver;
  readonly playout: Playout;
  readonly #codec: AudioCodec;
  readonly #options: InboundAudioOptions;
  readonly #events: EventReceiver;

  constructor(options: InboundAudioOptions) {
    const { clockRate } = options.codec;
    const { ownSsrc, minSequential } = options;
    this.#options = options;
    this.#codec = options.codec;
    this.receiver = new RtpReceiver({
      clockRate,
      ...(ownSsrc === undefined ? {} : { ownSsrc }),
      ...(minSequential === undefined ? {} : { minSequential }),
    });
    this.playout = new Playout(options);
    this.#events = new EventReceiver({ clockRate, ...(options.onEvent ? { onEvent: options.onEvent } : {}) });
  }

  receive(bytes: Uint8Array, nowMs: number): InboundVerdict {
    const parsed = parseRtp(bytes);
    return parsed.ok ? this.receivePacket(parsed.packet, nowMs) : parsed.fault;
  }

  receivePacket(packet: RtpPacket, nowMs: number): InboundVerdict {
    const { payloadType } = packet;
    const { comfortNoiseType, eventType } = this.#options;
    const isEvent = payloadType === eventType;
    const isNoise = payloadType === comfortNoiseType;
    // Checked before the numbering: a stranger's payload must not count as a source
    if (!isEvent && !isNoise && payloadType !== this.#options.payloadType) return 'unknown-payload-type';
    const reception = this.receiver.receive(packet, nowMs, !isEvent);
    if (reception.kind === 'ignored') return reception.reason;
    if (reception.restarted) {
      this.playout.reset();
      this.#events.reset(nowMs);
    }
    const { timestamp, payload } = packet;
    if (isEvent) this.#events.receive(packet, nowMs);
    const kind = isEvent ? 'event' : isNoise ? 'comfort-noise' : 'audio';
    const verdict = this.playout.push({ sequence: reception.extended, timestamp, payload }, kind, nowMs);
    return isEvent ? 'event' : verdict;
  }

  /** One frame of the codec's sampling rate; also where a lost end of a touch tone is noticed. */
  pull(nowMs: number, target: Int16Array): ReturnType<Playout['pull']> {
    this.#events.tick(nowMs);
    return this.playout.pull(nowMs, target);
  }

  get samplesPerFrame(): number {
    return this.playout.samplesPerFrame;
  }

  get sampleRate(): number {
    return this.#codec.sampleRate;
  }
}
