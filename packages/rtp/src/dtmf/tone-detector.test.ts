import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPcmu } from '../codecs/g711.ts';
import { xorshift32 } from '../codecs/noise-source.ts';
import { ToneDetector, type ToneEvent } from './tone-detector.ts';
import { generateTone, type ToneShape } from './tone-generator.ts';

const KEYS = '1234567890*#ABCD';

/** Through µ-law, as a line carries it, in 20 ms frames. */
function detect(sound: Int16Array): ToneEvent[] {
  const codec = createPcmu();
  const payload = new Uint8Array(160);
  const pcm = new Int16Array(160);
  const events: ToneEvent[] = [];
  const detector = new ToneDetector((event) => events.push(event));
  for (let at = 0; at < sound.length; at += 160) {
    const bytes = codec.encode(sound.subarray(at, at + 160), payload);
    detector.push(pcm.subarray(0, codec.decode(payload.subarray(0, bytes), pcm)));
  }
  return events;
}

function dialled(digits: string, shape: Omit<ToneShape, 'digit'>, pauseMs: number, noise = 0): Int16Array {
  const random = xorshift32(99);
  const pause = new Int16Array(pauseMs * 8);
  const parts = [...digits].flatMap((digit) => [...generateTone({ ...shape, digit }), ...pause]);
  return Int16Array.from([...pause, ...parts, ...pause], (sample) => {
    const noisy = sample + noise * (2 * random() - 1) * Math.sqrt(3);
    return Math.max(-32_768, Math.min(32_767, Math.round(noisy)));
  });
}

function starts(events: readonly ToneEvent[]): string {
  return events
    .filter((event) => event.kind === 'start')
    .map((event) => event.digit)
    .join('');
}

test('every key, short and long, loud and soft, with noise, through µ-law', () => {
  for (const durationMs of [50, 80, 200]) {
    for (const levelDb of [-8, -20, -30]) {
      for (const snrDb of [Infinity, 20, 15]) {
        const tone = 32_767 * 10 ** (levelDb / 20);
        const noise = snrDb === Infinity ? 0 : tone * 10 ** (-snrDb / 20);
        const events = detect(dialled(KEYS, { durationMs, levelDb }, 60, noise));
        assert.equal(starts(events), KEYS, `${durationMs} ms, ${levelDb} dBov, ${snrDb} dB`);
      }
    }
  }
});

test('the same key twice is two tones', () => {
  assert.equal(starts(detect(dialled('5500', { durationMs: 60 }, 60))), '5500');
});

test('a twist of 6 dB either way passes, of 12 dB does not (ITU-T Q.24)', () => {
  for (const twistDb of [-6, 6]) {
    assert.equal(starts(detect(dialled('159D', { durationMs: 80, levelDb: -16, twistDb }, 60))), '159D');
  }
  for (const twistDb of [-12, 12]) {
    assert.equal(starts(detect(dialled('159D', { durationMs: 80, levelDb: -20, twistDb }, 60))), '');
  }
});

test('the length is known to two blocks, and the start too', () => {
  const [start, end] = detect(dialled('8', { durationMs: 300 }, 100));
  assert.ok(start?.kind === 'start' && Math.abs(start.atSample - 800) <= 102);
  assert.ok(end?.kind === 'end' && Math.abs(end.durationMs - 300) <= 26, JSON.stringify(end));
});

test('single tones, noise, and harmonics of a voice are no touch tone', () => {
  const random = xorshift32(5);
  const seconds = 20;
  const noise = Int16Array.from({ length: 8000 * seconds }, () => 20_000 * (2 * random() - 1));
  assert.deepEqual(detect(noise), []);
  // A buzz that glides over 90–250 Hz with a dozen harmonics, as vowels have
  let phase = 0;
  const voice = Int16Array.from({ length: 8000 * seconds }, (_, i) => {
    phase += (2 * Math.PI * (170 + 80 * Math.sin(i / 3_000))) / 8000;
    let sum = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++) sum += Math.sin(harmonic * phase) / harmonic;
    return Math.round(9_000 * sum);
  });
  assert.deepEqual(detect(voice), []);
  for (const hz of [440, 697, 1_336]) {
    const tone = Int16Array.from({ length: 8000 }, (_, i) => 9_000 * Math.sin((2 * Math.PI * hz * i) / 8000));
    assert.deepEqual(detect(tone), [], `${hz} Hz`);
  }
});

test('what is no digit has no sound', () => {
  assert.equal(generateTone({ digit: 'x', durationMs: 100 }).length, 0);
  assert.equal(generateTone({ digit: 'a', durationMs: 100 }).length, 800);
});
