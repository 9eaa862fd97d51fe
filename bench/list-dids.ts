import { get } from 'node:http';
import { cpuSeconds, median, residentMb, round, watchMemory } from './support/measure.ts';
import { postgresOf, startPeer, startTronco } from './support/processes.ts';
import { prepareTrunk, query } from './support/setup.ts';

/**
 * The list of 100,000 DIDs, streamed whole, beside a raw node:http server that writes the same rows
 * unformatted in the same batches. Memory is what matters: it must not grow with the list.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

type Figures = { seconds: number; cpuUs: number; growthMb: number; peakMb: number };

const server = await startTronco();
const { environmentId, trunkId, headers } = await prepareTrunk(server);
await query(
  server,
  `INSERT INTO dids (environment_id, id, trunk_id, number, country_code, created_at, updated_at)
   SELECT $1, ('01890000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, $2, '+1' || (2000000000 + i), 'US', now(), now()
   FROM generate_series(1, $3::int) AS i`,
  [environmentId, trunkId, ROWS],
);
await query(server, 'ANALYZE dids');
const peer = await startPeer('raw-http', postgresOf(server));

/** Reads a whole list without keeping it; counts the rows by their opening braces. */
function read(url: string): Promise<{ bytes: number; rows: number }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      let bytes = 0;
      let rows = -1;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (const byte of chunk) if (byte === 0x7b) rows += 1;
      });
      response.on('end', () => resolve({ bytes, rows }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

async function measure(pid: number, url: string): Promise<Figures> {
  const before = await residentMb(pid);
  const cpu = await cpuSeconds(pid);
  const memory = watchMemory(pid);
  const started = performance.now();
  const { rows } = await read(url);
  const seconds = (performance.now() - started) / 1_000;
  const { peakMb } = memory.stop();
  if (rows !== ROWS) throw new Error(`read ${rows} rows of ${ROWS}`);
  return {
    seconds,
    peakMb,
    growthMb: peakMb - before,
    cpuUs: (((await cpuSeconds(pid)) - cpu) * 1e6) / ROWS,
  };
}

const ours = `${server.url}/api/v1/sip-trunks/${trunkId}/dids`;
const theirs = `${peer.url}/${environmentId}/${trunkId}`;
await measure(server.pid, ours);
await measure(peer.pid, theirs);
const rounds: { ours: Figures; peer: Figures }[] = [];
for (let i = 0; i < ROUNDS; i += 1) {
  rounds.push({ ours: await measure(server.pid, ours), peer: await measure(peer.pid, theirs) });
}

const show = (name: string, figures: Figures[]): void => {
  const of = (key: keyof Figures): number => median(figures.map((each) => each[key]));
  console.log(
    `${name.padEnd(28)} ${round(of('cpuUs')).padStart(5)} µs CPU/row  ${round(ROWS / of('seconds'), 0)} rows/s  peak ${round(of('peakMb'), 0)} MB (+${round(of('growthMb'), 0)} MB while streaming)`,
  );
};
console.log(`list of ${ROWS} DIDs, streamed: ${ROUNDS} rounds`);
show(
  'tronco',
  rounds.map((each) => each.ours),
);
show(
  'raw node:http, unformatted',
  rounds.map((each) => each.peer),
);
console.log(`ratio ${round(median(rounds.map((each) => each.ours.cpuUs / each.peer.cpuUs)), 2)}`);
await peer.stop();
await server.clean();
