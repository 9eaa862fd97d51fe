import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AudioCodec } from './audio-codec.ts';
import { createPcma, createPcmu } from './g711.ts';

const ALL_CODES = Uint8Array.from({ length: 256 }, (_, code) => code);

function decodeAll(codec: AudioCodec): Int16Array {
  const pcm = new Int16Array(256);
  codec.decode(ALL_CODES, pcm);
  return pcm;
}

function codeOf(codec: AudioCodec, sample: number): number {
  const target = new Uint8Array(1);
  codec.encode(Int16Array.of(sample), target);
  return target[0] ?? 0;
}

function sha256(pcm: Int16Array): string {
  return createHash('sha256').update(Buffer.from(pcm.buffer)).digest('hex');
}

test('all 256 codes decode as in ffmpeg 5.1 (-f mulaw / -f alaw to s16le)', () => {
  assert.equal(sha256(decodeAll(createPcmu())), MULAW_SHA256);
  assert.equal(sha256(decodeAll(createPcma())), ALAW_SHA256);
});

test('the ends and the middle of G.711 tables 1a to 2b', () => {
  const ulaw = decodeAll(createPcmu());
  assert.deepEqual([ulaw[0x00], ulaw[0x80], ulaw[0x7f], ulaw[0xff]], [-32_124, 32_124, 0, 0]);
  const alaw = decodeAll(createPcma());
  assert.deepEqual([alaw[0x2a], alaw[0xaa], alaw[0xd5], alaw[0x55]], [-32_256, 32_256, 8, -8]);
});

test('encoding what was decoded gives the code back', () => {
  for (const codec of [createPcmu(), createPcma()]) {
    const pcm = decodeAll(codec);
    const codes = new Uint8Array(256);
    codec.encode(pcm, codes);
    const expected = [...ALL_CODES];
    // µ-law has two zeros, of which the positive one is sent
    if (codec.name === 'PCMU') expected[0x7f] = 0xff;
    assert.deepEqual([...codes], expected);
  }
});

test('larger samples never become smaller, and each value stands in the middle of its samples', () => {
  for (const codec of [createPcmu(), createPcma()]) {
    const values = decodeAll(codec);
    const ranges = new Map<number, { from: number; to: number }>();
    let before = -Infinity;
    for (let sample = -32_768; sample <= 32_767; sample++) {
      const value = values[codeOf(codec, sample)]!;
      assert.ok(value >= before, `${codec.name} ${sample}`);
      before = value;
      ranges.set(value, { from: ranges.get(value)?.from ?? sample, to: sample });
    }
    const levels = [...new Set(values)];
    assert.equal(ranges.size, levels.length, 'every value is used');
    const ends = [Math.min(...levels), Math.max(...levels), 0];
    for (const [value, { from, to }] of ranges) {
      // The ends take all that is clipped; µ-law's two zeros share one value
      if (ends.includes(value)) continue;
      const off = Math.abs((from + to) / 2 - value);
      assert.ok(off <= 4, `${codec.name} ${value}: ${from} to ${to}`);
    }
  }
});

test('a buffer that is too short is filled and not run over', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), fc.nat(20), (samples, room, offset) => {
      const codec = createPcmu();
      const written = codec.encode(new Int16Array(samples), new Uint8Array(room + offset), offset);
      assert.equal(written, Math.min(samples, room));
      assert.equal(codec.decode(new Uint8Array(samples), new Int16Array(room)), Math.min(samples, room));
    }),
  );
});

const MULAW_SHA256 = '3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827';
const ALAW_SHA256 = 'e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174';
