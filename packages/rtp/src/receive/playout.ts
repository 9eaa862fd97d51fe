import type { AudioCodec } from '../codecs/audio-codec.ts';
import { ComfortNoiseGenerator, parseComfortNoise } from '../codecs/comfort-noise.ts';
import { type LossConcealer, WaveformConcealer } from '../codecs/loss-concealer.ts';
import { JitterBuffer, type JitterOptions, type PushVerdict } from './jitter-buffer.ts';
import type { StoredKind, StoredPacket } from './packet-store.ts';

/** What a frame is made of; of several things, the one that began last. */
export type FrameKind = 'voice' | 'concealed' | 'comfort-noise' | 'silence';

export interface PlayoutOptions {
  readonly codec: AudioCodec;
  readonly jitter?: Omit<JitterOptions, 'clockRate'>;
  readonly concealer?: LossConcealer;
  /** Of the comfort noise. */
  readonly seed?: number;
}

export interface FrameCounters {
  voice: number;
  concealed: number;
  'comfort-noise': number;
  silence: number;
}

/** Longest packet that is decoded whole. */
const MAX_PACKET_MS = 120;
/** Over which two pieces of sound turn into each other. */
const SEAM_MS = 5;
/** Mean magnitude (of 32,768) below which a frame counts as quiet: about −50 dBov. */
const QUIET_LEVEL = 100;

/**
 * Jitter buffer, decoder, concealment and comfort noise behind one call: `pull` fills a frame of fixed length each
 * time, whatever the length of the packets. Nothing is allocated per frame.
 */
export class Playout {
  readonly frames: FrameCounters = { voice: 0, concealed: 0, 'comfort-noise': 0, silence: 0 };
  readonly buffer: JitterBuffer;
  readonly samplesPerFrame: number;
  readonly #codec: AudioCodec;
  readonly #concealer: LossConcealer;
  readonly #noise: ComfortNoiseGenerator;
  readonly #samplesPerUnit: number;
  readonly #maxPacketSamples: number;
  readonly #decoded: Int16Array;
  readonly #seam: Int16Array;
  #seamReady = false;
  readonly #queue: Int16Array;
  #queued = 0;
  #quiet = true;

  constructor(options: PlayoutOptions) {
    const { codec } = options;
    const frameMs = options.jitter?.frameMs ?? 20;
    this.#codec = codec;
    this.buffer = new JitterBuffer({ ...options.jitter, clockRate: codec.clockRate });
    this.samplesPerFrame = (codec.sampleRate * frameMs) / 1000;
    this.#concealer = options.concealer ?? new WaveformConcealer(codec.sampleRate);
    this.#noise = new ComfortNoiseGenerator(options.seed ?? 1);
    this.#samplesPerUnit = codec.sampleRate / codec.clockRate;
    this.#maxPacketSamples = (codec.sampleRate * MAX_PACKET_MS) / 1000;
    this.#decoded = new Int16Array(this.#maxPacketSamples);
    this.#seam = new Int16Array((codec.sampleRate * SEAM_MS) / 1000);
    this.#queue = new Int16Array(this.#maxPacketSamples + 2 * this.samplesPerFrame);
  }

  /** `sequence`: extended. Packets longer than 120 ms are refused. */
  push(
    packet: { readonly sequence: number; readonly timestamp: number; readonly payload: Uint8Array },
    kind: StoredKind,
    nowMs: number,
  ): PushVerdict {
    const samples = kind === 'audio' ? this.#codec.samplesIn(packet.payload) : 0;
    // A negative length is refused and counted by the buffer
    const units = samples > this.#maxPacketSamples ? -1 : samples / this.#samplesPerUnit;
    const { sequence, timestamp, payload } = packet;
    return this.buffer.push({ sequence, timestamp, payload, kind, units }, nowMs);
  }

  /** Fills `target` (one frame); to be called once per frame time. */
  pull(nowMs: number, target: Int16Array): FrameKind {
    let kind: FrameKind = 'voice';
    // Each turn brings samples or uses up a packet, of which there are no more than the buffer holds
    while (this.#queued < this.samplesPerFrame) kind = this.#fill(nowMs, kind);
    target.set(this.#queue.subarray(0, this.samplesPerFrame));
    this.#queued -= this.samplesPerFrame;
    this.#queue.copyWithin(0, this.samplesPerFrame, this.samplesPerFrame + this.#queued);
    this.frames[kind]++;
    return kind;
  }

  /** A new source or a new numbering. */
  reset(): void {
    this.buffer.reset();
    this.#noise.stop();
  }

  #fill(nowMs: number, before: FrameKind): FrameKind {
    const taken = this.buffer.take(nowMs, this.#quiet);
    switch (taken.kind) {
      case 'packet':
        return this.#play(taken.packet, taken.surplus, before);
      case 'missing':
        return this.#conceal(taken.units, true);
      case 'stretch':
        return this.#conceal(taken.units, false);
      case 'silence':
        return this.#beSilent(taken.units);
    }
  }

  #play(packet: StoredPacket, surplus: boolean, before: FrameKind): FrameKind {
    if (packet.kind === 'comfort-noise') {
      const shape = parseComfortNoise(packet.payload);
      if (shape) this.#noise.update(shape);
      return before;
    }
    this.#noise.stop();
    const samples = this.#codec.decode(packet.payload, this.#decoded);
    if (surplus) {
      // Its beginning fades out into the packet behind it
      this.#seamReady = samples >= this.#seam.length;
      if (this.#seamReady) this.#seam.set(this.#decoded.subarray(0, this.#seam.length));
      return before;
    }
    if (this.#seamReady) this.#blend(samples);
    this.#append(samples);
    this.#quiet = isQuiet(this.#decoded, samples);
    return 'voice';
  }

  #conceal(units: number, fade: boolean): FrameKind {
    const room = this.#queue.length - this.#queued;
    const samples = Math.min(Math.max(1, Math.round(units * this.#samplesPerUnit)), room);
    this.#concealer.conceal(this.#queue, this.#queued, samples, fade);
    this.#queued += samples;
    // The repetition goes on under the beginning of the next packet, which so sets in without a click
    this.#concealer.continuation(this.#seam);
    this.#seamReady = true;
    return 'concealed';
  }

  #beSilent(units: number): FrameKind {
    const room = this.#queue.length - this.#queued;
    const samples = Math.min(Math.max(1, Math.round(units * this.#samplesPerUnit)), room);
    if (this.#noise.active) this.#noise.generate(this.#queue, this.#queued, samples);
    else this.#queue.fill(0, this.#queued, this.#queued + samples);
    // What comes next begins a talkspurt: nothing of before may be blended into it
    this.#concealer.observe(this.#queue, this.#queued, samples);
    this.#queued += samples;
    this.#seamReady = false;
    this.#quiet = true;
    return this.#noise.active ? 'comfort-noise' : 'silence';
  }

  #append(samples: number): void {
    this.#queue.set(this.#decoded.subarray(0, samples), this.#queued);
    this.#concealer.observe(this.#decoded, 0, samples);
    this.#queued += samples;
  }

  #blend(samples: number): void {
    const length = Math.min(this.#seam.length, samples);
    for (let i = 0; i < length; i++) {
      const weight = (i + 1) / (length + 1);
      const sample = (this.#seam[i] ?? 0) * (1 - weight) + (this.#decoded[i] ?? 0) * weight;
      this.#decoded[i] = Math.round(sample);
    }
    this.#seamReady = false;
  }
}

function isQuiet(pcm: Int16Array, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i += 4) sum += Math.abs(pcm[i] ?? 0);
  return sum * 4 < QUIET_LEVEL * count;
}
