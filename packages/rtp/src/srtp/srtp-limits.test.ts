import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SrtpResult } from './result.ts';
import { createSessionKeys, SessionKey } from './session-key.ts';
import { SrtpReceiver } from './srtp-receiver.ts';
import { SrtpSender } from './srtp-sender.ts';
import { masterKey, rtcp, rtp, sealRtcp, sealRtp, SUITES } from './testing/packets.ts';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';

const fault = (result: SrtpResult): string => (result.ok ? 'accepted' : result.fault);

function send(sender: SrtpSender, plain: Buffer): string {
  const packet = Buffer.concat([plain, Buffer.alloc(sender.rtpOverhead)]);
  return fault(sender.protectRtp(packet, plain.length));
}

test('the sender never uses a keystream twice (RFC 3711 §9.1)', () => {
  const sender = new SrtpSender(SUITE, [masterKey(SUITE)]);
  const plain = rtp({ sequence: 5 });
  assert.equal(send(sender, plain), 'accepted');
  const packet = Buffer.concat([plain, Buffer.alloc(10)]);
  assert.equal(fault(sender.protectRtp(packet, plain.length)), 'replay');
  assert.deepEqual(packet.subarray(0, plain.length), plain);
  assert.equal(send(sender, rtp({ sequence: 5, ssrc: 1 })), 'accepted');
});

test('a buffer without room for the tag is refused and unchanged', () => {
  for (const suite of SUITES) {
    const sender = new SrtpSender(suite, [masterKey(suite)]);
    const packet = rtp({ sequence: 5 });
    assert.equal(fault(sender.protectRtp(packet, packet.length)), 'room');
    const control = rtcp();
    assert.equal(fault(sender.protectRtcp(control, control.length)), 'room');
    assert.deepEqual([packet, control], [rtp({ sequence: 5 }), rtcp()]);
  }
});

test('what is no RTP or RTCP packet is malformed', () => {
  const sender = new SrtpSender(SUITE, [masterKey(SUITE)]);
  const cut = (packet: Buffer, length: number): Buffer =>
    Buffer.concat([packet.subarray(0, length), Buffer.alloc(40)]);
  const version1 = rtp({ sequence: 1 });
  version1.writeUInt8(0x40, 0);
  const cases = [
    [cut(rtp({ sequence: 1 }), 11), 11],
    [cut(rtp({ sequence: 1, csrcs: 3 }), 23), 23],
    [cut(rtp({ sequence: 1, extensionWords: 2 }), 15), 15],
    [cut(rtp({ sequence: 1, extensionWords: 200 }), 100), 100],
    [cut(version1, 28), 28],
    [rtp({ sequence: 1 }), 1000],
    [rtp({ sequence: 1 }), 12.5],
    [Buffer.alloc(70_000, 0x80), 66_000],
  ] as const;
  for (const [packet, length] of cases) assert.equal(fault(sender.protectRtp(packet, length)), 'malformed');
  assert.equal(fault(sender.protectRtcp(cut(rtcp(), 7), 7)), 'malformed');
});

test('a key ends with its lifetime, of SRTP or of SRTCP packets, on both sides (RFC 3711 §9.2)', () => {
  const keys = [masterKey(SUITE, 1, { lifetime: 2 })];
  const sender = new SrtpSender(SUITE, keys);
  const receiver = new SrtpReceiver(SUITE, keys);
  const endless = new SrtpSender(SUITE, [masterKey(SUITE)]);
  const open = (packet: Buffer): string => fault(receiver.unprotectRtp(packet, packet.length));
  assert.equal(open(sealRtp(sender, rtp({ sequence: 1 }))), 'accepted');
  assert.equal(open(sealRtp(sender, rtp({ sequence: 2 }))), 'accepted');
  assert.equal(send(sender, rtp({ sequence: 3 })), 'exhausted');
  assert.equal(open(sealRtp(endless, rtp({ sequence: 3 }))), 'exhausted');
  const control = sealRtcp(endless, rtcp());
  assert.equal(fault(receiver.unprotectRtcp(control, control.length)), 'exhausted');

  const talker = new SrtpSender(SUITE, keys);
  sealRtcp(talker, rtcp());
  sealRtcp(talker, rtcp());
  assert.equal(send(talker, rtp({ sequence: 1 })), 'exhausted');
  const room = Buffer.concat([rtcp(), Buffer.alloc(14)]);
  assert.equal(fault(talker.protectRtcp(room, rtcp().length)), 'exhausted');
});

test('no lifetime goes beyond 2^48 SRTP and 2^31 SRTCP packets', () => {
  const key = new SessionKey(SUITE, masterKey(SUITE, 1, { lifetime: 2 ** 50 }));
  key.rtpPackets = 2 ** 48 - 1;
  key.rtcpPackets = 2 ** 31 - 1;
  assert.equal(key.exhausted, false);
  key.rtcpPackets++;
  assert.equal(key.exhausted, true);
  key.rtcpPackets = 0;
  key.rtpPackets++;
  assert.equal(key.exhausted, true);
});

test('the sender goes on under its next key, and the receiver tells keys apart by MKI', () => {
  for (const suite of SUITES) {
    const keys = [
      masterKey(suite, 1, { mki: Buffer.from([0, 1]), lifetime: 3 }),
      masterKey(suite, 2, { mki: Buffer.from([0, 2]), lifetime: 3 }),
    ];
    const sender = new SrtpSender(suite, keys);
    const receiver = new SrtpReceiver(suite, keys);
    // The wrap falls into the change of keys: the rollover counter goes on.
    for (let i = 0; i < 6; i++) {
      const plain = rtp({ sequence: (65_533 + i) % 65_536 });
      const packet = sealRtp(sender, plain);
      assert.deepEqual(receiver.unprotectRtp(packet, packet.length), { ok: true, length: plain.length });
      assert.deepEqual(packet.subarray(0, plain.length), plain);
    }
    assert.equal(send(sender, rtp({ sequence: 100 })), 'exhausted');
  }
});

test('an MKI no key has is refused before any cryptography', () => {
  for (const suite of SUITES) {
    const sender = new SrtpSender(suite, [masterKey(suite, 1, { mki: Buffer.from([9]) })]);
    const receiver = new SrtpReceiver(suite, [masterKey(suite, 1, { mki: Buffer.from([8]) })]);
    const packet = sealRtp(sender, rtp({ sequence: 1 }));
    assert.equal(fault(receiver.unprotectRtp(packet, packet.length)), 'unknown-key');
    const control = sealRtcp(sender, rtcp());
    assert.equal(fault(receiver.unprotectRtcp(control, control.length)), 'unknown-key');
  }
});

test('each SSRC has its own counters, and only authentic packets take a place in the bounded table', () => {
  const options = { maxStreams: 2 };
  const sender = new SrtpSender(SUITE, [masterKey(SUITE)]);
  const stranger = new SrtpSender(SUITE, [masterKey(SUITE, 2)]);
  const receiver = new SrtpReceiver(SUITE, [masterKey(SUITE)], options);
  const open = (packet: Buffer): string => fault(receiver.unprotectRtp(packet, packet.length));
  for (let ssrc = 10; ssrc < 20; ssrc++) {
    assert.equal(open(sealRtp(stranger, rtp({ sequence: 1, ssrc }))), 'auth');
  }
  assert.equal(open(sealRtp(sender, rtp({ sequence: 65_535, ssrc: 1 }))), 'accepted');
  assert.equal(open(sealRtp(sender, rtp({ sequence: 0, ssrc: 2 }))), 'accepted');
  assert.equal(open(sealRtp(sender, rtp({ sequence: 0, ssrc: 1 }))), 'accepted');
  assert.equal(open(sealRtp(sender, rtp({ sequence: 0, ssrc: 3 }))), 'streams');
  const control = sealRtcp(sender, rtcp(3));
  assert.equal(fault(receiver.unprotectRtcp(control, control.length)), 'streams');

  const bounded = new SrtpSender(SUITE, [masterKey(SUITE)], options);
  const results = [1, 2, 3].map((ssrc) => send(bounded, rtp({ sequence: 1, ssrc })));
  assert.deepEqual(results, ['accepted', 'accepted', 'streams']);
  const room = Buffer.concat([rtcp(3), Buffer.alloc(14)]);
  assert.equal(fault(bounded.protectRtcp(room, rtcp().length)), 'streams');
});

test('keys of another suite, none, or several that no MKI tells apart are a RangeError', () => {
  const gcm = masterKey('AEAD_AES_128_GCM');
  assert.throws(() => new SrtpSender(SUITE, [gcm]), RangeError);
  assert.throws(() => new SrtpReceiver(SUITE, []), RangeError);
  assert.throws(() => createSessionKeys(SUITE, [masterKey(SUITE, 1), masterKey(SUITE, 2)]), RangeError);
  const uneven = [
    masterKey(SUITE, 1, { mki: Buffer.alloc(1) }),
    masterKey(SUITE, 2, { mki: Buffer.alloc(2) }),
  ];
  assert.throws(() => createSessionKeys(SUITE, uneven), RangeError);
});
