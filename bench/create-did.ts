import { cpuSeconds, load, median, percentile, round } from './support/measure.ts';
import { postgresOf, type Running, startPeer, startTronco } from './support/processes.ts';
import { prepareTrunk } from './support/setup.ts';

/**
 * CPU of the server process per durable `POST …/dids`, beside a raw node:http server that runs the same
 * INSERT on the same PostgreSQL. Rounds alternate, so that a slow moment of the machine hits both.
 */
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 10_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 16;
/** Until the compiler is done with both servers: their steady state is what is compared. */
const WARM_UP = 20_000;

type Figures = { cpuUs: number; perSecond: number; p50: number; p99: number };

const server = await startTronco();
const { environmentId, trunkId, headers } = await prepareTrunk(server);
const peer = await startPeer('raw-http', postgresOf(server));
let number = 2_000_000_000;
const nextBody = (): string => JSON.stringify({ country_code: 'US', number: `+1${(number += 1)}` });

async function measure(running: Running, url: string, count: number): Promise<Figures> {
  const before = await cpuSeconds(running.pid);
  const { seconds, latenciesMs } = await load(count, CONNECTIONS, 201, () => ({
    url,
    method: 'POST',
    headers,
    body: nextBody(),
  }));
  const cpu = (await cpuSeconds(running.pid)) - before;
  return {
    cpuUs: (cpu * 1e6) / count,
    perSecond: count / seconds,
    p50: percentile(latenciesMs, 0.5),
    p99: percentile(latenciesMs, 0.99),
  };
}

const ours = `${server.url}/api/v1/sip-trunks/${trunkId}/dids`;
const theirs = `${peer.url}/${environmentId}/${trunkId}`;
await measure(server, ours, WARM_UP);
await measure(peer, theirs, WARM_UP);
const rounds: { ours: Figures; peer: Figures }[] = [];
for (let i = 0; i < ROUNDS; i += 1) {
  rounds.push({ ours: await measure(server, ours, REQUESTS), peer: await measure(peer, theirs, REQUESTS) });
}

const show = (name: string, figures: Figures[]): void => {
  const of = (key: keyof Figures): number => median(figures.map((each) => each[key]));
  console.log(
    `${name.padEnd(28)} ${round(of('cpuUs'), 0).padStart(5)} µs CPU/request  p50 ${round(of('p50'), 2)} ms  p99 ${round(of('p99'), 2)} ms  ${round(of('perSecond'), 0)}/s`,
  );
};
console.log(`create DID, durable: ${ROUNDS} rounds × ${REQUESTS} requests, ${CONNECTIONS} connections`);
show(
  'tronco',
  rounds.map((each) => each.ours),
);
show(
  'raw node:http, same INSERT',
  rounds.map((each) => each.peer),
);
const ratios = rounds.map((each) => each.ours.cpuUs / each.peer.cpuUs);
console.log(
  `ratio ${round(median(ratios), 2)} (${round(Math.min(...ratios), 2)}–${round(Math.max(...ratios), 2)}), wanted ≤ 1.5`,
);
await peer.stop();
await server.clean();
