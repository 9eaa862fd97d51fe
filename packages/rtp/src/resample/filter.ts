// The low-pass filter between two sample rates, cut into the phases that a rational resampler steps through.

export type SampleRate = 8000 | 16_000 | 24_000 | 48_000;

/** Periods of the lower rate on either side of the centre tap; the filter's delay. */
export const HALF_SPAN_PERIODS = 14;

/**
 * Kaiser's β for some 61 dB. With 28 periods of span the transition band is 0.15 of the lower rate wide and centred on
 * half of it: for 8 kHz, flat to 3.4 kHz and shut from 4.6 kHz, so that what folds over lands above 3.4 kHz.
 */
const KAISER_BETA = 6;

/**
 * One output sample is `centre · x[n - centreDelay]` + Σ `taps[k] · x[n - firstDelay - k·stride]`, where x[n] is the
 * newest input sample it needs.
 */
export interface FilterPhase {
  readonly centre: number;
  readonly centreDelay: number;
  readonly taps: Float64Array;
  readonly firstDelay: number;
  readonly stride: number;
}

export interface RateFilter {
  /** The rate goes up by `up` and down by `down`, without a common divisor. */
  readonly up: number;
  readonly down: number;
  /** Input samples a phase can reach back. */
  readonly history: number;
  readonly phases: readonly FilterPhase[];
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function kaiser(position: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - position ** 2)) / besselI0(KAISER_BETA);
}

/**
 * Tap at `offset` steps of the common multiple of both rates from the centre, for a cut-off (-6 dB) at half the lower
 * rate, which is `ratio` steps per period. The sinc is zero at all other multiples of `ratio`: whole phases become a
 * plain delay, and half of the taps of 2:1 vanish.
 */
function prototypeTap(offset: number, ratio: number): number {
  if (offset === 0) return 1;
  if (offset % ratio === 0 || Math.abs(offset) >= HALF_SPAN_PERIODS * ratio) return 0;
  const x = (Math.PI * offset) / ratio;
  return (Math.sin(x) / x) * kaiser(offset / (HALF_SPAN_PERIODS * ratio));
}

function createPhase(phase: number, up: number, down: number): FilterPhase {
  const ratio = Math.max(up, down);
  const centre = HALF_SPAN_PERIODS * ratio;
  const values: number[] = [];
  for (let at = phase; at <= 2 * centre; at += up) values.push(prototypeTap(at - centre, ratio));
  // Every phase passes a constant unchanged, so that silence with an offset does not become a tone.
  const sum = values.reduce((total, value) => total + value, 0);
  const scaled = values.map((value) => value / sum);
  const centreDelay = (centre - phase) / up;
  const plainDelay = up > 1 && Number.isInteger(centreDelay) && ratio === up;
  if (plainDelay) return { centre: 1, centreDelay, taps: new Float64Array(0), firstDelay: 0, stride: 1 };
  if (up === 1 && down === 2) {
    const taps = Float64Array.from(scaled.filter((_, k) => k % 2 === 1));
    return { centre: scaled[centreDelay] ?? 0, centreDelay, taps, firstDelay: 1, stride: 2 };
  }
  return { centre: 0, centreDelay: 0, taps: Float64Array.from(scaled), firstDelay: 0, stride: 1 };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function createFilter(fromHz: SampleRate, toHz: SampleRate): RateFilter {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const phases = Array.from({ length: up }, (_, phase) => createPhase(phase, up, down));
  const reach = phases.map((phase) =>
    Math.max(phase.centreDelay, phase.firstDelay + phase.taps.length * phase.stride),
  );
  return { up, down, history: Math.max(...reach), phases };
}

const filters = new Map<string, RateFilter>();

/** All calls with the same two rates share one table of at most 169 taps. */
export function rateFilter(fromHz: SampleRate, toHz: SampleRate): RateFilter {
  const key = `${fromHz}-${toHz}`;
  const known = filters.get(key);
  if (known) return known;
  const filter = createFilter(fromHz, toHz);
  filters.set(key, filter);
  return filter;
}
