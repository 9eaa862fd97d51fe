import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const API_LINE = /^\s*API\s+(http:\/\/\S+)\/api\/v1$/m;
const TOKEN_LINE = /^\s*Token\s+(talq_\w+)$/m;

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** `tronco serve` in a process of its own, exactly as a person starts it. */
export type ServerProcess = {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit; resolves once, never rejects. */
  readonly ended: Promise<Ending>;
  signal(name: NodeJS.Signals): void;
};

export type RunningServer = ServerProcess & {
  /** e.g. `http://127.0.0.1:41234` */
  readonly url: string;
  /** Printed by this start: undefined unless it was the first on its database. */
  readonly firstToken: string | undefined;
};

export type Settings = Record<string, string>;

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
// The test runner ends a file that takes too long in this way, and `exit` does not come then.
process.once('SIGTERM', () => process.exit(1));

/** Launches without waiting. The environment is ours alone: nothing of the test run's leaks in. */
export function launchServer(settings: Settings): ServerProcess {
  const inherited = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'USER'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...inherited,
      TRONCO_HTTP_PORT: '0',
      TRONCO_LOG_LEVEL: 'warn',
      TRONCO_RATE_LIMIT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  // `close`, not `exit`: what it printed last has then arrived.
  child.on('close', (code, signal) => {
    living.delete(child);
    resolve({ code, signal });
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    ended,
    signal: (name) => void child.kill(name),
  };
}

/** Launches and waits until it says where it listens and that it is ready. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const server = launchServer(settings);
  const url = await listening(server);
  for (;;) {
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    if (response.ok) break;
  }
  const firstToken = TOKEN_LINE.exec(server.stdout())?.[1];
  return { ...server, url, firstToken };
}

async function listening(server: ServerProcess): Promise<string> {
  let ending: Ending | undefined;
  void server.ended.then((end) => (ending = end));
  for (;;) {
    const url = API_LINE.exec(server.stdout())?.[1];
    if (url !== undefined) return url;
    if (ending) throw new Error(`the server ended with ${JSON.stringify(ending)}: ${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** SIGTERM, and the exit it leads to. */
export async function stopServer(server: ServerProcess): Promise<Ending> {
  server.signal('SIGTERM');
  return server.ended;
}

export async function killServer(server: ServerProcess): Promise<void> {
  server.signal('SIGKILL');
  await server.ended;
}

/** Lines on stderr that are for a person: everything that is no JSON log line. */
export const spokenLines = (text: string): string[] =>
  text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
