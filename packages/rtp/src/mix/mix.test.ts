import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GAIN_STEP, gainFromDb, GainRamp, MAX_GAIN } from './gain-ramp.ts';
import { interleaveStereo } from './interleave-stereo.ts';
import { LevelMeter, SILENCE_DBFS } from './level-meter.ts';
import { Mixer, softLimit, type MixLimit } from './mixer.ts';

const FRAME = 160;

const frame = fc.int16Array({ minLength: FRAME, maxLength: FRAME });
const gain = fc.double({ min: 0, max: MAX_GAIN, noNaN: true });
const limit = fc.constantFrom<MixLimit>('hard', 'soft');

interface Stream {
  readonly samples: Int16Array;
  readonly from: number;
  readonly to: number;
  readonly over: number;
}

const stream: fc.Arbitrary<Stream> = fc.record({ samples: frame, from: gain, to: gain, over: fc.nat(300) });

function mix(streams: readonly Stream[], limit: MixLimit): Int16Array {
  const mixer = new Mixer(FRAME, limit);
  for (const { samples, from, to, over } of streams) {
    const ramp = new GainRamp(from);
    ramp.rampTo(to, over);
    mixer.add(samples, ramp);
  }
  const output = new Int16Array(FRAME);
  mixer.mixTo(output);
  return output;
}

/** Keys to sort by: any order of the streams. */
const shuffled = fc.array(fc.tuple(stream, fc.nat()), { maxLength: 12 }).map((pairs) => ({
  plain: pairs.map(([stream]) => stream),
  other: [...pairs].sort((a, b) => a[1] - b[1]).map(([stream]) => stream),
}));

test('the order of the streams changes no bit of the mix', () => {
  fc.assert(
    fc.property(shuffled, limit, ({ plain, other }, limit) => {
      assert.deepEqual(mix(other, limit), mix(plain, limit));
    }),
  );
});

test('a mix is the exact sum, cut at full scale and never wrapped', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
      const mixer = new Mixer(FRAME, 'hard');
      for (const samples of frames) mixer.add(samples);
      const output = new Int16Array(FRAME + 2).fill(9);
      mixer.mixTo(output);
      for (let i = 0; i < FRAME; i++) {
        const sum = frames.reduce((total, samples) => total + samples[i]!, 0);
        assert.equal(output[i], Math.max(-32_768, Math.min(32_767, sum)));
      }
      assert.deepEqual([...output.subarray(FRAME)], [9, 9]);
    }),
  );
});

test('the soft limit keeps sign and order, is exact below the knee and never reaches beyond full scale', () => {
  const sample = fc.integer({ min: -40_000_000, max: 40_000_000 });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const bent = softLimit(a);
      assert.ok(Math.abs(bent) <= 32_767);
      assert.ok(Math.abs(bent) <= Math.abs(a));
      assert.equal(Math.sign(bent), Math.sign(a));
      assert.equal(softLimit(a) <= softLimit(b), a <= b || softLimit(a) === softLimit(b));
      if (Math.abs(a) <= 24_576) assert.equal(bent, a);
      assert.equal(softLimit(-a), bent === 0 ? -a : -bent);
    }),
  );
  assert.ok(Math.abs(softLimit(24_577) - 24_577) < 0.001);
});

test('one stream under the knee comes out as it went in, and the next frame starts with silence', () => {
  const mixer = new Mixer(FRAME);
  const samples = Int16Array.from({ length: FRAME }, (_, i) => 20_000 * Math.sin(i / 5));
  const output = new Int16Array(FRAME);
  mixer.add(samples);
  mixer.mixTo(output);
  assert.deepEqual(output, samples);
  mixer.mixTo(output);
  assert.deepEqual(output, new Int16Array(FRAME));
});

test('a short frame ends in silence; what does not fit is a RangeError', () => {
  const mixer = new Mixer(FRAME);
  mixer.add(new Int16Array(10).fill(5));
  const output = new Int16Array(FRAME);
  mixer.mixTo(output);
  assert.deepEqual([output[9], output[10]], [5, 0]);
  assert.throws(() => mixer.add(new Int16Array(FRAME + 1)), RangeError);
  assert.throws(() => mixer.mixTo(new Int16Array(FRAME - 1)), RangeError);
});

test('a gain ramp has no step larger than its slope, also when it is turned round half-way', () => {
  const turns = fc.array(
    fc.record({ to: gain, over: fc.integer({ min: 1, max: 500 }), after: fc.integer({ min: 1, max: 600 }) }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(gain, turns, (start, turns) => {
      const ramp = new GainRamp(start);
      for (const { to, over, after } of turns) {
        const slope = Math.abs(to - ramp.gain) / over;
        ramp.rampTo(to, over);
        for (let i = 0; i < after; i++) {
          const before = ramp.gain;
          const step = Math.abs(ramp.next() - before);
          assert.ok(step <= slope + 2 * GAIN_STEP, `${step} over ${slope}`);
          assert.ok(Number.isInteger(ramp.gain / GAIN_STEP));
        }
        assert.equal(ramp.settled, after >= over);
        if (after >= over) assert.ok(Math.abs(ramp.gain - to) <= GAIN_STEP / 2);
      }
    }),
  );
});

test('a ramp goes on across frames, moves under a silent stream and jumps only when told to', () => {
  const mixer = new Mixer(FRAME, 'hard');
  const ramp = new GainRamp(0);
  ramp.rampTo(1, 2 * FRAME);
  const output = new Int16Array(FRAME);
  mixer.add(new Int16Array(0), ramp);
  mixer.mixTo(output);
  assert.equal(ramp.gain, 0.5);
  mixer.add(new Int16Array(FRAME).fill(1000), ramp);
  mixer.mixTo(output);
  assert.deepEqual([output[0], output[FRAME - 1], ramp.settled], [503, 1000, true]);
  ramp.rampTo(gainFromDb(-6.0206), 0);
  assert.ok(Math.abs(ramp.next() - 0.5) < GAIN_STEP);
  assert.deepEqual([new GainRamp(100).gain, new GainRamp(-1).gain, gainFromDb(-100)], [MAX_GAIN, 0, 0]);
});

test('levels read as RFC 6464 counts them', () => {
  const meter = new LevelMeter();
  assert.deepEqual(meter.take(), { rmsDbfs: SILENCE_DBFS, peakDbfs: SILENCE_DBFS });
  meter.add(Int16Array.from({ length: 8000 }, (_, i) => (i % 8 < 4 ? 32_767 : -32_768)));
  const square = meter.take();
  assert.ok(Math.abs(square.rmsDbfs) < 0.001);
  assert.equal(square.peakDbfs, 0);
  for (let at = 0; at < 8000; at += FRAME) {
    meter.add(Int16Array.from({ length: FRAME }, (_, i) => 3276.8 * Math.sin((2 * Math.PI * (at + i)) / 80)));
  }
  const sine = meter.take();
  assert.ok(Math.abs(sine.rmsDbfs + 23.01) < 0.01);
  assert.ok(Math.abs(sine.peakDbfs + 20) < 0.01);
  meter.add(new Int16Array(FRAME));
  assert.deepEqual(meter.take(), { rmsDbfs: SILENCE_DBFS, peakDbfs: SILENCE_DBFS });
});

test('stereo has the caller left and the agent right, sample by sample; an absent one is silence', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.constantFrom('both', 'left', 'right'), (length, present) => {
      const left = present === 'right' ? undefined : Int16Array.from({ length }, (_, i) => i + 1);
      const right = present === 'left' ? undefined : Int16Array.from({ length }, (_, i) => -i - 1);
      const output = new Int16Array(2 * length + 1).fill(77);
      assert.equal(interleaveStereo(left, right, output), 2 * length);
      for (let i = 0; i < length; i++) {
        assert.deepEqual([output[2 * i], output[2 * i + 1]], [left?.[i] ?? 0, right?.[i] ?? 0]);
      }
      assert.equal(output[2 * length], 77);
    }),
  );
  assert.equal(interleaveStereo(undefined, undefined, new Int16Array(0)), 0);
  assert.throws(() => interleaveStereo(new Int16Array(2), new Int16Array(3), new Int16Array(6)), RangeError);
  assert.throws(() => interleaveStereo(new Int16Array(2), undefined, new Int16Array(3)), RangeError);
});
