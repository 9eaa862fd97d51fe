import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, type Finding, ok, reasonOf, warn } from './finding.ts';

const MB = 1024 * 1024;
const DISK_LOW_BYTES = 1024 * MB;
const DISK_OUT_BYTES = 200 * MB;
/** The first release that runs TypeScript without a flag, and the one that this project is tested with. */
const NODE_MIN = [22, 18] as const;
const NODE_TESTED = 24;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fix = `Start it with npm (npm start, npx tronco): it brings Node ${NODE_TESTED} with it.`;
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    return fail('node', `Node ${version} cannot run this`, fix);
  }
  if (major !== NODE_TESTED) return warn('node', `Node ${version}; tested with ${NODE_TESTED}`, fix);
  return ok('node', `Node ${version}`);
}

/** The directory, or the nearest one above it that exists. */
async function existing(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return dirname(path) === path ? path : existing(dirname(path));
  }
}

export async function checkDataDirectory(dataDir: string): Promise<Finding> {
  const subject = 'data directory';
  const there = await existing(dataDir);
  try {
    await access(there, constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      subject,
      `${there} cannot be written to`,
      'Change its owner, or set TRONCO_DATA_DIR to another one.',
    );
  }
  if (there !== dataDir) return ok(subject, `${dataDir} will be made at the first start`);
  const { mode } = await stat(dataDir);
  if ((mode & 0o022) !== 0) {
    return warn(subject, `${dataDir} can be changed by other users`, `chmod go-w ${dataDir}`);
  }
  return ok(subject, dataDir);
}

/** Files that hold a secret must be their owner's alone. */
export async function checkSecretFile(dataDir: string, name: string): Promise<Finding | undefined> {
  const path = join(dataDir, name);
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) === 0) return ok(name, 'readable by its owner alone');
    return fail(name, `${path} can be read by other users`, `chmod 600 ${path}`);
  } catch {
    return undefined;
  }
}

export async function checkDiskSpace(dataDir: string): Promise<Finding> {
  const subject = 'disk space';
  try {
    const { bavail, bsize } = await statfs(await existing(dataDir));
    const free = bavail * bsize;
    const message = `${Math.floor(free / MB).toLocaleString('en')} MB free`;
    const fix = 'Make room, or move the data directory to another disk.';
    if (free < DISK_OUT_BYTES) return fail(subject, message, fix);
    return free < DISK_LOW_BYTES ? warn(subject, message, fix) : ok(subject, message);
  } catch (error) {
    return warn(subject, `unknown: ${reasonOf(error)}`, 'Look at it with df.');
  }
}
