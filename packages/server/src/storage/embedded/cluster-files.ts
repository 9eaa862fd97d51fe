import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { EmbeddedPostgresError, errorCode, errorText, WAYS_OUT } from './errors.ts';
import { SOCKET_PORT } from './settings.ts';

export type ClusterFiles = {
  /** the data directory with symlinks resolved, as every comparison needs it */
  readonly dataDir: string;
  readonly clusterDir: string;
  readonly logFile: string;
  /** where library links go when node_modules is read-only */
  readonly libraryDir: string;
};

/** sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

const INIT_PREFIX = 'postgres.init-';

/** Creates the data directory when there is none. Others may pass through it, which PostgreSQL's account needs. */
export async function ensureDataDirectory(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  return realpath(dataDir);
}

export function clusterFiles(dataDir: string): ClusterFiles {
  return {
    dataDir,
    clusterDir: join(dataDir, 'postgres'),
    logFile: join(dataDir, 'postgres.log'),
    libraryDir: join(dataDir, 'postgres-lib'),
  };
}

export async function clusterExists(files: ClusterFiles): Promise<boolean> {
  try {
    return (await stat(join(files.clusterDir, 'PG_VERSION'))).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** PostgreSQL demands its own directory: owned by its account and closed to others. */
async function own(path: string, account: Account | undefined): Promise<void> {
  try {
    if (account) await chown(path, account.uid, account.gid);
    await chmod(path, 0o700);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `${path} cannot be made private to PostgreSQL (${errorText(cause)}). ` +
        `Choose a data directory on a local file system. ${WAYS_OUT}`,
      { cause },
    );
  }
}

async function ownTree(path: string, account: Account): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await ownTree(child, account);
    else await lchown(child, account.uid, account.gid);
  }
  await chown(path, account.uid, account.gid);
}

/** Sets right what a restored backup gets wrong: an owner of root, a mode that others can read. */
export async function repairOwnership(files: ClusterFiles, account: Account | undefined): Promise<void> {
  const found = await stat(files.clusterDir);
  if (account && found.uid !== account.uid) await ownTree(files.clusterDir, account);
  if ((found.mode & 0o777) !== 0o700) await chmod(files.clusterDir, 0o700);
}

/** The directory of the socket, private to us: in the data directory, or in the system's temporary one. */
export async function prepareSocketDirectory(
  files: ClusterFiles,
  account: Account | undefined,
): Promise<string> {
  const inside = join(files.dataDir, 'postgres-socket');
  if (Buffer.byteLength(join(inside, `.s.PGSQL.${SOCKET_PORT}`)) <= MAX_SOCKET_PATH_BYTES) {
    await mkdir(inside, { recursive: true });
    await own(inside, account);
    return inside;
  }
  const name = `tronco-${createHash('sha256').update(files.dataDir).digest('hex').slice(0, 16)}`;
  const temporary = await realpath(tmpdir());
  // 40 bytes: the name of our directory in it and of the socket in that.
  const base = Buffer.byteLength(temporary) + 40 > MAX_SOCKET_PATH_BYTES ? '/tmp' : temporary;
  const outside = join(base, name);
  try {
    await mkdir(outside, { mode: 0o700 });
    await own(outside, account);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const found = await lstat(outside);
  const uid = account?.uid ?? process.getuid?.();
  // Anyone may create a name in /tmp: a directory that is not ours could catch our connections.
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new EmbeddedPostgresError(
      `${outside} belongs to someone else and PostgreSQL's socket needs it: remove it, ` +
        `or choose a data directory with a shorter path.`,
    );
  }
  return outside;
}

/**
 * Builds the cluster beside its place and moves it there when it is whole, so that an interrupted
 * first start leaves nothing that looks like a database.
 */
export async function buildCluster(
  files: ClusterFiles,
  account: Account | undefined,
  build: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = join(files.dataDir, INIT_PREFIX + randomBytes(4).toString('hex'));
  await mkdir(directory);
  try {
    await own(directory, account);
    await build(directory);
    await rename(directory, files.clusterDir);
  } catch (error) {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
  const handle = await open(files.dataDir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what interrupted first starts left. An initdb that outlived its parent may still write: next time. */
export async function removeUnfinished(files: ClusterFiles): Promise<void> {
  for (const name of await readdir(files.dataDir)) {
    if (!name.startsWith(INIT_PREFIX)) continue;
    await rm(join(files.dataDir, name), { recursive: true, force: true, maxRetries: 3 }).catch(
      () => undefined,
    );
  }
}
