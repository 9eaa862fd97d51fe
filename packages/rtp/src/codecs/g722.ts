import type { AudioCodec } from './audio-codec.ts';
import { G722Band, saturate16 } from './g722-band.ts';
import { ILN, ILP, Q6, QM2, QM4, QM6, QMF, WH_BY_CODE, WL_BY_CODE } from './g722-tables.ts';

/** Samples of filter history before a block, and the largest block. */
const HISTORY = 22;
const BLOCK = 320;

/**
 * ITU-T G.722 at 64 kbit/s: two sub-bands of ADPCM, 6 and 2 bits, behind a quadrature mirror filter.
 * RFC 3551 §4.5.2: its RTP clock says 8000, by an old error that became the standard, and one octet is one unit.
 */
class G722 implements AudioCodec {
  readonly name = 'G722';
  readonly clockRate = 8000;
  readonly sampleRate = 16_000;
  readonly samplesPerFrame = 320;
  readonly #encoder = new G722Encoder();
  readonly #decoder = new G722Decoder();

  payloadBytes(samples: number): number {
    return samples >> 1;
  }

  samplesIn(payload: Uint8Array): number {
    return payload.length * 2;
  }

  /** Samples are taken in pairs: an odd last one is left out. */
  encode(pcm: Int16Array, target: Uint8Array, offset = 0): number {
    const bytes = Math.min(pcm.length >> 1, target.length - offset);
    for (let done = 0; done < bytes; done += BLOCK / 2) {
      const count = Math.min(BLOCK / 2, bytes - done);
      this.#encoder.encode(pcm, 2 * done, target, offset + done, count);
    }
    return bytes;
  }

  decode(payload: Uint8Array, target: Int16Array): number {
    const bytes = Math.min(payload.length, target.length >> 1);
    for (let done = 0; done < bytes; done += BLOCK / 2) {
      const count = Math.min(BLOCK / 2, bytes - done);
      this.#decoder.decode(payload, done, target, 2 * done, count);
    }
    return 2 * bytes;
  }
}

class G722Encoder {
  readonly #lower = new G722Band('lower');
  readonly #higher = new G722Band('higher');
  readonly #window = new Int32Array(HISTORY + BLOCK);

  encode(pcm: Int16Array, from: number, target: Uint8Array, to: number, count: number): void {
    const window = this.#window;
    for (let i = 0; i < 2 * count; i++) window[HISTORY + i] = pcm[from + i] ?? 0;
    for (let n = 0; n < count; n++) {
      // Transmit QMF: its two phases, then sum and difference
      let odd = 0;
      let even = 0;
      for (let i = 0; i < 12; i++) {
        odd += Math.imul(window[2 * n + 2 * i] ?? 0, QMF[i] ?? 0);
        even += Math.imul(window[2 * n + 2 * i + 1] ?? 0, QMF[11 - i] ?? 0);
      }
      const low = this.#encodeLower((even + odd) >> 14);
      target[to + n] = (this.#encodeHigher((even - odd) >> 14) << 6) | low;
    }
    window.copyWithin(0, 2 * count, 2 * count + HISTORY);
  }

  #encodeLower(x: number): number {
    const band = this.#lower;
    const difference = saturate16(x - band.s);
    const magnitude = difference >= 0 ? difference : ~difference;
    const interval = intervalOf(magnitude, band.det);
    const code = (difference < 0 ? ILN[interval] : ILP[interval]) ?? 0;
    const code4 = code >> 2;
    const quantized = (band.det * (QM4[code4] ?? 0)) >> 15;
    band.adaptScale(WL_BY_CODE[code4] ?? 0);
    band.predict(quantized);
    return code;
  }

  #encodeHigher(x: number): number {
    const band = this.#higher;
    const difference = saturate16(x - band.s);
    const magnitude = difference >= 0 ? difference : ~difference;
    const outer = magnitude >= (564 * band.det) >> 12;
    // QUANTH: 0 and 1 for negative, 2 and 3 for positive differences, the inner interval odd
    const code = (difference < 0 ? 0 : 2) + (outer ? 0 : 1);
    const quantized = (band.det * (QM2[code] ?? 0)) >> 15;
    band.adaptScale(WH_BY_CODE[code] ?? 0);
    band.predict(quantized);
    return code;
  }
}

class G722Decoder {
  readonly #lower = new G722Band('lower');
  readonly #higher = new G722Band('higher');
  readonly #window = new Int32Array(HISTORY + BLOCK);

  decode(payload: Uint8Array, from: number, target: Int16Array, to: number, count: number): void {
    const window = this.#window;
    for (let n = 0; n < count; n++) {
      const code = payload[from + n] ?? 0;
      const low = this.#decodeLower(code & 0x3f);
      const high = this.#decodeHigher(code >> 6);
      // Receive QMF
      window[HISTORY + 2 * n] = low + high;
      window[HISTORY + 2 * n + 1] = low - high;
      let first = 0;
      let second = 0;
      for (let i = 0; i < 12; i++) {
        second += Math.imul(window[2 * n + 2 * i] ?? 0, QMF[i] ?? 0);
        first += Math.imul(window[2 * n + 2 * i + 1] ?? 0, QMF[11 - i] ?? 0);
      }
      target[to + 2 * n] = saturate16(first >> 11);
      target[to + 2 * n + 1] = saturate16(second >> 11);
    }
    window.copyWithin(0, 2 * count, 2 * count + HISTORY);
  }

  #decodeLower(code: number): number {
    const band = this.#lower;
    const level = clip15(band.s + ((band.det * (QM6[code] ?? 0)) >> 15));
    // Prediction follows the upper 4 bits alone, so that the modes with 56 and 48 kbit/s stay compatible
    const code4 = code >> 2;
    const quantized = (band.det * (QM4[code4] ?? 0)) >> 15;
    band.adaptScale(WL_BY_CODE[code4] ?? 0);
    band.predict(quantized);
    return level;
  }

  #decodeHigher(code: number): number {
    const band = this.#higher;
    const quantized = (band.det * (QM2[code] ?? 0)) >> 15;
    const level = clip15(band.s + quantized);
    band.adaptScale(WH_BY_CODE[code] ?? 0);
    band.predict(quantized);
    return level;
  }
}

/** QUANTL: the first of the 29 decision levels above the magnitude, or 30. They rise, so halving finds it. */
function intervalOf(magnitude: number, det: number): number {
  let low = 1;
  let high = 30;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (magnitude >= ((Q6[middle] ?? 0) * det) >> 12) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** LIMIT: 15 bits. */
function clip15(value: number): number {
  if (value > 16_383) return 16_383;
  return value < -16_384 ? -16_384 : value;
}

export function createG722(): AudioCodec {
  return new G722();
}
