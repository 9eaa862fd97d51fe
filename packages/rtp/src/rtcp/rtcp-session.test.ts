import assert from 'node:assert/strict';
import { test } from 'node:test';
import { middleOf, ntpTime, roundTripMs } from './ntp-time.ts';
import { parseRtcp } from './parse-rtcp.ts';
import { RtcpSession } from './rtcp-session.ts';

function packetsOf(bytes: Buffer) {
  const result = parseRtcp(bytes);
  assert.ok(result.ok);
  return result.packets;
}

test('the round trip of RFC 3550 figure 2', () => {
  // A 0xb710:8000, DLSR 0x0005:4000, LSR 0xb705:2000 give 0x0006:2000 = 6.125 s
  const nowMs = (0xb44db710 - 2_208_988_800) * 1000 + 500;
  const report = { lastSenderReport: 0xb7052000, delaySinceLastSenderReport: 0x00054000 };
  assert.equal(roundTripMs(nowMs, report), 6_125);
});

test('NTP time of 1970 and of a half second', () => {
  assert.deepEqual(ntpTime(500), { seconds: 2_208_988_800, fraction: 0x80000000 });
  assert.equal(middleOf(0x12345678, 0x9abcdef0), 0x56789abc);
});

test('a round trip that cannot be is not reported', () => {
  assert.equal(roundTripMs(1e12, { lastSenderReport: 0, delaySinceLastSenderReport: 5 }), undefined);
  const { seconds, fraction } = ntpTime(1e12);
  const lastSenderReport = middleOf(seconds, fraction);
  assert.equal(roundTripMs(1e12, { lastSenderReport, delaySinceLastSenderReport: 65_536 }), undefined);
  assert.equal(roundTripMs(1e12 + 100_000, { lastSenderReport, delaySinceLastSenderReport: 0 }), undefined);
});

test('two sessions measure the way between them, by reports alone', () => {
  const a = new RtcpSession({ ssrc: 1, cname: 'a' });
  const b = new RtcpSession({ ssrc: 2, cname: 'b' });
  const start = 1_780_000_000_000;
  const fromA = a.build(start, { packets: 10, octets: 1600, timestamp: 1600 }, []);
  const heard = b.receive(packetsOf(fromA), start + 30);
  assert.equal(heard.cname, 'a');
  assert.equal(heard.sender?.packetCount, 10);
  const block = {
    ssrc: 1,
    fractionLost: 3,
    cumulativeLost: 1,
    highestSequence: 9,
    jitter: 4,
    ...b.lastReportOf(1, start + 2_030),
  };
  const fromB = b.build(start + 2_030, { packets: 0, octets: 0, timestamp: 0 }, [block]);
  assert.equal(packetsOf(fromB)[0]?.kind, 'receiver-report');
  const answer = a.receive(packetsOf(fromB), start + 2_080);
  assert.ok(Math.abs((answer.roundTripMs ?? 0) - 80) < 0.1);
  assert.equal(answer.aboutUs?.fractionLost, 3);
});

test('a sender report only if something was sent since the last (RFC 3550 §6.4)', () => {
  const session = new RtcpSession({ ssrc: 1, cname: 'a' });
  const kind = (packets: number) =>
    packetsOf(session.build(0, { packets, octets: 0, timestamp: 0 }, []))[0]?.kind;
  assert.deepEqual(
    [kind(0), kind(5), kind(5), kind(6)],
    ['receiver-report', 'sender-report', 'receiver-report', 'sender-report'],
  );
});

test('BYE stands behind a report and the CNAME, and is heard', () => {
  const bytes = new RtcpSession({ ssrc: 7, cname: 'x' }).buildBye(
    0,
    { packets: 0, octets: 0, timestamp: 0 },
    [],
    'done',
  );
  const packets = packetsOf(bytes);
  assert.deepEqual(
    packets.map((packet) => packet.kind),
    ['receiver-report', 'sdes', 'bye'],
  );
  assert.equal(new RtcpSession({ ssrc: 8, cname: 'y' }).receive(packets, 0).bye, true);
});
