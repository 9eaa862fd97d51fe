import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DtmfEvent, EventReceiver } from './event-receiver.ts';
import { type EventPacket, EventSender, type ToneRequest } from './event-sender.ts';
import { digitOfEvent, eventOfDigit, parseTelephoneEvents, writeTelephoneEvent } from './telephone-event.ts';

interface Sent {
  readonly packet: EventPacket;
  readonly atMs: number;
}

function sendAll(requests: readonly ToneRequest[], firstTimestamp = 0xfffffc00): Sent[] {
  const sender = new EventSender({ clockRate: 8000 });
  for (const request of requests) sender.enqueue(request);
  const sent: Sent[] = [];
  for (let frame = 0; frame < 3_000 && sender.busy; frame++) {
    const packet = sender.next((firstTimestamp + 160 * frame) >>> 0);
    if (packet) sent.push({ packet, atMs: 20 * frame });
  }
  return sent;
}

function receiveAll(sent: readonly Sent[]): DtmfEvent[] {
  const events: DtmfEvent[] = [];
  const receiver = new EventReceiver({ clockRate: 8000, onEvent: (event) => events.push(event) });
  const lastMs = sent.at(-1)?.atMs ?? 0;
  let next = 0;
  for (let nowMs = 0; nowMs <= lastMs + 400; nowMs += 20) {
    for (; (sent[next]?.atMs ?? Infinity) <= nowMs; next++) {
      const { timestamp, event } = sent[next]!.packet;
      const payload = new Uint8Array(4);
      writeTelephoneEvent(payload, 0, event);
      receiver.receive({ timestamp, payload }, nowMs);
    }
    receiver.tick(nowMs);
  }
  return events;
}

function brief(events: readonly DtmfEvent[]): string[] {
  return events.map((event) => (event.kind === 'start' ? `${event.digit}` : `${event.digit}:${event.cause}`));
}

test('the payload of RFC 4733 §2.3 and its digits', () => {
  const events = parseTelephoneEvents(Uint8Array.of(11, 0x8a, 0x03, 0x20, 99));
  assert.deepEqual(events, [{ event: 11, end: true, volume: 10, duration: 800 }]);
  assert.deepEqual(['0', '*', '#', 'a', 'D'].map(eventOfDigit), [0, 10, 11, 12, 15]);
  assert.deepEqual(['', 'X', '12'].map(eventOfDigit), [undefined, undefined, undefined]);
  assert.equal(digitOfEvent(16), undefined);
});

test('a tone: marker first, growing durations, three ends (§2.5.1)', () => {
  const sent = sendAll([{ event: 5, durationMs: 70 }]);
  assert.deepEqual(
    sent.map(({ packet }) => [packet.marker, packet.event.end, packet.event.duration]),
    [
      [true, false, 160],
      [false, false, 320],
      [false, false, 480],
      [false, true, 560],
      [false, true, 560],
      [false, true, 560],
    ],
  );
  assert.equal(new Set(sent.map(({ packet }) => packet.timestamp)).size, 1);
});

test('two tones have a pause and timestamps of their own', () => {
  const sent = sendAll([
    { event: 7, durationMs: 40 },
    { event: 7, durationMs: 40 },
  ]);
  const second = sent.findIndex(({ packet }, i) => i > 0 && packet.marker);
  assert.ok(sent[second]!.atMs - sent[second - 1]!.atMs >= 80);
  assert.deepEqual(brief(receiveAll(sent)), ['7', '7:signalled', '7', '7:signalled']);
});

test('a tone of 20 s goes in segments and is one tone at the other end (§2.5.1.3)', () => {
  const sent = sendAll([{ event: 3, durationMs: 20_000 }]);
  assert.ok(sent.every(({ packet }) => packet.event.duration <= 0xffff));
  assert.equal(new Set(sent.map(({ packet }) => packet.timestamp)).size, 3);
  assert.equal(sent.filter(({ packet }) => packet.marker).length, 1);
  const events = receiveAll(sent);
  assert.deepEqual(brief(events), ['3', '3:signalled']);
  const [, end] = events;
  assert.ok(end?.kind === 'end' && end.durationMs === 20_000);
});

test('cancelling ends the running tone properly and forgets the others', () => {
  const sender = new EventSender({ clockRate: 8000 });
  sender.enqueue({ event: 1, durationMs: 5_000 });
  sender.enqueue({ event: 2, durationMs: 100 });
  const packets: EventPacket[] = [];
  for (let frame = 0; frame < 50; frame++) {
    if (frame === 10) sender.cancel();
    const packet = sender.next(160 * frame);
    if (packet) packets.push(packet);
  }
  assert.equal(packets.length, 13);
  assert.equal(packets.filter((packet) => packet.event.end).length, 3);
  assert.ok(packets.every((packet) => packet.event.event === 1));
});

test('any one packet of each tone is enough: each digit once, in order', () => {
  const digits = fc.array(fc.nat(15), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      digits,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (events, chance) => {
        const sent = sendAll(events.map((event) => ({ event, durationMs: 100 })));
        const byTone = Map.groupBy(sent, ({ packet }) => packet.timestamp);
        const kept: Sent[] = [];
        for (const packets of byTone.values()) {
          const spared = Math.floor(chance.next().value * packets.length);
          packets.forEach((packet, i) => {
            const luck = chance.next().value;
            if (i !== spared && luck < 0.6) return;
            kept.push(packet);
            if (luck > 0.8) kept.push(packet);
          });
        }
        const heard = receiveAll(kept);
        const starts = heard.filter((event) => event.kind === 'start').map((event) => event.event);
        assert.deepEqual(starts, events);
        heard.forEach((event, i) => assert.equal(event.kind, i % 2 === 0 ? 'start' : 'end'));
      },
    ),
  );
});

test('late packets of a tone that is over are no new tone', () => {
  const sent = sendAll([
    { event: 1, durationMs: 60 },
    { event: 2, durationMs: 60 },
  ]);
  const late = sent.slice(0, 5).map((given) => ({ ...given, atMs: sent.at(-1)!.atMs + 20 }));
  assert.deepEqual(brief(receiveAll([...sent, ...late])), ['1', '1:signalled', '2', '2:signalled']);
});

test('lost ends are noticed by the next tone or by time', () => {
  const sent = sendAll([
    { event: 1, durationMs: 60 },
    { event: 2, durationMs: 60 },
  ]).filter(({ packet }) => !packet.event.end);
  assert.deepEqual(brief(receiveAll(sent)), ['1', '1:next-event', '2', '2:timeout']);
});

test('no payload makes it throw, and starts and ends alternate', () => {
  const packet = fc.tuple(fc.oneof(fc.nat(2_000), fc.nat(0xffffffff)), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(packet), (packets) => {
      const kinds: string[] = [];
      const receiver = new EventReceiver({ clockRate: 8000, onEvent: (event) => kinds.push(event.kind) });
      packets.forEach(([timestamp, payload], n) => {
        receiver.receive({ timestamp, payload }, 20 * n);
        receiver.tick(20 * n);
      });
      kinds.forEach((kind, i) => assert.equal(kind, i % 2 === 0 ? 'start' : 'end'));
    }),
  );
});
