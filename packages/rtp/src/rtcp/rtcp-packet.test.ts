import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRtcp } from './parse-rtcp.ts';
import type { ReportBlock, RtcpPacket } from './rtcp-packet.ts';
import { buildRtcp } from './write-rtcp.ts';

const uint32 = fc.nat(0xffffffff);
const block: fc.Arbitrary<ReportBlock> = fc.record({
  ssrc: uint32,
  fractionLost: fc.nat(255),
  cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
  highestSequence: uint32,
  jitter: uint32,
  lastSenderReport: uint32,
  delaySinceLastSenderReport: uint32,
});
const reports = fc.array(block, { maxLength: 4 });
const words = fc.nat(5).chain((n) => fc.uint8Array({ minLength: 4 * n, maxLength: 4 * n }));
const report: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({
    kind: fc.constant('sender-report' as const),
    ssrc: uint32,
    sender: fc.record({
      ntpSeconds: uint32,
      ntpFraction: uint32,
      rtpTimestamp: uint32,
      packetCount: uint32,
      octetCount: uint32,
    }),
    reports,
  }),
  fc.record({ kind: fc.constant('receiver-report' as const), ssrc: uint32, reports }),
);
const text = fc.string({ maxLength: 60 });
const other: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({
    kind: fc.constant('sdes' as const),
    chunks: fc.array(
      fc.record({
        ssrc: uint32,
        items: fc.array(fc.record({ type: fc.integer({ min: 1, max: 8 }), text }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record(
    { kind: fc.constant('bye' as const), ssrcs: fc.array(uint32, { maxLength: 3 }), reason: text },
    { requiredKeys: ['kind', 'ssrcs'] },
  ),
  fc.record({
    kind: fc.constant('app' as const),
    subtype: fc.nat(31),
    ssrc: uint32,
    name: fc.constant('TRNC'),
    data: words,
  }),
  fc.record({
    kind: fc.constant('other' as const),
    packetType: fc.constantFrom(205, 206, 207),
    count: fc.nat(31),
    body: words,
  }),
);

function plain(packets: readonly RtcpPacket[]): unknown {
  return JSON.parse(
    JSON.stringify(packets, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)),
  );
}

/** Buffer has a toJSON of its own, which the replacer would see first. */
function withoutBuffers(packets: readonly RtcpPacket[]): RtcpPacket[] {
  return packets.map((packet) => {
    if (packet.kind === 'app') return { ...packet, data: Uint8Array.from(packet.data) };
    return packet.kind === 'other' ? { ...packet, body: Uint8Array.from(packet.body) } : packet;
  });
}

test('what is built is parsed as it was', () => {
  fc.assert(
    fc.property(report, fc.array(other, { maxLength: 4 }), (first, rest) => {
      const result = parseRtcp(buildRtcp([first, ...rest]));
      assert.ok(result.ok);
      assert.deepEqual(plain(withoutBuffers(result.packets)), plain([first, ...rest]));
    }),
  );
});

test('a receiver report with CNAME, octet by octet (RFC 3550 §6.4.2, §6.5)', () => {
  const octets = Buffer.from(
    '81c90007000000010000000240ffffff0001000500000010000000000000000081ca0003000000010104614062630000',
    'hex',
  );
  const result = parseRtcp(octets);
  assert.ok(result.ok);
  const [first, second] = result.packets;
  assert.ok(first?.kind === 'receiver-report' && second?.kind === 'sdes');
  assert.equal(first.reports[0]?.fractionLost, 64);
  assert.equal(first.reports[0]?.cumulativeLost, -1);
  assert.equal(first.reports[0]?.highestSequence, 0x10005);
  assert.deepEqual(second.chunks, [{ ssrc: 1, items: [{ type: 1, text: 'a@bc' }] }]);
  assert.deepEqual(buildRtcp(result.packets), octets);
});

test('datagrams that A.2 refuses', () => {
  const fault = (hex: string, reducedSize = false) => {
    const result = parseRtcp(Buffer.from(hex, 'hex'), { reducedSize });
    return result.ok ? 'none' : result.fault;
  };
  assert.equal(fault('80c90001'), 'too-short');
  assert.equal(fault('80cb000100000001'), 'not-compound');
  assert.equal(fault('81cb000100000001', true), 'none');
  assert.equal(fault('40c9000100000001'), 'wrong-version');
  assert.equal(fault('80c9000200000001'), 'bad-length');
  assert.equal(fault('81c9000100000001'), 'malformed');
  assert.equal(fault('a0c9000100000008'), 'bad-padding');
  assert.equal(fault('80c900010000000180c900'), 'bad-length');
  assert.equal(fault('80c900010000000181ca000200000001014061ff'), 'malformed');
  // Padding in a packet that is not the last
  assert.equal(fault('a0c90002000000010000000480c9000100000001'), 'bad-padding');
  assert.equal(fault('a0c900020000000100000004'), 'none');
});

test('no octets make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 160 }), fc.boolean(), (bytes, reducedSize) => {
      parseRtcp(bytes, { reducedSize });
    }),
  );
  // Valid datagrams with one octet changed get further
  fc.assert(
    fc.property(
      report,
      fc.array(other, { maxLength: 3 }),
      fc.nat(),
      fc.nat(255),
      (first, rest, at, value) => {
        const bytes = buildRtcp([first, ...rest]);
        bytes[at % bytes.length] = value;
        parseRtcp(bytes);
      },
    ),
  );
});
