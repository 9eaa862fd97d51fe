import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';

/** CPU seconds that a process has used so far, exact to the microsecond, over all its threads; Linux. */
export async function cpuSeconds(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const files = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8'));
  const nanoseconds = (await Promise.all(files)).map((text) => Number(text.split(' ')[0]));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

/** Resident memory of a process in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

/** Samples the resident memory until stopped; the peak is what counts. */
export function watchMemory(pid: number): { stop(): { peakMb: number; firstMb: number } } {
  let peakMb = 0;
  let firstMb = 0;
  const sample = async (): Promise<void> => {
    const now = await residentMb(pid).catch(() => 0);
    firstMb ||= now;
    peakMb = Math.max(peakMb, now);
  };
  void sample();
  const timer = setInterval(sample, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return { peakMb, firstMb };
    },
  };
}

export type LoadResult = { seconds: number; latenciesMs: number[] };

export type LoadRequest = { url: string; method: string; headers: Record<string, string>; body?: string };

/**
 * Sends `count` requests over `connections` kept-alive connections, each waiting for its answer.
 * Any answer but the expected status ends the run: a fast error is no result.
 */
export async function load(
  count: number,
  connections: number,
  expectedStatus: number,
  make: (index: number) => LoadRequest,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  let next = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const from = performance.now();
      await once(agent, make(index), expectedStatus);
      latenciesMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return { seconds: (performance.now() - started) / 1_000, latenciesMs };
}

function once(agent: Agent, { url, method, headers, body }: LoadRequest, expected: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === expected) resolve();
        else reject(new Error(`${response.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 300)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const round = (value: number, digits = 1): string => value.toFixed(digits);
