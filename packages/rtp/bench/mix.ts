import { GainRamp } from '../src/mix/gain-ramp.ts';
import { interleaveStereo } from '../src/mix/interleave-stereo.ts';
import { LevelMeter } from '../src/mix/level-meter.ts';
import { Mixer } from '../src/mix/mixer.ts';

// µs of CPU per 20 ms frame of 8 kHz: `node packages/rtp/bench/mix.ts [frames]`

const count = Number(process.argv[2] ?? 100_000);
const FRAME = 160;

const voice = Int16Array.from({ length: FRAME }, (_, i) => 9000 * Math.sin(i / 7));
const output = new Int16Array(FRAME);
const stereo = new Int16Array(2 * FRAME);
const mixer = new Mixer(FRAME);
const meter = new LevelMeter();
const ramp = new GainRamp(1);

const WORK: Readonly<Record<string, () => void>> = {
  'mix of 3': () => {
    for (let i = 0; i < 3; i++) mixer.add(voice);
    mixer.mixTo(output);
  },
  'mix of 3, one ramping': () => {
    ramp.rampTo(ramp.gain > 0.5 ? 0.25 : 1, FRAME);
    for (let i = 0; i < 3; i++) mixer.add(voice, i === 0 ? ramp : undefined);
    mixer.mixTo(output);
  },
  level: () => meter.add(voice),
  stereo: () => void interleaveStereo(voice, voice, stereo),
};

function round(work: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
}

for (const [name, work] of Object.entries(WORK)) {
  round(work);
  const rounds = [round(work), round(work), round(work)].sort((a, b) => a - b);
  process.stdout.write(`${JSON.stringify({ name, frameUs: Number((rounds[1] ?? 0).toFixed(2)) })}\n`);
}
