import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPcmu } from '../codecs/g711.ts';
import { createG722 } from '../codecs/g722.ts';
import { parseRtp } from '../packet/rtp-packet.ts';
import { sine } from '../testing/signals.ts';
import { AudioSender, type AudioSenderOptions } from './audio-sender.ts';
import { LevelSuppressor } from './silence-suppressor.ts';

const SPEECH = sine(300, 8_000, 160);
const SILENCE = new Int16Array(160);

function sender(options: Partial<AudioSenderOptions> = {}) {
  return new AudioSender({
    codec: createPcmu(),
    payloadType: 0,
    ssrc: 0xcafe,
    sequenceNumber: 0xffff,
    timestamp: 0xffffff80,
    ...options,
  });
}

function parsed(bytes: Buffer | undefined) {
  assert.ok(bytes);
  const result = parseRtp(bytes);
  assert.ok(result.ok);
  return result.packet;
}

test('numbers and times go on over the wrap-around; the marker stands on the first packet alone', () => {
  const stream = sender();
  const packets = [0, 1, 2].map(() => {
    const { sequenceNumber, timestamp, marker, ssrc, payload } = parsed(stream.send(SPEECH));
    return [sequenceNumber, timestamp, marker, ssrc, payload.length];
  });
  assert.deepEqual(packets, [
    [0xffff, 0xffffff80, true, 0xcafe, 160],
    [0, 0x20, false, 0xcafe, 160],
    [1, 0xc0, false, 0xcafe, 160],
  ]);
  assert.deepEqual(stream.sent, { packets: 3, octets: 480, timestamp: 0x160 });
});

test('frames that are not sent move the clock and not the number; the next packet is marked', () => {
  const stream = sender({ timestamp: 0 });
  stream.send(SPEECH);
  assert.equal(stream.send(undefined), undefined);
  const packet = parsed(stream.send(SPEECH));
  assert.deepEqual([packet.sequenceNumber, packet.timestamp, packet.marker], [0, 320, true]);
});

test('G.722 moves by 160 units a frame', () => {
  const stream = sender({ codec: createG722(), payloadType: 9, timestamp: 0 });
  stream.send(new Int16Array(320));
  const packet = parsed(stream.send(new Int16Array(320)));
  assert.deepEqual([packet.timestamp, packet.payload.length], [160, 160]);
});

test('silence: noise is described once, then nothing until speech, which is marked', () => {
  const stream = sender({ comfortNoiseType: 13, silence: new LevelSuppressor(), timestamp: 0 });
  const types: (number | undefined)[] = [];
  for (let n = 0; n < 120; n++) {
    const bytes = stream.send(n < 20 || n >= 110 ? SPEECH : SILENCE);
    types.push(bytes && parsed(bytes).payloadType);
    if (n === 110) assert.equal(parsed(bytes).marker, true);
  }
  // Ten frames of hangover, then one packet each second
  assert.deepEqual(types.slice(29, 33), [0, 13, undefined, undefined]);
  assert.equal(types.filter((type) => type === 13).length, 2);
  assert.equal(types[110], 0);
});

test('no comfort noise type, no suppression', () => {
  const stream = sender({ silence: new LevelSuppressor() });
  for (let n = 0; n < 50; n++) assert.ok(stream.send(SILENCE));
});

test('a tone takes the place of sound: its timestamp stands, numbers go on, sound is marked after it', () => {
  const stream = sender({ eventType: 101, timestamp: 0, sequenceNumber: 0 });
  stream.send(SPEECH);
  assert.equal(stream.sendTone({ event: 5, durationMs: 60 }), true);
  const rows = Array.from({ length: 6 }, () => {
    const { payloadType, marker, timestamp, sequenceNumber, payload } = parsed(stream.send(SPEECH));
    const event = payloadType === 101 ? Buffer.from(payload).toString('hex') : '';
    return [payloadType, marker, timestamp, sequenceNumber, event];
  });
  assert.deepEqual(rows, [
    [101, true, 160, 1, '050a00a0'],
    [101, false, 160, 2, '050a0140'],
    [101, false, 160, 3, '058a01e0'],
    [101, false, 160, 4, '058a01e0'],
    [101, false, 160, 5, '058a01e0'],
    [0, true, 960, 6, ''],
  ]);
});

test('without an agreed event type the caller learns that it must send sound', () => {
  assert.equal(sender().sendTone({ event: 1, durationMs: 100 }), false);
});

test('packets are protected in the buffer they were made in, or not sent', () => {
  const stream = sender({
    seal: (packet, length) => {
      if (length < 100) return undefined;
      packet.fill(0xee, length, length + 10);
      return length + 10;
    },
  });
  const packet = stream.send(SPEECH);
  assert.equal(packet?.length, 182);
  assert.equal(packet?.[181], 0xee);
  assert.equal(stream.send(new Int16Array(8)), undefined);
  assert.equal(stream.sent.packets, 1);
});
