import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SrtpResult } from './result.ts';
import { SrtpReceiver } from './srtp-receiver.ts';
import { SrtpSender } from './srtp-sender.ts';
import { masterKey, rtcp, rtp, sealRtcp, sealRtp, SUITES } from './testing/packets.ts';

const fault = (result: SrtpResult): string => (result.ok ? 'accepted' : result.fault);

const take = (receiver: SrtpReceiver, packet: Buffer): string =>
  fault(receiver.unprotectRtp(packet, packet.length));

const suite = fc.constantFrom(...SUITES);

const shape = fc.record({
  sequence: fc.nat(65_535),
  ssrc: fc.nat(2 ** 32 - 1),
  payload: fc.uint8Array({ maxLength: 1400 }),
  csrcs: fc.nat(15),
  extensionWords: fc.nat(10),
});

test('any RTP packet comes back as it was', () => {
  fc.assert(
    fc.property(
      suite,
      shape,
      fc.option(fc.uint8Array({ minLength: 1, maxLength: 8 })),
      (suite, shape, mki) => {
        const keys = [masterKey(suite, 1, mki ? { mki } : {})];
        const plain = rtp(shape);
        const packet = sealRtp(new SrtpSender(suite, keys), plain);
        const result = new SrtpReceiver(suite, keys).unprotectRtp(packet, packet.length);
        assert.deepEqual(result, { ok: true, length: plain.length });
        assert.deepEqual(packet.subarray(0, plain.length), plain);
      },
    ),
  );
});

test('any RTCP packet comes back as it was', () => {
  fc.assert(
    fc.property(suite, fc.nat(2 ** 32 - 1), fc.nat(600), (suite, ssrc, moreBytes) => {
      const plain = rtcp(ssrc, moreBytes);
      const packet = sealRtcp(new SrtpSender(suite, [masterKey(suite)]), plain);
      assert.ok(!packet.subarray(8, plain.length).equals(plain.subarray(8)) || moreBytes < 8);
      const receiver = new SrtpReceiver(suite, [masterKey(suite)]);
      assert.deepEqual(receiver.unprotectRtcp(packet, packet.length), { ok: true, length: plain.length });
      assert.deepEqual(packet.subarray(0, plain.length), plain);
    }),
  );
});

/** How far a packet is displaced, or that it never arrives. */
const fate = fc.oneof(
  { weight: 5, arbitrary: fc.nat(3) },
  { weight: 1, arbitrary: fc.nat(60) },
  { weight: 1, arbitrary: fc.constant(-1) },
);

test('loss, reordering and wrapping of sequence number and rollover counter cost no packet that arrived', () => {
  const fates = fc.array(fate, { minLength: 100, maxLength: 250 });
  fc.assert(
    fc.property(suite, fc.integer({ min: 65_400, max: 65_535 }), fates, (suite, first, fates) => {
      const sender = new SrtpSender(suite, [masterKey(suite)]);
      const receiver = new SrtpReceiver(suite, [masterKey(suite)]);
      const arrivals = fates
        .map((fate, i) => ({
          fate,
          at: i + fate,
          packet: sealRtp(sender, rtp({ sequence: (first + i) % 65_536 })),
        }))
        .filter(({ fate }, i) => i === 0 || fate >= 0)
        .map((arrival, i) => (i === 0 ? { ...arrival, at: -1 } : arrival))
        .sort((a, b) => a.at - b.at);
      for (const { packet } of arrivals) {
        const copy = Buffer.from(packet);
        assert.equal(take(receiver, packet), 'accepted');
        assert.equal(take(receiver, copy), 'replay');
      }
    }),
    { numRuns: 60 },
  );
});

test('the rollover counter is kept over many wraps although only every 20000th packet arrives', () => {
  const suite = 'AES_CM_128_HMAC_SHA1_80';
  const sender = new SrtpSender(suite, [masterKey(suite)]);
  const receiver = new SrtpReceiver(suite, [masterKey(suite)]);
  for (let index = 0; index < 65_536 * 20; index += 20_000) {
    assert.equal(take(receiver, sealRtp(sender, rtp({ sequence: index % 65_536 }))), 'accepted');
  }
});

test('a packet with any bit changed is refused, left as it was, and the true one is still accepted', () => {
  fc.assert(
    fc.property(suite, fc.boolean(), fc.nat(), fc.nat(7), (suite, control, position, bit) => {
      const sender = new SrtpSender(suite, [masterKey(suite)]);
      const receiver = new SrtpReceiver(suite, [masterKey(suite)]);
      const packet = control ? sealRtcp(sender, rtcp()) : sealRtp(sender, rtp({ sequence: 9 }));
      const open = (bytes: Buffer): string =>
        fault(
          control ? receiver.unprotectRtcp(bytes, bytes.length) : receiver.unprotectRtp(bytes, bytes.length),
        );
      const forged = Buffer.from(packet);
      forged[position % packet.length]! ^= 1 << bit;
      const before = Buffer.from(forged);
      assert.match(open(forged), /^(auth|malformed)$/);
      assert.deepEqual(forged, before);
      assert.equal(open(packet), 'accepted');
    }),
    { numRuns: 1000 },
  );
});

test('a packet under another master key is refused', () => {
  for (const suite of SUITES) {
    const receiver = new SrtpReceiver(suite, [masterKey(suite, 2)]);
    const sender = new SrtpSender(suite, [masterKey(suite, 1)]);
    assert.equal(take(receiver, sealRtp(sender, rtp({ sequence: 1 }))), 'auth');
    const control = sealRtcp(sender, rtcp());
    assert.equal(fault(receiver.unprotectRtcp(control, control.length)), 'auth');
  }
});

test('hostile bytes are refused and never throw', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // What passes for a header, so that the deeper checks are reached.
    fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.from([0x9f, 0x00, ...rest])),
  );
  const mki = fc.constantFrom(undefined, Buffer.from([1, 2, 3, 4]));
  fc.assert(
    fc.property(suite, mki, bytes, fc.integer({ min: -2, max: 220 }), (suite, mki, bytes, length) => {
      const keys = [masterKey(suite, 1, { mki })];
      const receiver = new SrtpReceiver(suite, keys);
      const sender = new SrtpSender(suite, keys);
      const packet = Buffer.from(bytes);
      for (const size of [length, packet.length]) {
        assert.equal(receiver.unprotectRtp(packet, size).ok, false);
        assert.equal(receiver.unprotectRtcp(packet, size).ok, false);
        sender.protectRtp(packet, size);
        sender.protectRtcp(packet, size);
      }
    }),
    { numRuns: 2000 },
  );
});

test('SRTCP packets are accepted in any order within the window, each once', () => {
  for (const suite of SUITES) {
    const sender = new SrtpSender(suite, [masterKey(suite)]);
    const receiver = new SrtpReceiver(suite, [masterKey(suite)]);
    const packets = Array.from({ length: 70 }, () => sealRtcp(sender, rtcp()));
    const open = (i: number): string => {
      const copy = Buffer.from(packets[i]!);
      return fault(receiver.unprotectRtcp(copy, copy.length));
    };
    assert.deepEqual([3, 3, 69, 6, 6, 5, 3].map(open), [
      'accepted',
      'replay',
      'accepted',
      'accepted',
      'replay',
      'replay',
      'replay',
    ]);
  }
});
