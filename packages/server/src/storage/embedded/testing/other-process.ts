import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const moduleUrl = (name: string): string => JSON.stringify(new URL(`../${name}`, import.meta.url).href);

/** Runs code in a Node process of its own, for a test to kill. `dataDir` is its first argument. */
export function runElsewhere(code: string, dataDir: string): ChildProcess {
  const args = ['--no-warnings', '--input-type=module', '--eval', code, dataDir];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @returns the next thing the process prints */
export async function nextOutput(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output');
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return data.toString('utf8').trim();
}

export async function killHard(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Starts the embedded PostgreSQL and says so. */
export const START_POSTGRES = `
  import { startEmbeddedPostgres } from ${moduleUrl('embedded.ts')};
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  await startEmbeddedPostgres({ dataDir: process.argv[1], log });
  console.log('started');
  setInterval(quiet, 60_000);
`;

/** Claims the data directory and says how that went. */
export const CLAIM_DIRECTORY = `
  import { claimDataDirectory } from ${moduleUrl('data-directory-lock.ts')};
  try {
    await claimDataDirectory(process.argv[1], () => ({ pid: process.pid, url: 'http://127.0.0.1:1' }));
    console.log('claimed');
  } catch (error) {
    console.log(error.name);
  }
  setInterval(() => undefined, 60_000);
`;
