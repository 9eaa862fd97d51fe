import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { classifyDatagram } from './classify-datagram.ts';
import { parseRtp } from './rtp-packet.ts';
import { buildRtp, PacketRing, writeRtpHeader } from './write-rtp.ts';

const uint32 = fc.nat(0xffffffff);
const header = fc.record(
  {
    payloadType: fc.nat(127),
    sequenceNumber: fc.nat(0xffff),
    timestamp: uint32,
    ssrc: uint32,
    marker: fc.boolean(),
    csrcs: fc.array(uint32, { maxLength: 15 }),
    extension: fc.record({
      profile: fc.nat(0xffff),
      data: fc.nat(8).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
    }),
  },
  { requiredKeys: ['payloadType', 'sequenceNumber', 'timestamp', 'ssrc'] },
);

test('reads the header octet by octet (RFC 3550 §5.1)', () => {
  const bytes = Buffer.from('b2e1fffefedcba98deadbeef0000000100000002bede000110ff0000aabbcc000003', 'hex');
  const result = parseRtp(bytes);
  assert.ok(result.ok);
  const { packet } = result;
  assert.equal(packet.marker, true);
  assert.equal(packet.payloadType, 97);
  assert.equal(packet.sequenceNumber, 0xfffe);
  assert.equal(packet.timestamp, 0xfedcba98);
  assert.equal(packet.ssrc, 0xdeadbeef);
  assert.deepEqual(packet.csrcs, [1, 2]);
  assert.deepEqual(packet.extension, { profile: 0xbede, data: Buffer.from('10ff0000', 'hex') });
  assert.deepEqual(packet.payload, Buffer.from('aabbcc', 'hex'));
  assert.equal(packet.paddingBytes, 3);
});

test('what is built is parsed as it was, CSRCs, extension and padding included', () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 200 }), fc.nat(255), (given, payload, padding) => {
      const result = parseRtp(buildRtp(given, payload, padding));
      assert.ok(result.ok);
      const { packet } = result;
      assert.equal(packet.payloadType, given.payloadType);
      assert.equal(packet.sequenceNumber, given.sequenceNumber);
      assert.equal(packet.timestamp, given.timestamp);
      assert.equal(packet.ssrc, given.ssrc);
      assert.equal(packet.marker, given.marker ?? false);
      assert.deepEqual(packet.csrcs, given.csrcs ?? []);
      assert.equal(packet.extension?.profile, given.extension?.profile);
      assert.deepEqual([...(packet.extension?.data ?? [])], [...(given.extension?.data ?? [])]);
      assert.deepEqual([...packet.payload], [...payload]);
      assert.equal(packet.paddingBytes, padding);
    }),
  );
});

test('each fault has its name', () => {
  const fault = (hex: string) => {
    const result = parseRtp(Buffer.from(hex, 'hex'));
    return result.ok ? 'none' : result.fault;
  };
  const rest = '000001000000020000000003';
  assert.equal(fault(''), 'too-short');
  assert.equal(fault(`8000${rest.slice(6)}`), 'too-short');
  assert.equal(fault(`4000${rest.slice(4)}`), 'wrong-version');
  assert.equal(fault(`8100${rest.slice(4)}00`), 'truncated-csrc');
  assert.equal(fault(`9000${rest.slice(4)}bede`), 'truncated-extension');
  assert.equal(fault(`9000${rest.slice(4)}bede0001`), 'truncated-extension');
  assert.equal(fault(`a000${rest.slice(4)}00`), 'bad-padding');
  assert.equal(fault(`a000${rest.slice(4)}02`), 'bad-padding');
  assert.equal(fault(`a000${rest.slice(4)}01`), 'none');
});

test('no octets make it throw, and no view leaves them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, rtpLike) => {
      if (rtpLike && bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
      const result = parseRtp(bytes);
      if (!result.ok) return;
      const { packet } = result;
      const extension = packet.extension ? 4 + packet.extension.data.length : 0;
      const size = 12 + 4 * packet.csrcs.length + extension + packet.payload.length + packet.paddingBytes;
      assert.equal(size, bytes.length);
    }),
    { numRuns: 2_000 },
  );
});

test('the calling program learns of headers that cannot be', () => {
  const plain = { payloadType: 0, sequenceNumber: 0, timestamp: 0, ssrc: 0 };
  assert.throws(() => writeRtpHeader(Buffer.alloc(11), plain), RangeError);
  assert.throws(() => buildRtp({ ...plain, csrcs: Array(16).fill(1) }, Buffer.alloc(0)), RangeError);
  const extension = { profile: 1, data: Buffer.alloc(3) };
  assert.throws(() => buildRtp({ ...plain, extension }, Buffer.alloc(0)), RangeError);
  assert.throws(() => buildRtp(plain, Buffer.alloc(0), 256), RangeError);
});

test('a ring gives a buffer again only after all others', () => {
  const ring = new PacketRing({ slots: 3, packetBytes: 20 });
  const [first, second, third, fourth] = [ring.next(), ring.next(), ring.next(), ring.next()];
  first.fill(1);
  second.fill(2);
  third.fill(3);
  assert.deepEqual([first[19], second[0], second[19], third[0]], [1, 2, 2, 3]);
  assert.equal(fourth, first);
});

test('one port tells its protocols apart (RFC 5761 §4, RFC 7983 §7)', () => {
  const kind = (...bytes: number[]) => classifyDatagram(Uint8Array.from(bytes));
  assert.equal(kind(0x80, 0), 'rtp');
  assert.equal(kind(0x80, 0x80 | 101), 'rtp');
  assert.equal(kind(0x80, 0x80), 'rtp');
  for (const type of [200, 201, 202, 203, 204, 205, 206, 207]) assert.equal(kind(0x81, type), 'rtcp');
  assert.equal(kind(0, 1), 'stun');
  assert.equal(kind(22, 254), 'dtls');
  assert.equal(kind(), 'other');
  assert.equal(kind(0xff), 'other');
});
