import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRtp } from '../packet/rtp-packet.ts';
import { buildRtp } from '../packet/write-rtp.ts';
import { RtpReceiver } from './rtp-receiver.ts';

function packet(ssrc: number, n: number) {
  const header = { payloadType: 0, sequenceNumber: n & 0xffff, timestamp: 160 * n, ssrc };
  const result = parseRtp(buildRtp(header, Buffer.alloc(160)));
  assert.ok(result.ok);
  return result.packet;
}

test('a source is heard after probation, and a report tells of it', () => {
  const receiver = new RtpReceiver({ clockRate: 8000 });
  const none = { lastSenderReport: 0, delaySinceLastSenderReport: 0 };
  assert.deepEqual(receiver.receive(packet(1, 0), 0), { kind: 'ignored', reason: 'probation' });
  assert.equal(receiver.takeReport(none), undefined);
  assert.deepEqual(receiver.receive(packet(1, 1), 20), { kind: 'media', extended: 0x10001, restarted: true });
  assert.deepEqual(receiver.receive(packet(1, 2), 40), {
    kind: 'media',
    extended: 0x10002,
    restarted: false,
  });
  const report = receiver.takeReport(none);
  assert.equal(report?.ssrc, 1);
  assert.equal(report?.highestSequence, 2);
});

test('a second speaker takes over only when the first has fallen silent', () => {
  const receiver = new RtpReceiver({ clockRate: 8000 });
  for (let n = 0; n < 5; n++) receiver.receive(packet(1, n), 20 * n);
  const reasons: string[] = [];
  for (let n = 5; n < 10; n++) {
    receiver.receive(packet(1, n), 20 * n);
    const reception = receiver.receive(packet(2, n), 20 * n);
    reasons.push(reception.kind === 'ignored' ? reception.reason : 'media');
  }
  assert.deepEqual(reasons, ['probation', 'other-source', 'other-source', 'other-source', 'other-source']);
  // The first stops at 180 ms
  for (let n = 10; n < 14; n++) {
    const reception = receiver.receive(packet(2, n), 20 * n);
    reasons.push(reception.kind === 'ignored' ? reception.reason : `media ${reception.restarted}`);
  }
  assert.deepEqual(reasons.slice(5), ['other-source', 'other-source', 'media true', 'media false']);
  assert.equal(receiver.ssrc, 2);
  assert.equal(receiver.sourceChanges, 1);
});

test('our own stream coming back is a loop (RFC 3550 §8.2)', () => {
  const receiver = new RtpReceiver({ clockRate: 8000, ownSsrc: 9 });
  assert.deepEqual(receiver.receive(packet(9, 0), 0), { kind: 'ignored', reason: 'loop' });
});

test('thousands of sources cost the memory of two', () => {
  const receiver = new RtpReceiver({ clockRate: 8000 });
  for (let n = 0; n < 2_000; n++) receiver.receive(packet(n + 1, n * 7), n);
  assert.equal(receiver.ssrc, undefined);
});
