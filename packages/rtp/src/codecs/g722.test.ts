import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { referenceSignal, shareAt, signalToNoiseDb, sine } from '../testing/signals.ts';
import { createG722 } from './g722.ts';

// Answers of ffmpeg 5.1.9, an implementation of its own:
//   ffmpeg -f s16le -ar 16000 -ac 1 -i reference.s16 -c:a g722 -f g722 reference.g722
//   ffmpeg -f g722 -i reference.g722 -f s16le decoded.s16
const ENCODED_SHA256 = '53b4e53bc618f6b1f070dc60a5a33c18ba8175a18cabce1cea77fe4625429163';
const DECODED_SHA256 = '8a64f820885007d83aacc063c9502bc7c588558fd448c26bdfaf00fe44c268e0';
const ARBITRARY_SHA256 = 'ab670fee016b863cb4aa19d93aaa1b45c4806a4829893df6e0468767a221c96c';

function encode(pcm: Int16Array, frame = 320): Uint8Array {
  const codec = createG722();
  const payload = new Uint8Array(codec.payloadBytes(pcm.length));
  for (let at = 0; at < pcm.length; at += frame) codec.encode(pcm.subarray(at, at + frame), payload, at / 2);
  return payload;
}

function decode(payload: Uint8Array, frame = 160): Int16Array {
  const codec = createG722();
  const pcm = new Int16Array(codec.samplesIn(payload));
  for (let at = 0; at < payload.length; at += frame) {
    codec.decode(payload.subarray(at, at + frame), pcm.subarray(2 * at));
  }
  return pcm;
}

function sha256(bytes: Uint8Array | Int16Array): string {
  return createHash('sha256')
    .update(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');
}

test('encodes four seconds to the same octets as ffmpeg', () => {
  assert.equal(sha256(encode(referenceSignal())), ENCODED_SHA256);
});

test('decodes them to the same samples as ffmpeg', () => {
  assert.equal(sha256(decode(encode(referenceSignal()))), DECODED_SHA256);
});

test('decodes octets that no encoder made to the same samples as ffmpeg', () => {
  const payload = Uint8Array.from({ length: 8192 }, (_, i) => (i * i * 31 + i * 7 + (i >> 5)) & 255);
  assert.equal(sha256(decode(payload)), ARBITRARY_SHA256);
});

test('the length of frames does not change a bit', () => {
  const pcm = referenceSignal().subarray(0, 9600);
  const whole = encode(pcm, pcm.length);
  assert.deepEqual(encode(pcm, 160), whole);
  assert.deepEqual(decode(whole, 37), decode(whole, whole.length));
});

test('tones of both bands come through', () => {
  for (const [hz, least] of [
    [440, 30],
    [1000, 30],
    [3000, 25],
    [6000, 14],
  ] as const) {
    const sent = sine(hz, 8000, 16_000, 16_000);
    const heard = decode(encode(sent));
    assert.ok(shareAt(hz, heard.subarray(1600), 16_000) > 0.96, `${hz} Hz`);
    const ratio = signalToNoiseDb(sent, heard, 32);
    assert.ok(ratio > least, `${hz} Hz: ${ratio.toFixed(1)} dB`);
  }
});

test('its RTP clock runs at half of its sampling rate (RFC 3551 §4.5.2)', () => {
  const codec = createG722();
  assert.deepEqual([codec.clockRate, codec.sampleRate, codec.samplesPerFrame], [8000, 16_000, 320]);
  assert.equal(codec.payloadBytes(320), 160);
  assert.equal(codec.samplesIn(new Uint8Array(160)), 320);
});

test('no octets make it throw or leave 16 bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(800), (payload, room) => {
      const codec = createG722();
      const pcm = new Int16Array(room);
      const samples = codec.decode(payload, pcm);
      assert.equal(samples, Math.min(payload.length, room >> 1) * 2);
      assert.equal(codec.encode(pcm, new Uint8Array(100), 10), Math.min(room >> 1, 90));
    }),
  );
});
