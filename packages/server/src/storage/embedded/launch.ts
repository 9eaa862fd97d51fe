import { type ChildProcess, spawn } from 'node:child_process';
import { constants, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';
import { EmbeddedPostgresError, errorCode, errorText, WAYS_OUT } from './errors.ts';

/** How PostgreSQL's programs are started on this machine. */
export type Launcher = {
  readonly account: Account | undefined;
  /** true when the account cannot reach a path by its own rights */
  readonly overridesAccess: boolean;
  start(program: string, args: readonly string[], outputFd: number): ChildProcess;
};

const { S_IRGRP, S_IROTH, S_IRUSR, S_IXGRP, S_IXOTH, S_IXUSR } = constants;
const READ = { owner: S_IRUSR, group: S_IRGRP, others: S_IROTH };
const EXECUTE = { owner: S_IXUSR, group: S_IXGRP, others: S_IXOTH };

function allows(entry: Stats, account: Account, bits: typeof READ): boolean {
  if (entry.uid === account.uid) return (entry.mode & bits.owner) !== 0;
  if (entry.gid === account.gid) return (entry.mode & bits.group) !== 0;
  return (entry.mode & bits.others) !== 0;
}

/** Whether the account may pass through every directory above `path`. */
async function canReach(path: string, account: Account): Promise<boolean> {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (!allows(await stat(dir), account, EXECUTE)) return false;
    if (dir === dirname(dir)) return true;
  }
}

async function canUse(binaries: PostgresBinaries, account: Account): Promise<boolean> {
  const share = join(binaries.nativeDir, 'share', 'postgresql');
  for (const path of [binaries.postgres, join(binaries.nativeDir, 'lib'), share]) {
    if (!(await canReach(path, account))) return false;
    // One sample for the whole tree: npm unpacks all of it with one umask.
    if (!allows(await stat(path), account, READ) || !allows(await stat(path), account, EXECUTE)) return false;
  }
  return allows(await stat(join(share, 'postgres.bki')), account, READ);
}

/**
 * setpriv leaves the account the one capability to pass closed directories (it is in Docker's default set).
 * Without no_setuid_fixup the kernel ignores it in access(2), which PostgreSQL asks about its own program.
 */
function withDacOverride(account: Account, program: string, args: readonly string[]): [string, string[]] {
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return ['setpriv', [...identity, ...capability, '--securebits=+no_setuid_fixup', '--', program, ...args]];
}

/** A small environment of our own: a stray PGDATA, PGPORT or locale must not reach the server. */
function environment(libraryDir: string | undefined): NodeJS.ProcessEnv {
  const name = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  const inherited = process.env[name];
  const libraryPath = [libraryDir, inherited].filter((part) => part !== undefined && part !== '');
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libraryPath.length > 0 ? { [name]: libraryPath.join(delimiter) } : {}),
  };
}

/** Node reports some failures of spawn at once and others as an event; both come here for their words. */
export function launchProblem(error: unknown): string {
  const code = errorCode(error) ?? '';
  if (code === 'ENOENT') {
    return `${errorText(error)} (setpriv is missing, or the system's C library is not glibc). ${WAYS_OUT}`;
  }
  if (code === 'EPERM' || code === 'EINVAL') {
    return `${errorText(error)}: root may not start a program under another account here. ${WAYS_OUT}`;
  }
  return errorText(error);
}

/**
 * @param paths the places PostgreSQL has to reach besides its programs
 * @param libraryDir a directory of library links to add to the library path
 */
export async function createLauncher(options: {
  binaries: PostgresBinaries;
  account: Account | undefined;
  paths: readonly string[];
  libraryDir: string | undefined;
}): Promise<Launcher> {
  const { binaries, account, libraryDir } = options;
  let overridesAccess = false;
  if (account && process.platform === 'linux') {
    overridesAccess = !(await canUse(binaries, account));
    for (const path of options.paths) overridesAccess ||= !(await canReach(path, account));
  }
  const env = environment(libraryDir);
  return {
    account,
    overridesAccess,
    start(program, args, outputFd) {
      const identity = account && !overridesAccess ? { uid: account.uid, gid: account.gid } : {};
      const [command, all] =
        account && overridesAccess ? withDacOverride(account, program, args) : [program, args];
      try {
        return spawn(command, all, {
          // Its own process group: Ctrl-C in the terminal is for us alone, and we stop PostgreSQL in order.
          detached: true,
          // A working directory that every account can enter.
          cwd: '/',
          env,
          stdio: ['ignore', outputFd, outputFd],
          ...identity,
        });
      } catch (error) {
        throw new EmbeddedPostgresError(launchProblem(error), { cause: error });
      }
    },
  };
}
