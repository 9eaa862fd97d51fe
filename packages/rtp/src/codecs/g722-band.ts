import { ILB } from './g722-tables.ts';

export function saturate16(value: number): number {
  if (value > 32_767) return 32_767;
  return value < -32_768 ? -32_768 : value;
}

/**
 * The adaptive predictor and scale factor of one sub-band (blocks 3 and 4 of ITU-T G.722's fixed-point description),
 * alike in encoder and decoder. Names are those of the recommendation. Plain fields and no arrays: this runs 16,000
 * times a second for each direction of each call.
 */
export class G722Band {
  /** Prediction: subtracted by the encoder, added by the decoder. */
  s = 0;
  /** Scale factor, linear. */
  det: number;
  readonly #nbMax: number;
  readonly #detShift: number;
  #nb = 0;
  #sz = 0;
  #r1 = 0;
  #a1 = 0;
  #a2 = 0;
  #p1 = 0;
  #p2 = 0;
  #d1 = 0;
  #d2 = 0;
  #d3 = 0;
  #d4 = 0;
  #d5 = 0;
  #d6 = 0;
  #b1 = 0;
  #b2 = 0;
  #b3 = 0;
  #b4 = 0;
  #b5 = 0;
  #b6 = 0;

  constructor(band: 'lower' | 'higher') {
    this.det = band === 'lower' ? 32 : 8;
    this.#nbMax = band === 'lower' ? 18_432 : 22_528;
    this.#detShift = band === 'lower' ? 8 : 10;
  }

  /** LOGSCL/LOGSCH and SCALEL/SCALEH: `w` is the multiplier that belongs to the code. */
  adaptScale(w: number): void {
    const nb = ((this.#nb * 127) >> 7) + w;
    this.#nb = nb < 0 ? 0 : Math.min(nb, this.#nbMax);
    const mantissa = ILB[(this.#nb >> 6) & 31] ?? 0;
    const shift = this.#detShift - (this.#nb >> 11);
    this.det = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
  }

  /** Block 4: takes the quantized difference `d`, leaves the next prediction in `s`. */
  predict(d: number): void {
    const r0 = saturate16(this.s + d);
    this.#adaptPoles(saturate16(this.#sz + d));
    this.#adaptZeros(d);
    // FILTEP, with DELAYA's shift already done: r2 is what r1 was
    const poles =
      (Math.imul(this.#a1, saturate16(2 * r0)) >> 15) + (Math.imul(this.#a2, saturate16(2 * this.#r1)) >> 15);
    this.#r1 = r0;
    // FILTEZ. Differences are kept doubled: with det at most 16,384 none passes 10,228, so doubling cannot saturate
    this.#sz = saturate16(
      (Math.imul(this.#b1, this.#d1) >> 15) +
        (Math.imul(this.#b2, this.#d2) >> 15) +
        (Math.imul(this.#b3, this.#d3) >> 15) +
        (Math.imul(this.#b4, this.#d4) >> 15) +
        (Math.imul(this.#b5, this.#d5) >> 15) +
        (Math.imul(this.#b6, this.#d6) >> 15),
    );
    this.s = saturate16(saturate16(poles) + this.#sz);
  }

  /** UPPOL2 and UPPOL1, with `p` the partially reconstructed signal. */
  #adaptPoles(p: number): void {
    const sameAsLast = p < 0 === this.#p1 < 0;
    const sameAsBefore = p < 0 === this.#p2 < 0;
    const a1x4 = saturate16(this.#a1 << 2);
    const turn = Math.min(sameAsLast ? -a1x4 : a1x4, 32_767);
    const a2 = (sameAsBefore ? 128 : -128) + (turn >> 7) + (Math.imul(this.#a2, 32_512) >> 15);
    this.#a2 = Math.max(-12_288, Math.min(12_288, a2));
    const a1 = saturate16((sameAsLast ? 192 : -192) + (Math.imul(this.#a1, 32_640) >> 15));
    const limit = saturate16(15_360 - this.#a2);
    this.#a1 = Math.max(-limit, Math.min(limit, a1));
    this.#p2 = this.#p1;
    this.#p1 = p;
  }

  /** UPZERO, then DELAYA: the differences move on by one. */
  #adaptZeros(d: number): void {
    const step = d === 0 ? 0 : 128;
    this.#b1 = adaptZero(this.#b1, this.#d1 ^ d, step);
    this.#b2 = adaptZero(this.#b2, this.#d2 ^ d, step);
    this.#b3 = adaptZero(this.#b3, this.#d3 ^ d, step);
    this.#b4 = adaptZero(this.#b4, this.#d4 ^ d, step);
    this.#b5 = adaptZero(this.#b5, this.#d5 ^ d, step);
    this.#b6 = adaptZero(this.#b6, this.#d6 ^ d, step);
    this.#d6 = this.#d5;
    this.#d5 = this.#d4;
    this.#d4 = this.#d3;
    this.#d3 = this.#d2;
    this.#d2 = this.#d1;
    this.#d1 = 2 * d;
  }
}

/**
 * One step up if the signs of two differences are alike, else down; `signs` is their exclusive or, and branches that
 * no processor can foresee are avoided. Needs no saturation: from ±32,767 the leak takes as much as the step adds.
 */
function adaptZero(b: number, signs: number, step: number): number {
  return step - ((2 * step) & (signs >> 31)) + (Math.imul(b, 32_640) >> 15);
}
