import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { xorshift32 } from '../codecs/noise-source.ts';
import { arrivalsOf, type NetworkFault, run } from '../testing/network.ts';
import { JitterBuffer, type JitterOptions, type Taken } from './jitter-buffer.ts';

const CAPACITY = 64;
/** Begins at the least delay, so that nothing is left to be shortened. */
const PROMPT = { jitter: { initialDelayMs: 20 } };

interface Heard {
  readonly played: number[];
  readonly surplus: number[];
  readonly kinds: Taken['kind'][];
  readonly delaysMs: number[];
  readonly buffer: JitterBuffer;
}

/** Plays a stream of 20 ms packets, each with its number inside, over a network. */
function listen(
  faults: readonly NetworkFault[],
  options: { first?: number; timestamp?: number; jitter?: Partial<JitterOptions>; quiet?: boolean } = {},
): Heard {
  const { first = 0x1fff0, timestamp = 0xfffff000, quiet = false } = options;
  const buffer = new JitterBuffer({ clockRate: 8000, capacity: CAPACITY, ...options.jitter });
  const heard: Heard = { played: [], surplus: [], kinds: [], delaysMs: [], buffer };
  const payload = Buffer.alloc(4);
  const untilMs = faults.length * 20 + 2_000;
  run(
    arrivalsOf(faults),
    { untilMs },
    {
      arrival({ n, atMs }) {
        payload.writeUInt32BE(n);
        const input = { sequence: first + n, timestamp: (timestamp + 160 * n) >>> 0, kind: 'audio' as const };
        buffer.push({ ...input, units: 160, payload }, atMs);
        assert.ok(buffer.waitingPackets <= CAPACITY);
      },
      frame(nowMs) {
        for (let turns = 0; ; turns++) {
          assert.ok(turns <= CAPACITY, 'a frame needs no more turns than there are packets');
          const taken = buffer.take(nowMs, quiet);
          heard.kinds.push(taken.kind);
          if (taken.kind !== 'packet') {
            assert.ok(taken.units > 0 && taken.units <= 160);
            return;
          }
          const n = Buffer.from(taken.packet.payload).readUInt32BE();
          if (!taken.surplus) {
            heard.played.push(n);
            heard.delaysMs.push(nowMs - 20 * n);
            return;
          }
          heard.surplus.push(n);
        }
      },
    },
  );
  return heard;
}

const fault: fc.Arbitrary<NetworkFault> = fc.record({
  lost: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  delayMs: fc.oneof(
    { weight: 6, arbitrary: fc.nat(60) },
    { weight: 1, arbitrary: fc.nat(500) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  copyAfterMs: fc.option(fc.nat(120), { nil: undefined, freq: 8 }),
});

function steady(count: number, delayMs: (n: number) => number = () => 10): NetworkFault[] {
  return Array.from({ length: count }, (_, n) => ({ lost: false, delayMs: delayMs(n) }));
}

test('loss, reorder, duplication and wrap-around: in order, each once, none that was not sent', () => {
  fc.assert(
    fc.property(fc.array(fault, { minLength: 1, maxLength: 300 }), (faults) => {
      const { played, surplus, buffer } = listen(faults);
      const taken = [...played, ...surplus].sort((a, b) => a - b);
      assert.equal(new Set(taken).size, taken.length, 'none twice');
      assert.deepEqual(
        played,
        [...played].sort((a, b) => a - b),
        'in order',
      );
      for (const n of taken) assert.ok(faults[n] && !faults[n].lost, 'none that did not arrive');
      const { counters } = buffer;
      assert.equal(buffer.waitingPackets, 0);
      assert.equal(
        counters.queued,
        counters.played + counters.surplus + counters.overflowed + counters.flushed,
      );
      const copies = faults.filter((given) => !given.lost && given.copyAfterMs !== undefined).length;
      const arrived = faults.filter((given) => !given.lost).length;
      assert.equal(counters.queued + counters.late + counters.duplicate, arrived + copies);
    }),
    { numRuns: 300 },
  );
});

test('a steady stream plays whole, nothing concealed, at no more delay than asked for', () => {
  const { played, kinds, delaysMs } = listen(steady(500), PROMPT);
  assert.equal(played.length, 500);
  assert.ok(!kinds.includes('missing') || kinds.indexOf('missing') > kinds.lastIndexOf('packet'));
  assert.ok(!kinds.includes('stretch'));
  // 10 ms of network, 20 of waiting, up to 20 to the next frame
  assert.ok(Math.max(...delaysMs) <= 50, String(Math.max(...delaysMs)));
});

test('without jitter the delay falls to the least that is allowed, one packet at a time', () => {
  const { delaysMs, surplus } = listen(steady(1_000), { quiet: true, jitter: { initialDelayMs: 100 } });
  assert.ok((delaysMs[0] ?? 0) >= 110);
  assert.ok((delaysMs.at(-1) ?? 999) <= 60, String(delaysMs.at(-1)));
  assert.ok(surplus.length >= 3 && surplus.length <= 6);
});

test('60 ms of jitter: nearly nothing is concealed once it is known', () => {
  const random = xorshift32(3);
  const { kinds, played, buffer } = listen(steady(2_000, () => random() * 60));
  const settled = kinds.slice(300, 1_900);
  const missing = settled.filter((kind) => kind === 'missing').length;
  assert.ok(missing / settled.length < 0.02, `${missing} of ${settled.length}`);
  assert.ok(buffer.targetDelayMs >= 50 && buffer.targetDelayMs <= 62);
  assert.ok(played.length > 1_960);
});

test('5 % loss: that much is concealed, and no more is lost', () => {
  const random = xorshift32(5);
  const faults = steady(2_000).map((given, n) => ({ ...given, lost: n > 0 && n < 1_999 && random() < 0.05 }));
  const lost = faults.filter((given) => given.lost).length;
  const { kinds, played, buffer } = listen(faults, PROMPT);
  assert.equal(played.length, 2_000 - lost);
  assert.equal(buffer.counters.lost, lost);
  const inside = kinds.slice(0, kinds.lastIndexOf('packet'));
  assert.equal(inside.filter((kind) => kind === 'missing').length, lost);
});

test('a network that becomes slower costs one gap, one that becomes faster a few packets', () => {
  const slower = listen(steady(800, (n) => (n < 400 ? 10 : 90)));
  const inside = slower.kinds.slice(0, slower.kinds.lastIndexOf('packet'));
  assert.ok(inside.filter((kind) => kind === 'missing' || kind === 'stretch').length <= 5);
  assert.equal(slower.played.length + slower.surplus.length, 800);
  assert.ok(slower.surplus.length <= 2);
  const faster = listen(steady(1_600, (n) => (n < 400 ? 90 : 10)));
  assert.ok(faster.surplus.length <= 6);
  assert.ok((faster.delaysMs.at(-1) ?? 999) <= 70);
});

test('a clock that runs 200 ppm fast or slow for ten minutes neither starves nor fills the buffer', () => {
  for (const ppm of [200, -200]) {
    const { delaysMs, kinds, surplus, buffer } = listen(
      steady(30_000, (n) => 200 + (n * 20 * ppm) / 1e6),
      { quiet: true },
    );
    const inside = kinds.slice(0, kinds.lastIndexOf('packet'));
    const inserted = inside.filter((kind) => kind === 'missing' || kind === 'stretch').length;
    assert.ok(inserted <= 10 && surplus.length <= 10, `${inserted} ${surplus.length}`);
    const driftMs = 200 + (30_000 * 20 * ppm) / 1e6;
    assert.ok((delaysMs.at(-1) ?? 999) - driftMs < 90);
    assert.equal(buffer.counters.overflowed, 0);
  }
});

test('a burst after a stall plays, and the delay it left is worked off', () => {
  const { delaysMs, surplus, buffer } = listen(
    steady(600, (n) => (n >= 100 && n < 115 ? (115 - n) * 20 : 10)),
  );
  assert.ok(surplus.length > 3);
  assert.ok((delaysMs.at(-1) ?? 999) <= 130);
  assert.equal(buffer.counters.overflowed, 0);
});

test('a pause of the peer is silence, not loss, and ends with the next packet', () => {
  const buffer = new JitterBuffer({ clockRate: 8000 });
  const kinds: string[] = [];
  const payload = new Uint8Array(160);
  let sequence = 70_000;
  for (let frame = 0; frame < 200; frame++) {
    // Speaks for a second, pauses for one: numbers go on, timestamps leap
    if (frame % 100 < 50) {
      buffer.push(
        { sequence: sequence++, timestamp: 160 * frame, kind: 'audio', units: 160, payload },
        frame * 20,
      );
    }
    kinds.push(buffer.take(frame * 20 + 5).kind);
  }
  assert.equal(buffer.counters.lost, 0);
  assert.equal(buffer.counters.played, 100);
  // From the last packet on it may be loss for 200 ms, then it is silence
  assert.ok(kinds.filter((kind) => kind === 'missing').length <= 20);
  assert.ok(kinds.slice(66, 100).every((kind) => kind === 'silence'));
});

test('after comfort noise nothing is missing', () => {
  const buffer = new JitterBuffer({ clockRate: 8000 });
  const kinds: string[] = [];
  const payload = new Uint8Array(160);
  for (let frame = 0; frame < 100; frame++) {
    const kind = frame === 20 ? ('comfort-noise' as const) : ('audio' as const);
    const units = kind === 'audio' ? 160 : 0;
    if (frame <= 20 || frame >= 60) {
      const sequence = 70_000 + (frame <= 20 ? frame : frame - 39);
      buffer.push({ sequence, timestamp: 160 * frame, kind, units, payload }, frame * 20);
    }
    let taken = buffer.take(frame * 20 + 5);
    while (taken.kind === 'packet' && taken.packet.units === 0) taken = buffer.take(frame * 20 + 5);
    kinds.push(taken.kind);
  }
  assert.ok(!kinds.includes('missing'));
  assert.ok(kinds.slice(25, 60).every((kind) => kind === 'silence'));
  assert.equal(kinds.at(-1), 'packet');
});

test('a new timestamp base starts anew instead of waiting for hours', () => {
  const buffer = new JitterBuffer({ clockRate: 8000 });
  const payload = new Uint8Array(160);
  let played = 0;
  for (let frame = 0; frame < 200; frame++) {
    const timestamp = frame < 100 ? 160 * frame : 2_000_000_000 + 160 * frame;
    const input = { sequence: 70_000 + frame, timestamp, kind: 'audio' as const, units: 160, payload };
    buffer.push(input, frame * 20);
    if (buffer.take(frame * 20 + 5).kind === 'packet') played++;
  }
  assert.ok(played > 190, String(played));
});

test('any packets at any time: bounded, and each frame is answered', () => {
  const input = fc.record({
    sequence: fc.oneof(fc.nat(300), fc.nat(1e9)),
    timestamp: fc.oneof(fc.nat(50_000), fc.nat(0xffffffff)),
    kind: fc.constantFrom('audio' as const, 'comfort-noise' as const, 'event' as const),
    units: fc.constantFrom(0, 1, 80, 160, 960, -1),
    payload: fc.constantFrom(new Uint8Array(0), new Uint8Array(160), new Uint8Array(2_000)),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(3_000)), { maxLength: 200 }), (packets) => {
      const buffer = new JitterBuffer({ clockRate: 8000, capacity: 16 });
      let nowMs = 0;
      for (const [given, waitedMs] of packets) {
        nowMs += waitedMs % 50 === 0 ? waitedMs : waitedMs % 50;
        const units = given.kind === 'audio' ? given.units : 0;
        buffer.push({ ...given, units }, nowMs);
        assert.ok(buffer.waitingPackets <= 16);
        const taken = buffer.take(nowMs);
        if (taken.kind === 'packet') {
          assert.ok(taken.packet.payload.length <= 1_500);
        } else {
          assert.ok(taken.units > 0 && taken.units <= 160);
        }
      }
    }),
    { numRuns: 500 },
  );
});
