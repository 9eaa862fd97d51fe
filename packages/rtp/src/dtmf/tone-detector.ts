import { COLUMN_HZ, digitAt, ROW_HZ } from './tone-frequencies.ts';

// In-band touch tones by Goertzel filters over 12.75 ms blocks. The figures are those of ITU-T Q.24 receivers, tried on
// synthetic tones through µ-law and on speech.

const SAMPLE_RATE = 8000;
const BLOCK = 102;
/** Column over row, dB: lines lose more at the higher tone, so more is allowed below than above. */
const TWIST_MAX_DB = 7;
const TWIST_MIN_DB = -8;
/** The tone over every other one of its group. */
const PEAK_RATIO = 10 ** (8 / 10);
/** Of the block's energy in the two tones: speech spreads over more. */
const TONE_SHARE = 0.83;
/** Mean square below which nothing is looked for: −45 dBov. */
const MIN_POWER = 32_768 ** 2 * 10 ** (-45 / 10);
const BLOCKS_TO_START = 2;
/** One bad block inside of a tone does not end it. */
const BLOCKS_TO_END = 2;

export type ToneEvent =
  | { readonly kind: 'start'; readonly digit: string; readonly atSample: number }
  | {
      readonly kind: 'end';
      readonly digit: string;
      readonly atSample: number;
      /** To a block: ± 13 ms. */
      readonly durationMs: number;
    };

/** Finds touch tones in 8 kHz sound. Sample numbers count from the first sample ever given. */
export class ToneDetector {
  readonly #onEvent: (event: ToneEvent) => void;
  readonly #filters = [...ROW_HZ, ...COLUMN_HZ].map((hz) => new Goertzel(hz));
  #energy = 0;
  #inBlock = 0;
  #samples = 0;
  #candidate: string | undefined;
  #candidateBlocks = 0;
  #active: { readonly digit: string; readonly fromSample: number } | undefined;
  #missed = 0;

  constructor(onEvent: (event: ToneEvent) => void) {
    this.#onEvent = onEvent;
  }

  push(pcm: Int16Array): void {
    let at = 0;
    while (at < pcm.length) {
      const end = Math.min(pcm.length, at + BLOCK - this.#inBlock);
      for (const filter of this.#filters) filter.run(pcm, at, end);
      for (let i = at; i < end; i++) this.#energy += (pcm[i] ?? 0) ** 2;
      this.#inBlock += end - at;
      this.#samples += end - at;
      at = end;
      if (this.#inBlock === BLOCK) this.#closeBlock();
    }
  }

  #closeBlock(): void {
    const digit = this.#digitOfBlock();
    for (const filter of this.#filters) filter.reset();
    this.#energy = 0;
    this.#inBlock = 0;
    this.#candidateBlocks = digit !== undefined && digit === this.#candidate ? this.#candidateBlocks + 1 : 1;
    this.#candidate = digit;
    const active = this.#active;
    if (active) {
      this.#missed = digit === active.digit ? 0 : this.#missed + 1;
      if (this.#missed < BLOCKS_TO_END) return;
      this.#active = undefined;
      const atSample = this.#samples - BLOCKS_TO_END * BLOCK;
      const durationMs = ((atSample - active.fromSample) * 1000) / SAMPLE_RATE;
      this.#onEvent({ kind: 'end', digit: active.digit, atSample, durationMs });
    }
    if (digit === undefined || this.#candidateBlocks < BLOCKS_TO_START) return;
    const atSample = this.#samples - BLOCKS_TO_START * BLOCK;
    this.#active = { digit, fromSample: atSample };
    this.#missed = 0;
    this.#onEvent({ kind: 'start', digit, atSample });
  }

  #digitOfBlock(): string | undefined {
    if (this.#energy < MIN_POWER * BLOCK) return undefined;
    const powers = this.#filters.map((filter) => filter.power());
    const row = clearPeak(powers.slice(0, 4));
    const column = clearPeak(powers.slice(4));
    if (!row || !column) return undefined;
    const twistDb = 10 * Math.log10(column.power / row.power);
    if (twistDb > TWIST_MAX_DB || twistDb < TWIST_MIN_DB) return undefined;
    // A sine of amplitude A has a Goertzel power of (A·N/2)² and an energy of A²·N/2
    const share = (2 * (row.power + column.power)) / (BLOCK * this.#energy);
    return share < TONE_SHARE ? undefined : digitAt(row.index, column.index);
  }
}

/** The strongest of a group, if it stands out. */
function clearPeak(
  powers: readonly number[],
): { readonly index: number; readonly power: number } | undefined {
  const power = Math.max(...powers);
  const index = powers.indexOf(power);
  const clear = powers.every((other, i) => i === index || power > other * PEAK_RATIO);
  return clear && power > 0 ? { index, power } : undefined;
}

class Goertzel {
  readonly #coefficient: number;
  #s1 = 0;
  #s2 = 0;

  constructor(hz: number) {
    this.#coefficient = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  }

  run(pcm: Int16Array, from: number, to: number): void {
    const coefficient = this.#coefficient;
    let s1 = this.#s1;
    let s2 = this.#s2;
    for (let i = from; i < to; i++) {
      const s0 = (pcm[i] ?? 0) + coefficient * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    this.#s1 = s1;
    this.#s2 = s2;
  }

  power(): number {
    return this.#s1 ** 2 + this.#s2 ** 2 - this.#coefficient * this.#s1 * this.#s2;
  }

  reset(): void {
    this.#s1 = 0;
    this.#s2 = 0;
  }
}
