import { constants } from 'node:fs';
import { access, chmod, lchown, lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import { EmbeddedPostgresError, errorCode } from './errors.ts';

type LibraryLink = { readonly source: string; readonly target: string };

/** npm packages hold no symlinks, so the package lists the ones its libraries need. */
async function readLinks(binaries: PostgresBinaries): Promise<LibraryLink[]> {
  let text: string;
  try {
    text = await readFile(join(binaries.nativeDir, 'pg-symlinks.json'), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const listed: unknown = JSON.parse(text);
  if (!Array.isArray(listed)) throw new EmbeddedPostgresError('pg-symlinks.json is not a list.');
  return listed.map((entry: unknown) => {
    const link = entry as Partial<LibraryLink> | null;
    if (typeof link?.source !== 'string' || typeof link.target !== 'string') {
      throw new EmbeddedPostgresError('pg-symlinks.json has an entry without source and target.');
    }
    return { source: link.source, target: link.target };
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function makeLink(to: string, at: string, owner: { uid: number; gid: number }): Promise<void> {
  try {
    await symlink(to, at);
    // As root in someone else's checkout: a link they own is one that their next `npm ci` can remove.
    if (process.geteuid?.() === 0) await lchown(at, owner.uid, owner.gid);
  } catch (error) {
    // Another process may be doing the same work at this moment.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Makes the library symlinks that the package's postinstall makes, when it did not run
 * (`npm ci --ignore-scripts`): beside the libraries or, when node_modules is read-only, in `fallbackDir`.
 * @returns the directory to add to the library path, when the fallback was needed
 */
export async function ensureLibraryLinks(
  binaries: PostgresBinaries,
  fallbackDir: string,
): Promise<string | undefined> {
  const packageDir = dirname(binaries.nativeDir);
  const missing: LibraryLink[] = [];
  for (const link of await readLinks(binaries)) {
    if (!(await exists(resolve(packageDir, link.target)))) missing.push(link);
  }
  if (missing.length === 0) return undefined;
  try {
    for (const { source, target } of missing) {
      const at = resolve(packageDir, target);
      await makeLink(relative(dirname(at), resolve(packageDir, source)), at, await lstat(dirname(at)));
    }
    return undefined;
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
  }
  // Made anew each time: the checkout may have moved since the last start.
  await rm(fallbackDir, { recursive: true, force: true });
  await mkdir(fallbackDir, { recursive: true });
  // Not left to the umask: PostgreSQL's account reads it.
  await chmod(fallbackDir, 0o755);
  for (const { source, target } of missing) {
    await symlink(resolve(packageDir, source), join(fallbackDir, basename(target)));
  }
  return fallbackDir;
}
