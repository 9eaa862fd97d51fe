import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareAt, sine } from '../testing/signals.ts';
import { WaveformConcealer } from './loss-concealer.ts';

function peak(pcm: Int16Array): number {
  return pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

test('a lost frame of a steady tone sounds on: same pitch, no jump at its beginning', () => {
  for (const [sampleRate, hz] of [
    [8000, 125],
    [8000, 180],
    [16_000, 150],
  ] as const) {
    const concealer = new WaveformConcealer(sampleRate);
    const frame = sampleRate / 50;
    const pcm = sine(hz, 10_000, frame * 6, sampleRate);
    concealer.observe(pcm, 0, pcm.length - frame);
    const filled = new Int16Array(frame);
    concealer.conceal(filled, 0, frame, true);
    assert.ok(shareAt(hz, filled, sampleRate) > 0.85, `${hz} Hz at ${sampleRate}`);
    const largestStep = (2 * Math.PI * hz * 10_000) / sampleRate;
    const before = pcm[pcm.length - frame - 1]!;
    assert.ok(Math.abs(filled[0]! - before) < 2 * largestStep);
  }
});

test('it fades: full for 10 ms, silent from 60 ms on (G.711 Appendix I)', () => {
  const concealer = new WaveformConcealer(8000);
  concealer.observe(sine(125, 10_000, 800), 0, 800);
  const filled = new Int16Array(800);
  concealer.conceal(filled, 0, 800, true);
  assert.ok(peak(filled.subarray(0, 80)) > 9_500);
  assert.ok(peak(filled.subarray(320, 400)) < 5_000);
  assert.equal(peak(filled.subarray(480)), 0);
});

test('stretching repeats without fading', () => {
  const concealer = new WaveformConcealer(8000);
  concealer.observe(sine(125, 10_000, 800), 0, 800);
  const filled = new Int16Array(800);
  concealer.conceal(filled, 0, 800, false);
  assert.ok(peak(filled.subarray(640)) > 9_500);
});

test('before anything was heard, and after silence, there is silence', () => {
  const concealer = new WaveformConcealer(8000);
  const filled = new Int16Array(160).fill(1);
  concealer.conceal(filled, 0, 160, true);
  assert.equal(peak(filled), 0);
});
