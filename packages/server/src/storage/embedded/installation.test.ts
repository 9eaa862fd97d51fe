import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, cp, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { binariesIn, findBinaries, type PostgresBinaries } from './binaries.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { ensureLibraryLinks } from './library-links.ts';
import { makeScratch, silentLog } from './testing/scratch.ts';

const run = promisify(execFile);
const limit = { timeout: 120_000 };
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** The package as npm unpacks it, with its postinstall (which makes the links) not run. */
async function copyWithoutLinks(to: string): Promise<PostgresBinaries> {
  const native = join(to, 'native');
  await cp(findBinaries().nativeDir, native, { recursive: true, verbatimSymlinks: true });
  for (const entry of await readdir(join(native, 'lib'), { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(native, 'lib', entry.name));
  }
  return binariesIn(native);
}

test(
  'packages installed with --ignore-scripts work, below a directory that only root may enter too',
  limit,
  async () => {
    await using scratch = await makeScratch();
    await chmod(scratch.path, 0o700);
    const binaries = await copyWithoutLinks(scratch.path);
    await assert.rejects(run(binaries.postgres, ['--version']), /shared librar|Library not loaded/);
    const options = { dataDir: join(scratch.path, 'data'), log: silentLog, binaries };
    await (await startEmbeddedPostgres(options)).stop();
    await (await startEmbeddedPostgres(options)).stop();
    if (!isRoot) return;
    assert.notEqual((await stat(join(options.dataDir, 'postgres'))).uid, 0);
  },
);

test('links for a read-only node_modules go elsewhere', limit, async () => {
  await using scratch = await makeScratch();
  await chmod(scratch.path, 0o755);
  const binaries = await copyWithoutLinks(scratch.path);
  const writable = join(scratch.path, 'data');
  await mkdir(writable);
  await chmod(join(binaries.nativeDir, 'lib'), 0o555);
  // Root may write anywhere, so it steps back for this.
  if (isRoot) {
    await chown(writable, NOBODY, NOBODY);
    process.seteuid?.(NOBODY);
  }
  try {
    const libraryDir = await ensureLibraryLinks(binaries, join(writable, 'links'));
    assert.equal(libraryDir, join(writable, 'links'));
    if (isRoot) process.seteuid?.(0);
    const { stdout } = await run(binaries.postgres, ['--version'], { env: { LD_LIBRARY_PATH: libraryDir } });
    assert.match(stdout, /PostgreSQL/);
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(join(binaries.nativeDir, 'lib'), 0o755);
  }
});

test('links that are there already are left alone', limit, async () => {
  await using scratch = await makeScratch();
  assert.equal(await ensureLibraryLinks(findBinaries(), join(scratch.path, 'links')), undefined);
  assert.deepEqual(await readdir(scratch.path), []);
});

test(
  'as root: a database restored from a backup as files of root is given its account again',
  { ...limit, skip: !isRoot && 'only root can give files away' },
  async () => {
    await using scratch = await makeScratch();
    const options = { dataDir: scratch.path, log: silentLog };
    const cluster = join(scratch.path, 'postgres');
    await (await startEmbeddedPostgres(options)).stop();
    await run('chown', ['-R', '0:0', cluster]);
    await chmod(cluster, 0o755);
    await (await startEmbeddedPostgres(options)).stop();
    assert.notEqual((await lstat(join(cluster, 'base'))).uid, 0);
    assert.equal((await stat(cluster)).mode & 0o777, 0o700);
  },
);

test(
  'as root: where every directory is open to all, PostgreSQL gets no capability',
  { ...limit, skip: (!isRoot || process.platform !== 'linux') && 'root on Linux only' },
  async () => {
    await using scratch = await makeScratch();
    await chmod(scratch.path, 0o755);
    const native = join(scratch.path, 'native');
    await cp(findBinaries().nativeDir, native, { recursive: true, verbatimSymlinks: true });
    const options = { dataDir: join(scratch.path, 'data'), log: silentLog, binaries: binariesIn(native) };
    const postgres = await startEmbeddedPostgres(options);
    const { stdout } = await run('sh', [
      '-c',
      'grep CapEff "/proc/$(head -n 1 "$0")/status"',
      join(options.dataDir, 'postgres', 'postmaster.pid'),
    ]);
    assert.match(stdout, /CapEff:\s+0+\n/);
    await postgres.stop();
  },
);
