import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  analyzeNoise,
  ComfortNoiseGenerator,
  type NoiseShape,
  parseComfortNoise,
  writeComfortNoise,
} from './comfort-noise.ts';

function noiseOf(shape: NoiseShape, samples = 16_000): Int16Array {
  const generator = new ComfortNoiseGenerator(7);
  generator.update(shape);
  const pcm = new Int16Array(samples);
  generator.generate(pcm);
  return pcm;
}

test('a level alone is white noise of that level (RFC 3389 §3)', () => {
  for (const level of [20, 40, 60]) {
    const heard = analyzeNoise(noiseOf({ level, reflection: [] }));
    assert.ok(Math.abs(heard.level - level) < 0.5, `${level}: ${heard.level}`);
    for (const k of heard.reflection) assert.ok(Math.abs(k) < 0.05);
  }
});

test('a spectrum survives the payload: noise made of it measures the same', () => {
  const shape = { level: 30, reflection: [-0.8, 0.4, -0.2] };
  const payload = new Uint8Array(4);
  assert.equal(writeComfortNoise(shape, payload), 4);
  const parsed = parseComfortNoise(payload)!;
  parsed.reflection.forEach((k, i) => assert.ok(Math.abs(k - shape.reflection[i]!) < 0.004));
  const heard = analyzeNoise(noiseOf(parsed), 3);
  assert.ok(Math.abs(heard.level - 30) < 1, String(heard.level));
  heard.reflection.forEach((k, i) => assert.ok(Math.abs(k - shape.reflection[i]!) < 0.05, `${i}: ${k}`));
});

test('quantized coefficients are 258·(N − 127)/32768', () => {
  const { reflection } = parseComfortNoise(Uint8Array.of(0x80 | 50, 127, 0, 254))!;
  assert.deepEqual(reflection, [0, (-258 * 127) / 32_768, (258 * 127) / 32_768]);
});

test('no payload makes it throw or ring', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (payload) => {
      const shape = parseComfortNoise(payload);
      assert.equal(shape === undefined, payload.length === 0);
      if (!shape) return;
      const pcm = noiseOf(shape, 1600);
      if (shape.level === 127) assert.ok(pcm.every((sample) => sample === 0));
    }),
  );
});
