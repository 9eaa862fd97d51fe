import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'master.key';

/**
 * The key of an installation that was given none: made once, readable by its owner alone.
 * Written aside and linked into place, so that of several starting servers exactly one makes it
 * and none reads half a key.
 */
export async function readOrMakeKeyFile(dataDir: string): Promise<Buffer> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  const existing = await readKey(path);
  if (existing) return existing;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const key = await readKey(path);
  if (!key) throw new Error(`${path} vanished while it was made`);
  return key;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
    if (key.length !== 32)
      throw new Error(`${path} holds no 32-byte key in base64; restore it from a backup`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
