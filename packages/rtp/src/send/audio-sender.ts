import type { AudioCodec } from '../codecs/audio-codec.ts';
import { writeComfortNoise } from '../codecs/comfort-noise.ts';
import { EventSender, type ToneRequest } from '../dtmf/event-sender.ts';
import type { SentSummary } from '../rtcp/rtcp-session.ts';
import { Packetizer, type PacketizerOptions } from './packetizer.ts';
import type { SilenceSuppressor } from './silence-suppressor.ts';

export interface AudioSenderOptions extends Omit<PacketizerOptions, 'unitsPerFrame'> {
  readonly codec: AudioCodec;
  readonly payloadType: number;
  readonly comfortNoiseType?: number;
  readonly eventType?: number;
  readonly silence?: SilenceSuppressor;
  readonly frameMs?: number;
}

/**
 * The sending half of a call: a frame of sound in, a packet out, once per frame time. Silence is suppressed only if a
 * suppressor and a comfort noise payload type are given; a touch tone takes the place of sound while it lasts.
 */
export class AudioSender {
  readonly #options: AudioSenderOptions;
  readonly #packetizer: Packetizer;
  readonly #events: EventSender;
  readonly #fill: (target: Uint8Array, offset: number) => number;
  #pcm: Int16Array = new Int16Array(0);

  constructor(options: AudioSenderOptions) {
    const { codec, frameMs = 20 } = options;
    this.#options = options;
    this.#packetizer = new Packetizer({ ...options, unitsPerFrame: (codec.clockRate * frameMs) / 1000 });
    this.#events = new EventSender({ clockRate: codec.clockRate, frameMs });
    // One closure for all frames: none is made at 50 a second
    this.#fill = (target, offset) => codec.encode(this.#pcm, target, offset);
  }

  get ssrc(): number {
    return this.#packetizer.ssrc;
  }

  get sent(): SentSummary {
    return this.#packetizer.sent;
  }

  get sendingTones(): boolean {
    return this.#events.busy;
  }

  /** False if telephone-event was not agreed on: send the tone as sound instead (`generateTone`). */
  sendTone(request: ToneRequest): boolean {
    if (this.#options.eventType === undefined) return false;
    this.#events.enqueue(request);
    return true;
  }

  cancelTones(): void {
    this.#events.cancel();
  }

  /** The packet of a frame; undefined when nothing is to be sent. No sound (`undefined`) is a frame that passes unsent. */
  send(pcm: Int16Array | undefined): Buffer | undefined {
    const packet = this.#packetOf(pcm);
    this.#packetizer.advance(packet !== undefined);
    return packet;
  }

  #packetOf(pcm: Int16Array | undefined): Buffer | undefined {
    const { payloadType, comfortNoiseType, eventType, silence } = this.#options;
    if (eventType !== undefined) {
      const tone = this.#events.next(this.#packetizer.timestamp);
      if (tone) return this.#packetizer.event(eventType, tone);
    }
    if (!pcm) return undefined;
    if (silence && comfortNoiseType !== undefined) {
      const decision = silence.decide(pcm);
      if (decision.kind === 'nothing') return undefined;
      if (decision.kind === 'noise') {
        const { shape } = decision;
        return this.#packetizer.comfortNoise(comfortNoiseType, (target, offset) =>
          writeComfortNoise(shape, target, offset),
        );
      }
    }
    this.#pcm = pcm;
    return this.#packetizer.audio(payloadType, this.#fill);
  }
}
