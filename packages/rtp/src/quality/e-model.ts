// ITU-T G.107, the E-model with all but delay and loss at their defaults.

export interface CodecImpairment {
  /** Equipment impairment factor Ie without loss. */
  readonly ie: number;
  /** Packet-loss robustness Bpl. */
  readonly bpl: number;
}

/**
 * ITU-T G.113 Appendix I for G.711 with concealment (random loss). G.722 and L16 have no figure on the narrow-band
 * scale: they are counted as G.711, which their users hear as the least they are.
 */
export const G711_IMPAIRMENT: CodecImpairment = { ie: 0, bpl: 25.1 };
export const G711_BARE_IMPAIRMENT: CodecImpairment = { ie: 0, bpl: 4.3 };

export interface QualityInput {
  /** Mouth to ear, one way. */
  readonly delayMs: number;
  /** 0–1, of what should have been heard: what was late counts as lost. */
  readonly loss: number;
  readonly codec?: CodecImpairment;
  /** 1 is random; more for losses in a row (G.107: mean burst length over that of random loss). */
  readonly burstRatio?: number;
}

export interface QualityEstimate {
  /** 0–93.2 */
  readonly r: number;
  /** 1–4.5, listening and conversation. */
  readonly mos: number;
}

/** Ro − Is at G.107's default values. */
const BEST_R = 93.2;

/**
 * R = 93.2 − Id − Ie,eff, with
 * Id = 0.024·d + 0.11·(d − 177.3)·H(d − 177.3)   (fit of G.107's Idd by Cole and Rosenbluth, 2001; no echo)
 * Ie,eff = Ie + (95 − Ie)·Ppl / (Ppl/BurstR + Bpl)   (G.107 equation 7-29, Ppl in per cent)
 * and G.107 Annex B: MOS = 1 for R ≤ 0, 4.5 for R ≥ 100, else 1 + 0.035·R + R·(R − 60)·(100 − R)·7·10⁻⁶.
 */
export function estimateQuality(input: QualityInput): QualityEstimate {
  const { codec = G711_IMPAIRMENT } = input;
  const delay = Math.max(0, input.delayMs);
  const loss = Math.min(1, Math.max(0, input.loss)) * 100;
  const burst = Math.max(1, input.burstRatio ?? 1);
  const delayImpairment = 0.024 * delay + 0.11 * Math.max(0, delay - 177.3);
  const lossImpairment = codec.ie + ((95 - codec.ie) * loss) / (loss / burst + codec.bpl);
  const r = Math.max(0, Math.min(BEST_R, BEST_R - delayImpairment - lossImpairment));
  return { r, mos: mosOf(r) };
}

function mosOf(r: number): number {
  if (r <= 0) return 1;
  // The polynomial dips below 1 for R under 6.5
  return Math.max(1, Math.min(4.5, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6));
}
