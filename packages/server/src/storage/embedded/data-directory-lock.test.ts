import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimDataDirectory } from './data-directory-lock.ts';
import { DataDirectoryInUse } from './errors.ts';
import { CLAIM_DIRECTORY, killHard, nextOutput, runElsewhere } from './testing/other-process.ts';
import { makeScratch } from './testing/scratch.ts';

const here = { pid: process.pid, url: 'http://127.0.0.1:8080' };

test('the second server learns who holds the data directory', async () => {
  await using scratch = await makeScratch();
  const dataDir = join(scratch.path, 'data');
  const claim = await claimDataDirectory(dataDir, () => here);
  await assert.rejects(
    claimDataDirectory(dataDir, () => ({ pid: 1 })),
    (error) => {
      assert.ok(error instanceof DataDirectoryInUse);
      assert.equal(error.pid, process.pid);
      assert.equal(error.url, here.url);
      assert.match(error.message, /in use by process \d+ \(http:\/\/127\.0\.0\.1:8080\)/);
      return true;
    },
  );
  await claim.release();
  await (await claimDataDirectory(dataDir, () => here)).release();
});

test('the holder answers with what is true now, not what was true when it claimed', async () => {
  await using scratch = await makeScratch();
  let url = 'http://early';
  const claim = await claimDataDirectory(scratch.path, () => ({ pid: 7, url }));
  url = 'http://late';
  await assert.rejects(
    claimDataDirectory(scratch.path, () => here),
    { url: process.platform === 'darwin' ? 'http://early' : 'http://late' },
  );
  await claim.release();
});

test('another path to the same directory is the same claim', async () => {
  await using scratch = await makeScratch();
  const link = join(scratch.path, 'link');
  await symlink(scratch.path, link);
  const claim = await claimDataDirectory(scratch.path, () => here);
  await assert.rejects(
    claimDataDirectory(link, () => here),
    DataDirectoryInUse,
  );
  await claim.release();
});

test('of many at once exactly one gets the directory', async () => {
  await using scratch = await makeScratch();
  const claims = await Promise.allSettled(
    Array.from({ length: 20 }, () => claimDataDirectory(scratch.path, () => here)),
  );
  const won = claims.filter((claim) => claim.status === 'fulfilled');
  assert.equal(won.length, 1);
  for (const claim of claims) {
    if (claim.status === 'rejected') assert.ok(claim.reason instanceof DataDirectoryInUse);
  }
  await won[0]!.value.release();
});

test('of many processes at once exactly one gets it, and kill -9 of that one frees it', async () => {
  await using scratch = await makeScratch();
  const others = Array.from({ length: 4 }, () => runElsewhere(CLAIM_DIRECTORY, scratch.path));
  const said = await Promise.all(others.map(nextOutput));
  assert.deepEqual(said.toSorted(), [...Array(3).fill('DataDirectoryInUse'), 'claimed'].toSorted());
  const holder = others[said.indexOf('claimed')]!;
  await assert.rejects(
    claimDataDirectory(scratch.path, () => here),
    { pid: holder.pid },
  );
  await killHard(holder);
  await (await claimDataDirectory(scratch.path, () => here)).release();
  await Promise.all(others.filter((other) => other !== holder).map(killHard));
});
