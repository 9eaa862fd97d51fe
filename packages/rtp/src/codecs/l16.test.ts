import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createL16 } from './l16.ts';

test('samples go in network order and come back unchanged', () => {
  const codec = createL16(16_000);
  const payload = new Uint8Array(4);
  codec.encode(Int16Array.of(0x1234, -2), payload);
  assert.deepEqual([...payload], [0x12, 0x34, 0xff, 0xfe]);
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 400 }), (pcm) => {
      const bytes = new Uint8Array(codec.payloadBytes(pcm.length));
      assert.equal(codec.encode(pcm, bytes), bytes.length);
      const heard = new Int16Array(pcm.length);
      assert.equal(codec.decode(bytes, heard), pcm.length);
      assert.deepEqual(heard, pcm);
    }),
  );
});

test('half a sample at the end is left out', () => {
  assert.equal(createL16(8000).decode(Uint8Array.of(1, 2, 3), new Int16Array(5)), 1);
});
