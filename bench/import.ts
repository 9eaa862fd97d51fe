import { newId } from '../packages/server/src/kernel/ids.ts';
import { copyIn } from './support/copy-in.ts';
import { cpuSeconds, round, watchMemory } from './support/measure.ts';
import { startTronco } from './support/processes.ts';
import { type Prepared, prepareTrunk, query } from './support/setup.ts';

/**
 * Bulk import of a CSV of DIDs, from the first byte of the upload to the last durable verdict, beside
 * its limit: the same rows through a bare COPY into an equally indexed table of the same PostgreSQL.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const POLL_MS = 100;
const COPY_ROWS = 1_000;

type Progress = { id: string; status: string; rows_done: number; counts: Record<string, number> };

/** Spread over all of +1, in no order: the worst case for the index of numbers. */
const numberAt = (index: number): string => `+1${2_000_000_000 + ((index * 48_271) % 7_999_999_993)}`;

const server = await startTronco();
const prepared = await prepareTrunk(server);
const imports = `${server.url}/api/v1/sip-trunks/${prepared.trunkId}/dids`;
const authorization = { authorization: prepared.headers.authorization ?? '' };

function csvFile(): string {
  const lines = Array.from({ length: ROWS }, (_, index) => numberAt(index));
  return `number\n${lines.join('\n')}\n`;
}

async function data(response: Response): Promise<Progress> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`);
  return (JSON.parse(text) as { data: Progress }).data;
}

async function finished(id: string): Promise<Progress> {
  for (;;) {
    const now = await data(await fetch(`${imports}/imports/${id}`, { headers: authorization }));
    if (!['queued', 'running'].includes(now.status)) return now;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function measureImport(): Promise<number> {
  const body = csvFile();
  const memory = watchMemory(server.pid);
  const cpuBefore = await cpuSeconds(server.pid);
  const started = performance.now();
  const accepted = await data(
    await fetch(`${imports}/import?country_code=US`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'text/csv' },
      body,
    }),
  );
  const uploaded = performance.now();
  const { status, counts } = await finished(accepted.id);
  const seconds = (performance.now() - started) / 1_000;
  const { peakMb, firstMb } = memory.stop();
  const cpu = (await cpuSeconds(server.pid)) - cpuBefore;
  if (status !== 'succeeded' || counts.created !== ROWS) throw new Error(JSON.stringify({ status, counts }));
  console.log(
    `tronco     ${round(ROWS / seconds, 0)} rows/s  ${round(seconds, 1)} s (upload ${round((uploaded - started) / 1_000, 1)} s)  ` +
      `CPU ${round((cpu * 1e6) / ROWS, 1)} µs/row  RSS ${round(firstMb, 0)} → peak ${round(peakMb, 0)} MB`,
  );
  return seconds;
}

async function measureCopy({ environmentId, trunkId }: Prepared): Promise<number> {
  await query(server, 'CREATE TABLE copy_limit (LIKE dids INCLUDING ALL)');
  await query(
    server,
    'ALTER TABLE copy_limit ADD FOREIGN KEY (environment_id, trunk_id) REFERENCES sip_trunks (environment_id, id)',
  );
  const chunks = copyChunks(environmentId, trunkId);
  const started = performance.now();
  await copyIn(server, 'COPY copy_limit FROM STDIN', chunks);
  const seconds = (performance.now() - started) / 1_000;
  console.log(`bare COPY  ${round(ROWS / seconds, 0)} rows/s  ${round(seconds, 1)} s`);
  return seconds;
}

function copyChunks(environmentId: string, trunkId: string): Buffer[] {
  const at = new Date().toISOString();
  const line = (index: number): string =>
    `${[environmentId, newId(), trunkId, numberAt(index), 'US', '\\N', '\\N', '{}', 1, at, at].join('\t')}\n`;
  return Array.from({ length: Math.ceil(ROWS / COPY_ROWS) }, (_, chunk) => {
    const from = chunk * COPY_ROWS;
    const count = Math.min(COPY_ROWS, ROWS - from);
    return Buffer.from(Array.from({ length: count }, (_, i) => line(from + i)).join(''));
  });
}

console.log(`bulk import of ${ROWS} DIDs as CSV`);
try {
  const ours = await measureImport();
  const limit = await measureCopy(prepared);
  console.log(`ratio      ${round(ours / limit, 2)} × the time of COPY`);
} finally {
  await server.clean();
}
