import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintToken } from '../../packages/server/src/kernel/token-format.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const READY_WITHIN_MS = 60_000;

export type Running = { pid: number; url: string; stop(): Promise<void> };

/** Starts a Node program of this repository and waits for the URL that it prints. */
async function start(script: string[], env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, script, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await firstUrl(child);
  return {
    pid: child.pid ?? 0,
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('not ready in time')), READY_WITHIN_MS);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/[\d.]+:\d+/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });
}

export type BenchServer = Running & { token: string; dataDir: string; clean(): Promise<void> };

/** The whole product as a user starts it, with its own PostgreSQL, a known token and no rate limit. */
export async function startTronco(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tronco-bench-'));
  const token = mintToken();
  const running = await start(['--max-semi-space-size=8', 'packages/cli/src/main.ts', 'serve'], {
    TRONCO_DATA_DIR: dataDir,
    TRONCO_HTTP_PORT: '0',
    TRONCO_BOOTSTRAP_TOKEN: token,
    TRONCO_RATE_LIMIT: '0',
  });
  return {
    ...running,
    token,
    dataDir,
    clean: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A peer of bench/peers on the same PostgreSQL. */
export const startPeer = (name: string, env: Record<string, string>): Promise<Running> =>
  start([`bench/peers/${name}.ts`], env);

/** How a peer reaches the PostgreSQL of a running Tronco. */
export const postgresOf = (server: BenchServer): Record<string, string> => ({
  PEER_POSTGRES: JSON.stringify({
    host: join(server.dataDir, 'postgres-socket'),
    user: 'tronco',
    database: 'tronco',
  }),
});
