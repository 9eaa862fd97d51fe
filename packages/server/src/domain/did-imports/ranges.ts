import { RANGE_NUMBERS_MAX } from './limits.ts';

/** `count` numbers from `first` on, E.164 digits without the plus. */
export type NumberRange = { first: number; count: number; digits: number };

export type RangeResult = { ok: true; range: NumberRange } | { ok: false; sentence: string };

const WILD = /^\+([1-9]\d*)([Xx]+)$/;
const BOUNDS = /^\+([1-9]\d*)\s*-\s*\+([1-9]\d*)$/;
const DIGITS_MAX = 15;
const LIMIT = RANGE_NUMBERS_MAX.toLocaleString('en');

/**
 * The two notations of a range: `+1555123XXXX` (each X any digit) and `+15551230000-+15551239999`.
 * @returns undefined when the text is neither, hence a single number
 */
export function readRange(text: string): RangeResult | undefined {
  const wild = WILD.exec(text);
  if (wild) return wildRange(wild[1] ?? '', wild[2]?.length ?? 0);
  const bounds = BOUNDS.exec(text);
  return bounds ? boundedRange(bounds[1] ?? '', bounds[2] ?? '') : undefined;
}

function wildRange(prefix: string, wildcards: number): RangeResult {
  const digits = prefix.length + wildcards;
  if (digits > DIGITS_MAX) return { ok: false, sentence: 'The range has more than 15 digits.' };
  const count = 10 ** wildcards;
  if (count > RANGE_NUMBERS_MAX) return tooMany();
  return { ok: true, range: { first: Number(prefix) * count, count, digits } };
}

function boundedRange(from: string, to: string): RangeResult {
  if (from.length !== to.length) {
    return { ok: false, sentence: 'Both ends of the range must have the same number of digits.' };
  }
  if (from.length > DIGITS_MAX) return { ok: false, sentence: 'The range has more than 15 digits.' };
  const count = Number(to) - Number(from) + 1;
  if (count < 1) return { ok: false, sentence: 'The range ends before it begins.' };
  if (count > RANGE_NUMBERS_MAX) return tooMany();
  return { ok: true, range: { first: Number(from), count, digits: from.length } };
}

const tooMany = (): RangeResult => ({
  ok: false,
  sentence: `A range may have at most ${LIMIT} numbers in one row. Split it into several rows.`,
});
