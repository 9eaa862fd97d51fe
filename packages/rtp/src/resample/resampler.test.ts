import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SampleRate } from './filter.ts';
import { Resampler } from './resampler.ts';

const RATES: readonly SampleRate[] = [8000, 16_000, 24_000, 48_000];
const PAIRS = RATES.flatMap((fromHz) => RATES.map((toHz) => [fromHz, toHz] as const));
const CONVERSIONS = PAIRS.filter(([fromHz, toHz]) => fromHz !== toHz);

const AMPLITUDE = 0.5;

function sine(hz: number, rate: number, length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * hz * i) / rate + phase));
}

function convert(fromHz: SampleRate, toHz: SampleRate, input: Float32Array): Float32Array {
  const resampler = new Resampler(fromHz, toHz);
  const output = new Float32Array(resampler.outputLength(input.length));
  assert.equal(resampler.process(input, output), output.length);
  return output;
}

/** The steady part: the filter is full, and the length is a whole number of periods of any multiple of 50 Hz. */
const steady = (samples: Float32Array, rate: number): Float32Array =>
  samples.subarray(rate / 50, rate / 50 + rate / 5);

/** Amplitude of one frequency by correlation. */
function amplitudeAt(samples: Float32Array, hz: number, rate: number): number {
  let cosine = 0;
  let sum = 0;
  for (const [i, value] of samples.entries()) {
    cosine += value * Math.cos((2 * Math.PI * hz * i) / rate);
    sum += value * Math.sin((2 * Math.PI * hz * i) / rate);
  }
  return (2 * Math.hypot(cosine, sum)) / samples.length;
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

const decibels = (ratio: number): number => 20 * Math.log10(ratio);

function frequencies(fromHz: number, toHz: number, step: number): number[] {
  return Array.from({ length: Math.floor((toHz - fromHz) / step) + 1 }, (_, i) => fromHz + i * step);
}

for (const [fromHz, toHz] of CONVERSIONS) {
  const lower = Math.min(fromHz, toHz);

  test(`${fromHz} → ${toHz}: flat within 0.01 dB up to 0.425 of the lower rate, and nothing else at 61 dB`, () => {
    for (const hz of frequencies(lower / 80, 0.425 * lower, lower / 80)) {
      const input = sine(hz, fromHz, fromHz / 4);
      const output = steady(convert(fromHz, toHz, input), toHz);
      const amplitude = amplitudeAt(output, hz, toHz);
      assert.ok(
        Math.abs(decibels(amplitude / AMPLITUDE)) < 0.01,
        `${hz} Hz: ${decibels(amplitude / AMPLITUDE)} dB`,
      );
      const rest = Math.sqrt(Math.max(0, rms(output) ** 2 - amplitude ** 2 / 2));
      assert.ok(decibels((rest * Math.SQRT2) / AMPLITUDE) < -61, `${hz} Hz: images at ${decibels(rest)} dB`);
    }
  });

  if (toHz < fromHz) {
    test(`${fromHz} → ${toHz}: what would fold into the pass-band is 61 dB down`, () => {
      for (const hz of frequencies(0.575 * toHz, fromHz / 2 - 50, toHz / 80)) {
        const output = steady(convert(fromHz, toHz, sine(hz, fromHz, fromHz / 4, 1)), toHz);
        const level = decibels((rms(output) * Math.SQRT2) / AMPLITUDE);
        assert.ok(level < -61, `${hz} Hz: ${level} dB`);
      }
    });
  }

  test(`${fromHz} → ${toHz}: a constant stays exactly that, and the delay is the one told`, () => {
    const flat = convert(fromHz, toHz, new Float32Array(fromHz / 10).fill(0.25));
    for (const value of steady(convert(fromHz, toHz, new Float32Array(fromHz).fill(0.25)), toHz)) {
      assert.ok(Math.abs(value - 0.25) < 1e-6);
    }
    assert.equal(flat.length, toHz / 10);
    const impulse = new Float32Array(fromHz / 10);
    impulse[0] = 1;
    const response = convert(fromHz, toHz, impulse);
    const peak = response.indexOf(Math.max(...response));
    const { latencyMs } = new Resampler(fromHz, toHz);
    assert.equal(peak, Math.round((latencyMs / 1000) * toHz));
    assert.equal(latencyMs, 14_000 / lower);
  });
}

const pair = fc.constantFrom(...PAIRS);
const pcm = fc.int16Array({ minLength: 1, maxLength: 3000 });

test('a signal in pieces of any size gives the samples of the signal in one piece', () => {
  fc.assert(
    fc.property(pair, pcm, fc.array(fc.integer({ min: 0, max: 500 })), ([fromHz, toHz], input, cuts) => {
      const whole = new Resampler(fromHz, toHz);
      const expected = new Int16Array(whole.outputLength(input.length));
      whole.process(input, expected);

      const pieces = new Resampler(fromHz, toHz);
      const actual: number[] = [];
      let at = 0;
      for (const size of [...cuts, input.length]) {
        const piece = input.subarray(at, at + size);
        at += piece.length;
        const length = pieces.outputLength(piece.length);
        const output = new Int16Array(length + 3).fill(7);
        assert.equal(pieces.process(piece, output), length);
        assert.deepEqual([...output.subarray(length)], [7, 7, 7]);
        actual.push(...output.subarray(0, length));
      }
      assert.deepEqual(actual, [...expected]);
      assert.equal(expected.length, Math.ceil((input.length * toHz) / fromHz));
    }),
    { numRuns: 300 },
  );
});

test('20 ms frames give 20 ms frames at every pair of rates', () => {
  for (const [fromHz, toHz] of PAIRS) {
    const resampler = new Resampler(fromHz, toHz);
    const output = new Int16Array(toHz / 50);
    for (let i = 0; i < 5; i++) {
      assert.equal(resampler.process(new Int16Array(fromHz / 50), output), output.length);
    }
  }
});

test('equal rates copy, without delay', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RATES), pcm, (rate, input) => {
      const resampler = new Resampler(rate, rate);
      const output = new Int16Array(input.length);
      resampler.process(input, output);
      assert.deepEqual(output, input);
      assert.equal(resampler.latencyMs, 0);
    }),
  );
});

test('Int16 and Float32 are the same signal: one converts into the other and back', () => {
  fc.assert(
    fc.property(pcm, (input) => {
      const floats = new Float32Array(input.length);
      new Resampler(8000, 8000).process(input, floats);
      assert.ok(floats.every((value, i) => value === (input[i] ?? 0) / 32_768));
      const back = new Int16Array(input.length);
      new Resampler(8000, 8000).process(floats, back);
      assert.deepEqual(back, input);
    }),
  );
});

test('what overshoots full scale is saturated, never wrapped', () => {
  for (const [fromHz, toHz] of CONVERSIONS) {
    const square = Int16Array.from({ length: fromHz / 5 }, (_, i) => (i % 40 < 20 ? 32_767 : -32_768));
    const input = Float32Array.from(square, (value) => value / 32_768);
    const exact = convert(fromHz, toHz, input);
    const resampler = new Resampler(fromHz, toHz);
    const output = new Int16Array(exact.length);
    resampler.process(square, output);
    assert.ok(exact.some((value) => value > 1));
    for (const [i, value] of exact.entries()) {
      assert.ok(Math.abs((output[i] ?? 0) / 32_768 - Math.max(-1, Math.min(1, value))) < 1e-4);
    }
  }
});

test('after a reset the past is silence, and too short an output is a RangeError', () => {
  const resampler = new Resampler(24_000, 16_000);
  const input = sine(440, 24_000, 481);
  const first = new Float32Array(resampler.outputLength(481));
  resampler.process(input, first);
  resampler.reset();
  const second = new Float32Array(first.length);
  resampler.process(input, second);
  assert.deepEqual(second, first);
  assert.throws(() => resampler.process(input, new Float32Array(100)), RangeError);
});
