import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const START_LIMIT_MS = 30_000;

export type Outcome = { code: number | null; stdout: string; stderr: string };
export type Given = { env?: Record<string, string | undefined>; input?: string };

/** Only what a shell would have: nothing of Tronco's settings leaks in from the test run. */
const bare = (env: Given['env']): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...env,
});

/** The real command in a process of its own. */
export function start(
  args: readonly string[],
  env: Given['env'] = {},
): { child: ChildProcessWithoutNullStreams; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [MAIN, ...args], { env: bare(env) });
  child.stdin.on('error', () => {});
  const closed = new Promise<number | null>((resolve) => void child.on('close', resolve));
  const outcome = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([stdout, stderr, code]) => ({ code, stdout, stderr }),
  );
  return { child, outcome };
}

/** `start`, to its end. */
export function tronco(args: readonly string[], { env, input }: Given = {}): Promise<Outcome> {
  const { child, outcome } = start(args, env);
  child.stdin.end(input ?? '');
  return outcome;
}

export type Server = {
  dataDir: string;
  url: string;
  adminToken: string;
  /** Of the environment `default`. */
  token: string;
  process: ChildProcess;
  stop(): Promise<void>;
};

export const scratchDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'tronco-cli-'));

/** `tronco serve` on a free port, up to the moment at which it has written its credentials. */
export async function startServer(dataDir: string, env: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: bare({ TRONCO_DATA_DIR: dataDir, TRONCO_HTTP_PORT: '0', TRONCO_LOG_LEVEL: 'error', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const deadline = Date.now() + START_LIMIT_MS;
  while (!said.includes('Tronco is ready')) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`no server:\n${said}`);
    await sleep(50);
  }
  const { url, admin_token: adminToken } = JSON.parse(
    await readFile(join(dataDir, 'credentials.json'), 'utf8'),
  ) as { url: string; admin_token: string };
  return {
    dataDir,
    url,
    adminToken,
    token: /Token\s+(talq_\w+)/.exec(said)?.[1] ?? '',
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export const removeDirectory = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
