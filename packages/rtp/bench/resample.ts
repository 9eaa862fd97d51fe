import type { SampleRate } from '../src/resample/filter.ts';
import { Resampler } from '../src/resample/resampler.ts';

// µs of CPU per 20 ms frame: `node packages/rtp/bench/resample.ts [frames]`

const count = Number(process.argv[2] ?? 30_000);
const PAIRS: readonly (readonly [SampleRate, SampleRate])[] = [
  [8000, 8000],
  [8000, 16_000],
  [16_000, 8000],
  [8000, 24_000],
  [24_000, 8000],
  [16_000, 24_000],
  [24_000, 16_000],
  [8000, 48_000],
  [48_000, 8000],
  [16_000, 48_000],
  [48_000, 16_000],
  [24_000, 48_000],
  [48_000, 24_000],
];

function round(fromHz: SampleRate, toHz: SampleRate): number {
  const resampler = new Resampler(fromHz, toHz);
  const input = Int16Array.from({ length: fromHz / 50 }, (_, i) => 8000 * Math.sin(i / 7));
  const output = new Int16Array(toHz / 50);
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) resampler.process(input, output);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
}

for (const [fromHz, toHz] of PAIRS) {
  round(fromHz, toHz);
  const rounds = [round(fromHz, toHz), round(fromHz, toHz), round(fromHz, toHz)].sort((a, b) => a - b);
  process.stdout.write(`${JSON.stringify({ fromHz, toHz, frameUs: Number((rounds[1] ?? 0).toFixed(2)) })}\n`);
}
