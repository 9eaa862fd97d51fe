import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPcmu } from '../codecs/g711.ts';
import type { DtmfEvent } from '../dtmf/event-receiver.ts';
import { buildRtp } from '../packet/write-rtp.ts';
import { AudioSender } from '../send/audio-sender.ts';
import { inboundQuality } from '../quality/call-quality.ts';
import { sine, shareAt } from '../testing/signals.ts';
import { InboundAudio } from './inbound-audio.ts';

function pair(start = 65_500) {
  const events: DtmfEvent[] = [];
  const inbound = new InboundAudio({
    codec: createPcmu(),
    payloadType: 0,
    comfortNoiseType: 13,
    eventType: 101,
    onEvent: (event) => events.push(event),
  });
  const sender = new AudioSender({
    codec: createPcmu(),
    payloadType: 0,
    comfortNoiseType: 13,
    eventType: 101,
    ssrc: 0x1234,
    sequenceNumber: start,
    timestamp: 0xfffff000,
  });
  return { inbound, sender, events };
}

test('a call of sender and receiver: the tone, touch tones in between, nothing counted as lost', () => {
  const { inbound, sender, events } = pair();
  const sound = sine(440, 8_000, 160 * 500);
  const pcm = new Int16Array(160);
  const heard: number[] = [];
  for (let n = 0; n < 500; n++) {
    if (n === 100) for (const event of [1, 2, 11]) sender.sendTone({ event, durationMs: 100 });
    const packet = sender.send(sound.subarray(160 * n, 160 * (n + 1)));
    if (packet) inbound.receive(packet, 20 * n + 3);
    inbound.pull(20 * n + 10, pcm);
    if (n > 300) heard.push(...pcm);
  }
  assert.deepEqual(
    events.map((event) => (event.kind === 'start' ? event.digit : `${event.digit} ${event.durationMs}`)),
    ['1', '1 100', '2', '2 100', '#', '# 100'],
  );
  assert.ok(shareAt(440, Int16Array.from(heard), 8000) > 0.99);
  assert.equal(inbound.playout.buffer.counters.lost, 0);
  const quality = inboundQuality(inbound, 0);
  assert.equal(quality.loss, 0);
  assert.ok(quality.concealedShare < 0.03, String(quality.concealedShare));
  assert.ok(quality.mos > 4.2);
});

test('another SSRC after a pause is heard, though its numbers and times are elsewhere', () => {
  const { inbound, sender } = pair();
  const other = pair(1_000).sender;
  const second = new AudioSender({
    codec: createPcmu(),
    payloadType: 0,
    ssrc: 99,
    sequenceNumber: 3,
    timestamp: 2_000_000_000,
  });
  assert.equal(other.ssrc, sender.ssrc);
  const pcm = new Int16Array(160);
  const sound = sine(440, 8_000, 160);
  let voice = 0;
  for (let n = 0; n < 200; n++) {
    const packet = (n < 100 ? sender : second).send(sound);
    if (packet) inbound.receive(packet, 20 * n);
    if (inbound.pull(20 * n + 10, pcm) === 'voice' && n >= 110) voice++;
  }
  assert.equal(inbound.receiver.ssrc, 99);
  assert.ok(voice > 85, String(voice));
});

test('unknown payload types do not disturb the stream', () => {
  const { inbound } = pair();
  const packet = (payloadType: number, n: number) =>
    buildRtp({ payloadType, sequenceNumber: n, timestamp: 160 * n, ssrc: 1 }, Buffer.alloc(160));
  assert.equal(inbound.receive(packet(0, 1), 0), 'probation');
  assert.equal(inbound.receive(packet(96, 2), 10), 'unknown-payload-type');
  assert.equal(inbound.receive(packet(0, 2), 20), 'queued');
  assert.equal(inbound.receive(packet(0, 2), 21), 'duplicate');
});

test('hostile octets never throw, and each pull still gives a frame', () => {
  const octets = fc.uint8Array({ maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(octets, fc.constantFrom(0, 13, 101, 0x80 | 101, 200)), { maxLength: 60 }),
      (datagrams) => {
        const { inbound } = pair();
        const pcm = new Int16Array(160);
        datagrams.forEach(([bytes, type], n) => {
          if (bytes.length > 12) {
            bytes[0] = 0x80 | (bytes[0]! & 0x30);
            bytes[1] = type;
            // Few sources with few numbers, so that most get past probation
            bytes.set([0, n, 0, 0, bytes[6]! & 1, bytes[7]!, 0, 0, 0, 1], 2);
          }
          inbound.receive(bytes, 20 * n);
          inbound.pull(20 * n, pcm);
        });
      },
    ),
    { numRuns: 500 },
  );
});
