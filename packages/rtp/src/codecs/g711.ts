import type { AudioCodec } from './audio-codec.ts';
import { ALAW_TO_LINEAR, LINEAR_TO_ALAW, LINEAR_TO_ULAW, ULAW_TO_LINEAR } from './g711-tables.ts';

/** G.711 as RFC 3551 §4.5.14 carries it: one octet per sample, payload types 0 (µ-law) and 8 (A-law). */
class G711 implements AudioCodec {
  readonly name: string;
  readonly clockRate = 8000;
  readonly sampleRate = 8000;
  readonly samplesPerFrame = 160;
  readonly #toLinear: Int16Array;
  readonly #fromLinear: Uint8Array;
  readonly #shift: number;

  constructor(name: string, toLinear: Int16Array, fromLinear: Uint8Array, shift: number) {
    this.name = name;
    this.#toLinear = toLinear;
    this.#fromLinear = fromLinear;
    this.#shift = shift;
  }

  payloadBytes(samples: number): number {
    return samples;
  }

  samplesIn(payload: Uint8Array): number {
    return payload.length;
  }

  encode(pcm: Int16Array, target: Uint8Array, offset = 0): number {
    const table = this.#fromLinear;
    const shift = this.#shift;
    const count = Math.min(pcm.length, target.length - offset);
    for (let i = 0; i < count; i++) target[offset + i] = table[((pcm[i] ?? 0) + 32_768) >> shift] ?? 0;
    return count;
  }

  decode(payload: Uint8Array, target: Int16Array): number {
    const table = this.#toLinear;
    const count = Math.min(payload.length, target.length);
    for (let i = 0; i < count; i++) target[i] = table[payload[i] ?? 0] ?? 0;
    return count;
  }
}

export function createPcmu(): AudioCodec {
  return new G711('PCMU', ULAW_TO_LINEAR, LINEAR_TO_ULAW, 2);
}

export function createPcma(): AudioCodec {
  return new G711('PCMA', ALAW_TO_LINEAR, LINEAR_TO_ALAW, 3);
}
