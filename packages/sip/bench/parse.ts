import { parseMessage } from '../src/index.ts';
import { CARRIER_INVITE } from '../test/fuzz/samples.ts';

// Parses of one carrier INVITE per CPU-second: `node packages/sip/bench/parse.ts [count]`

const count = Number(process.argv[2] ?? 300_000);

function round(): number {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    if (!parseMessage(CARRIER_INVITE).ok) throw new Error('the sample does not parse');
  }
  const used = process.cpuUsage(before);
  return count / ((used.user + used.system) / 1e6);
}

round();
const rates = [round(), round(), round()].sort((a, b) => a - b);
const report = { bytes: CARRIER_INVITE.length, count, parsesPerCpuSecond: Math.round(rates[1] ?? 0) };
process.stdout.write(`${JSON.stringify(report)}\n`);
