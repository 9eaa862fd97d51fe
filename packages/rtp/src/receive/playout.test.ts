import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPcmu } from '../codecs/g711.ts';
import { createG722 } from '../codecs/g722.ts';
import { writeComfortNoise } from '../codecs/comfort-noise.ts';
import { xorshift32 } from '../codecs/noise-source.ts';
import { arrivalsOf, type NetworkFault, run } from '../testing/network.ts';
import { shareAt, sine } from '../testing/signals.ts';
import { type FrameKind, Playout } from './playout.ts';

/** A steady tone in G.711 over a network, in packets of `packetMs`. */
function hear(faults: readonly NetworkFault[], hz = 400, packetMs = 20) {
  const codec = createPcmu();
  const playout = new Playout({ codec });
  const packetSamples = packetMs * 8;
  const sound = sine(hz, 8_000, faults.length * packetSamples);
  const payload = new Uint8Array(packetSamples);
  const frames: { readonly kind: FrameKind; readonly pcm: Int16Array }[] = [];
  run(
    arrivalsOf(faults, packetMs),
    { untilMs: faults.length * packetMs + 1_000 },
    {
      arrival({ n, atMs }) {
        codec.encode(sound.subarray(n * packetSamples, (n + 1) * packetSamples), payload);
        playout.push({ sequence: 70_000 + n, timestamp: packetSamples * n, payload }, 'audio', atMs);
      },
      frame(nowMs) {
        const pcm = new Int16Array(160);
        frames.push({ kind: playout.pull(nowMs, pcm), pcm });
      },
    },
  );
  return { frames, playout };
}

function steady(count: number): NetworkFault[] {
  return Array.from({ length: count }, () => ({ lost: false, delayMs: 10 }));
}

function joined(frames: readonly { readonly pcm: Int16Array }[]): Int16Array {
  return Int16Array.from(frames.flatMap((frame) => [...frame.pcm]));
}

test('packets of 10, 20, 30, 40 and 60 ms all give whole frames of 20 ms', () => {
  for (const packetMs of [10, 20, 30, 40, 60]) {
    const { frames } = hear(steady(1_200 / packetMs), 400, packetMs);
    const from = frames.findIndex((frame) => frame.kind === 'voice') + 6;
    const body = frames.slice(from, from + 45);
    assert.ok(
      body.every((frame) => frame.kind === 'voice'),
      `${packetMs} ms`,
    );
    assert.ok(shareAt(400, joined(body), 8000) > 0.99, `${packetMs} ms`);
  }
});

test('5 % loss and 60 ms jitter: the tone stays, without a gap of 40 ms', () => {
  const random = xorshift32(11);
  const faults = steady(1_000).map(() => ({ lost: random() < 0.05, delayMs: random() * 60 }));
  const { frames, playout } = hear(faults);
  const body = frames.slice(60, 950);
  const concealed = body.filter((frame) => frame.kind === 'concealed').length / body.length;
  assert.ok(concealed > 0.03 && concealed < 0.09, String(concealed));
  let quiet = 0;
  for (const { pcm } of body) {
    const loudest = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    quiet = loudest < 800 ? quiet + 1 : 0;
    assert.ok(quiet < 2, 'no gap of 40 ms');
  }
  assert.ok(shareAt(400, joined(body.slice(0, 10)), 8000) > 0.5);
  assert.equal(playout.frames.voice + playout.frames.concealed + playout.frames.silence, frames.length);
});

test('joints of lost and played sound do not click', () => {
  const faults = steady(200).map((given, n) => ({ ...given, lost: n > 20 && n % 10 === 0 }));
  const { frames } = hear(faults, 125);
  const sound = joined(frames.slice(10, 190));
  const steepest = (2 * Math.PI * 125 * 8_000) / 8_000;
  for (let i = 1; i < sound.length; i++) {
    const step = Math.abs((sound[i] ?? 0) - (sound[i - 1] ?? 0));
    assert.ok(step < 4 * steepest, `${step} at ${i}`);
  }
});

test('comfort noise sounds at its level until speech returns', () => {
  const playout = new Playout({ codec: createPcmu() });
  const noise = new Uint8Array(1);
  writeComfortNoise({ level: 40, reflection: [] }, noise);
  playout.push({ sequence: 70_000, timestamp: 0, payload: new Uint8Array(160) }, 'audio', 0);
  playout.push({ sequence: 70_001, timestamp: 160, payload: noise }, 'comfort-noise', 20);
  const pcm = new Int16Array(160);
  const kinds: FrameKind[] = [];
  for (let nowMs = 0; nowMs < 1_000; nowMs += 20) kinds.push(playout.pull(nowMs, pcm));
  assert.equal(kinds.at(-1), 'comfort-noise');
  const rms = Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / 160);
  assert.ok(Math.abs(20 * Math.log10(rms / 32_768) + 40) < 2);
  assert.ok(!kinds.includes('concealed'));
});

test('G.722 plays 320 samples of its 160 units', () => {
  const codec = createG722();
  const playout = new Playout({ codec });
  const sound = sine(1_000, 8_000, 320 * 60, 16_000);
  const heard: number[] = [];
  const payload = new Uint8Array(160);
  const pcm = new Int16Array(playout.samplesPerFrame);
  for (let n = 0; n < 60; n++) {
    codec.encode(sound.subarray(320 * n, 320 * (n + 1)), payload);
    playout.push({ sequence: 70_000 + n, timestamp: 160 * n, payload }, 'audio', 20 * n);
    playout.pull(20 * n + 5, pcm);
    if (n > 20) heard.push(...pcm);
  }
  assert.equal(pcm.length, 320);
  assert.ok(shareAt(1_000, Int16Array.from(heard), 16_000) > 0.99);
  assert.equal(playout.frames.concealed, 0);
});

test('each pull fills exactly one frame, whatever was pushed', () => {
  const step = fc.record({
    sequence: fc.integer({ min: 70_000, max: 70_200 }),
    timestamp: fc.oneof(fc.nat(32_000), fc.nat(0xffffffff)),
    size: fc.oneof(fc.constant(160), fc.nat(1_400)),
    kind: fc.constantFrom('audio' as const, 'comfort-noise' as const, 'event' as const),
    pulls: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.boolean(), (steps, wide) => {
      const playout = new Playout({ codec: wide ? createG722() : createPcmu() });
      const pcm = new Int16Array(playout.samplesPerFrame);
      let nowMs = 0;
      for (const { sequence, timestamp, size, kind, pulls } of steps) {
        playout.push({ sequence, timestamp, payload: new Uint8Array(size) }, kind, nowMs);
        for (let i = 0; i < pulls; i++) playout.pull((nowMs += 20), pcm);
      }
      const total = Object.values(playout.frames).reduce((sum: number, count: number) => sum + count, 0);
      assert.equal(total, nowMs / 20);
    }),
    { numRuns: 300 },
  );
});
