import type { AudioCodec } from './audio-codec.ts';

/** Linear 16-bit samples in network order: RFC 3551 §4.5.11. */
class L16 implements AudioCodec {
  readonly name = 'L16';
  readonly clockRate: number;
  readonly sampleRate: number;
  readonly samplesPerFrame: number;

  constructor(sampleRate: number) {
    this.clockRate = sampleRate;
    this.sampleRate = sampleRate;
    this.samplesPerFrame = sampleRate / 50;
  }

  payloadBytes(samples: number): number {
    return samples * 2;
  }

  samplesIn(payload: Uint8Array): number {
    return payload.length >> 1;
  }

  encode(pcm: Int16Array, target: Uint8Array, offset = 0): number {
    const count = Math.min(pcm.length, (target.length - offset) >> 1);
    for (let i = 0; i < count; i++) {
      const sample = pcm[i] ?? 0;
      target[offset + 2 * i] = sample >> 8;
      target[offset + 2 * i + 1] = sample;
    }
    return count * 2;
  }

  decode(payload: Uint8Array, target: Int16Array): number {
    const count = Math.min(payload.length >> 1, target.length);
    for (let i = 0; i < count; i++) {
      target[i] = ((payload[2 * i] ?? 0) << 8) | (payload[2 * i + 1] ?? 0);
    }
    return count;
  }
}

/** `sampleRate`: a multiple of 50, so that 20 ms are whole samples. */
export function createL16(sampleRate: number): AudioCodec {
  return new L16(sampleRate);
}
