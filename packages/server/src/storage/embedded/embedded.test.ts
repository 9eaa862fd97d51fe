import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { readPidFile } from './postmaster-pid.ts';
import { killHard, nextOutput, runElsewhere, START_POSTGRES } from './testing/other-process.ts';
import { makeScratch, processesNaming, silentLog, until } from './testing/scratch.ts';

const limit = { timeout: 120_000 };

const start = (dataDir: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, log: silentLog });

async function query(at: EmbeddedPostgres['connection'], sql: string): Promise<unknown[]> {
  const client = new Client({ ...at, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(dataDir: string): Promise<number> {
  const file = await readPidFile(join(dataDir, 'postgres'));
  assert.ok(file !== undefined && file !== 'unreadable');
  return file.pid;
}

test('the first start makes a durable UTF-8 database that only its owner can reach', limit, async () => {
  await using scratch = await makeScratch();
  const dataDir = join(scratch.path, 'not', 'there', 'yet');
  const postgres = await start(dataDir);
  assert.equal(postgres.adopted, false);
  const settings = await query(
    postgres.connection,
    `SELECT current_database() AS database, current_user AS "user",
            current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
            current_setting('synchronous_commit') AS synchronous_commit,
            current_setting('listen_addresses') AS listen_addresses,
            current_setting('server_encoding') AS encoding, lower('ÇÃO') AS lower,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
  );
  const on = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', listen_addresses: '' };
  const names = { database: 'tronco', user: 'tronco', superuser: false };
  assert.deepEqual(settings, [{ ...names, ...on, encoding: 'UTF8', lower: 'ção' }]);
  assert.equal((await stat(postgres.connection.host)).mode & 0o777, 0o700);
  assert.equal((await stat(join(dataDir, 'postgres'))).mode & 0o777, 0o700);
  await postgres.stop();
  assert.deepEqual(await processesNaming(scratch.path), []);
});

test('the second start has the rows of the first, and the role may clone databases', limit, async () => {
  await using scratch = await makeScratch();
  const first = await start(scratch.path);
  await query(first.connection, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  await first.stop();
  const second = await start(scratch.path);
  assert.deepEqual(await query(second.connection, 'SELECT value FROM kept'), [{ value: 42 }]);
  await query({ ...second.connection, database: 'postgres' }, 'CREATE DATABASE cloned TEMPLATE tronco');
  assert.deepEqual(await query({ ...second.connection, database: 'cloned' }, 'SELECT value FROM kept'), [
    { value: 42 },
  ]);
  await second.stop();
});

test('what an earlier run left running is adopted with its rows, and stopped by us', limit, async () => {
  await using scratch = await makeScratch();
  const earlier = runElsewhere(START_POSTGRES, scratch.path);
  assert.equal(await nextOutput(earlier), 'started');
  const pid = await postmasterPid(scratch.path);
  await killHard(earlier);
  const postgres = await start(scratch.path);
  assert.equal(postgres.adopted, true);
  assert.equal(await postmasterPid(scratch.path), pid);
  assert.deepEqual(await query(postgres.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
  await postgres.stop();
  assert.deepEqual(await processesNaming(scratch.path), []);
});

test('one that an earlier run left and that does not answer is replaced', limit, async () => {
  await using scratch = await makeScratch();
  const earlier = runElsewhere(START_POSTGRES, scratch.path);
  await nextOutput(earlier);
  const pid = await postmasterPid(scratch.path);
  await killHard(earlier);
  process.kill(pid, 'SIGSTOP');
  const postgres = await start(scratch.path);
  assert.equal(postgres.adopted, false);
  assert.notEqual(await postmasterPid(scratch.path), pid);
  await postgres.stop();
});

for (const kind of ['started', 'adopted'] as const) {
  test(
    `kill -9 of a PostgreSQL that we ${kind}: it comes back at the same address with every row`,
    limit,
    async () => {
      await using scratch = await makeScratch();
      if (kind === 'adopted') {
        const earlier = runElsewhere(START_POSTGRES, scratch.path);
        await nextOutput(earlier);
        await killHard(earlier);
      }
      const postgres = await start(scratch.path);
      assert.equal(postgres.adopted, kind === 'adopted');
      await query(postgres.connection, 'CREATE TABLE kept (value int)');
      for (const round of [1, 2]) {
        await query(postgres.connection, `INSERT INTO kept VALUES (${round})`);
        const pid = await postmasterPid(scratch.path);
        process.kill(pid, 'SIGKILL');
        const rows = await until(async () => {
          const now = await readPidFile(join(scratch.path, 'postgres'));
          if (now === undefined || now === 'unreadable' || now.pid === pid) return undefined;
          return query(postgres.connection, 'SELECT count(*)::int AS n FROM kept').catch(() => undefined);
        });
        assert.deepEqual(rows, [{ n: round }]);
      }
      await postgres.stop();
      assert.deepEqual(await processesNaming(scratch.path), []);
    },
  );
}

test('stop during a restart leaves nothing running', limit, async () => {
  await using scratch = await makeScratch();
  const postgres = await start(scratch.path);
  process.kill(await postmasterPid(scratch.path), 'SIGKILL');
  await postgres.stop();
  assert.deepEqual(await processesNaming(join(scratch.path, 'postgres')), []);
});

test('a first start that was killed at any moment does not stand in the way of the next', limit, async () => {
  await using scratch = await makeScratch();
  for (const wanted of ['PG_VERSION', 'global', 'postgresql.conf']) {
    const dataDir = join(scratch.path, wanted);
    const earlier = runElsewhere(START_POSTGRES, dataDir);
    await until(async () => {
      const names = await readdir(dataDir, { recursive: true }).catch(() => []);
      return names.some((name) => name.endsWith(`/${wanted}`)) ? true : undefined;
    });
    await killHard(earlier);
    const postgres = await start(dataDir);
    assert.deepEqual(await query(postgres.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
    await postgres.stop();
  }
});

test(
  'a first start that was killed before it made the role and the database is completed',
  limit,
  async () => {
    await using scratch = await makeScratch();
    const first = await start(scratch.path);
    const admin = { ...first.connection, user: 'postgres', database: 'postgres' };
    await query(admin, 'DROP DATABASE tronco');
    await query(admin, 'DROP ROLE tronco');
    await first.stop();
    const second = await start(scratch.path);
    assert.deepEqual(await query(second.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
    await second.stop();
  },
);

test(
  'a lock file whose process id now belongs to another program does not stop the start',
  limit,
  async () => {
    await using scratch = await makeScratch();
    const first = await start(scratch.path);
    const pidFile = join(scratch.path, 'postgres', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    const lines = text.split('\n');
    await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    await writeFile(join(first.connection.host, '.s.PGSQL.5432.lock'), `${process.pid}\n`);
    const second = await start(scratch.path);
    assert.equal(second.adopted, false);
    await second.stop();
    await writeFile(pidFile, '');
    await (await start(scratch.path)).stop();
  },
);

test('a data directory with a path longer than a socket name may be works', limit, async () => {
  await using scratch = await makeScratch();
  const dataDir = join(scratch.path, 'd'.repeat(100), 'e'.repeat(100), 'with, comma "quote" and spaces');
  const postgres = await start(dataDir);
  assert.ok(postgres.connection.host.length < 100);
  assert.equal((await stat(postgres.connection.host)).mode & 0o777, 0o700);
  assert.deepEqual(await query(postgres.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
  await rm(postgres.connection.host, { recursive: true });
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  await until(() => query(postgres.connection, 'SELECT 1').catch(() => undefined));
  await postgres.stop();
  await rm(postgres.connection.host, { recursive: true });
});

test('a failed start says why in the words of PostgreSQL', limit, async () => {
  await using scratch = await makeScratch();
  await (await start(scratch.path)).stop();
  await writeFile(join(scratch.path, 'postgres', 'postgresql.conf'), 'nonsense = 1\n');
  await assert.rejects(start(scratch.path), {
    name: 'EmbeddedPostgresError',
    message: /unrecognized configuration parameter "nonsense"/,
  });
});

test('a large log is put aside and one older file is kept', limit, async () => {
  await using scratch = await makeScratch();
  const log = join(scratch.path, 'postgres.log');
  await mkdir(scratch.path, { recursive: true });
  await writeFile(log, 'x'.repeat(11 * 1024 * 1024));
  await (await start(scratch.path)).stop();
  assert.equal((await stat(`${log}.1`)).size, 11 * 1024 * 1024);
  assert.ok((await stat(log)).size < 1024 * 1024);
});

test('an aborted start leaves nothing running', limit, async () => {
  await using scratch = await makeScratch();
  const stopping = new AbortController();
  const starting = startEmbeddedPostgres({ dataDir: scratch.path, log: silentLog, signal: stopping.signal });
  await until(async () => ((await processesNaming(scratch.path)).length > 0 ? true : undefined));
  stopping.abort(new Error('enough'));
  await assert.rejects(starting, /enough/);
  await until(async () => ((await processesNaming(scratch.path)).length === 0 ? true : undefined));
  await (await start(scratch.path)).stop();
});
