// Signals for tests. Whole-number arithmetic where a reference codec's answer is compared octet by octet.

import { xorshift32 } from '../codecs/noise-source.ts';

export function sine(hz: number, amplitude: number, samples: number, sampleRate = 8000): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate)),
  );
}

function triangle(period: number, amplitude: number, i: number): number {
  const half = period >> 1;
  const place = i % period;
  return Math.trunc((amplitude * (place < half ? 2 * place - half : 3 * half - 2 * place)) / half);
}

/**
 * Four seconds at 16 kHz: a low voice-like buzz, high and low tones, loud noise, full-scale square waves, with pauses
 * of digital silence between them. Not a sine in it: its value may differ in the last bit between machines.
 */
export function referenceSignal(): Int16Array {
  const random = xorshift32(20_251);
  return Int16Array.from({ length: 64_000 }, (_, i) => {
    const noise = Math.trunc(random() * 60_000) - 30_000;
    if (i % 16_000 > 14_000) return 0;
    if (i < 16_000) return triangle(128, 9_000, i) + triangle(24, 3_000, i) + (noise >> 7);
    if (i < 32_000) return triangle(8, 6_000, i) + triangle(400, 12_000, i);
    return i < 48_000 ? noise : i % 72 < 36 ? 32_767 : -32_768;
  });
}

/** Signal to noise in dB at the best shift up to `maxShift` samples (filter delay). */
export function signalToNoiseDb(sent: Int16Array, heard: Int16Array, maxShift: number): number {
  let best = -Infinity;
  for (let shift = 0; shift <= maxShift; shift++) {
    let signal = 0;
    let noise = 1e-9;
    for (let i = 800; i + shift < heard.length && i < sent.length; i++) {
      signal += (sent[i] ?? 0) ** 2;
      noise += ((heard[i + shift] ?? 0) - (sent[i] ?? 0)) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / noise));
  }
  return best;
}

/** The share of a signal's energy at one frequency, 0–1. */
export function shareAt(hz: number, pcm: Int16Array, sampleRate: number): number {
  let real = 0;
  let imaginary = 0;
  let energy = 0;
  for (let i = 0; i < pcm.length; i++) {
    const angle = (2 * Math.PI * hz * i) / sampleRate;
    const sample = pcm[i] ?? 0;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
    energy += sample * sample;
  }
  return energy === 0 ? 0 : (2 * (real * real + imaginary * imaginary)) / (pcm.length * energy);
}
