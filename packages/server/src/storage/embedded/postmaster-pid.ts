import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from './errors.ts';

/** The start of postmaster.pid (PostgreSQL, miscadmin.h, LOCK_FILE_LINE_*). */
export type PidFile = {
  readonly pid: number;
  /** undefined while the postmaster has not opened its socket */
  readonly socketDir: string | undefined;
  readonly port: number | undefined;
};

const PID_FILE = 'postmaster.pid';
const run = promisify(execFile);

/** @returns undefined when there is none, 'unreadable' when it names no process */
export async function readPidFile(clusterDir: string): Promise<PidFile | 'unreadable' | undefined> {
  let lines: string[];
  try {
    lines = (await readFile(join(clusterDir, PID_FILE), 'utf8')).split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid < 1) return 'unreadable';
  const port = Number(lines[3]);
  return {
    pid,
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    socketDir: lines[4]?.startsWith('/') ? lines[4] : undefined,
  };
}

export async function removePidFile(clusterDir: string): Promise<void> {
  await rm(join(clusterDir, PID_FILE), { force: true });
}

/** Whether the process exists, whoever owns it. A process that has ended and waits for its parent counts too. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The words of a process's command line; none for one that has ended. */
async function commandLine(pid: number): Promise<string[]> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    }
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim().split(' ');
  } catch {
    return [];
  }
}

export async function isSameDirectory(one: string, other: string): Promise<boolean> {
  try {
    const [a, b] = await Promise.all([stat(one), stat(other)]);
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

/**
 * Whether this process is the postmaster of this cluster, and not one that got a dead postmaster's id.
 * Only the postmaster keeps its arguments; its children show a title in their place.
 */
export async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  const words = await commandLine(pid);
  const directory = words[words.indexOf('-D') + 1];
  if (basename(words[0] ?? '') !== 'postgres' || !words.includes('-D') || directory === undefined)
    return false;
  if (await isSameDirectory(directory, clusterDir)) return true;
  // `ps` shows a path with spaces as several words.
  return process.platform !== 'linux' && words.join(' ').includes(`-D ${clusterDir} `);
}
