import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { type Database, openDatabase } from '../../packages/server/src/storage/database.ts';
import { knownMigrations, migrate } from '../../packages/server/src/storage/migrate.ts';
import { type TestPostgres, testPostgres } from '../../packages/server/src/testing/postgres.ts';
import { databaseUrl } from '../support/database-url.ts';
import { dumpRows, dumpSchema, tablesOf } from '../support/schema-dump.ts';
import { launchServer, spokenLines } from '../support/server-process.ts';
import { insertSampleRows } from './sample-rows.ts';

const FOLDER = new URL('../../packages/server/src/storage/migrations/', import.meta.url);
const known = await knownMigrations();

describe('migrations', { timeout: 120_000 }, () => {
  let postgres: TestPostgres;
  let scratch: string;
  let fresh: string[];
  const open: Database[] = [];
  before(async () => {
    postgres = await testPostgres();
    scratch = await mkdtemp(join(tmpdir(), 'tronco-proof-'));
    const db = await emptyDatabase();
    await migrate(db);
    fresh = await dumpSchema(db);
  });
  after(async () => {
    await Promise.all(open.map((db) => db.destroy()));
    await postgres.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  async function emptyDatabase(): Promise<Database> {
    const db = openDatabase(await postgres.empty(), () => {});
    open.push(db);
    return db;
  }

  type Rows = Record<string, Record<string, unknown>[]>;
  async function everyRow(db: Database): Promise<Rows> {
    const tables = await tablesOf(db);
    return Object.fromEntries(
      await Promise.all(tables.map(async (table) => [table, await dumpRows(db, table)] as const)),
    );
  }

  /** A copy of this release's files with one more, or without the last. */
  async function otherRelease(name: string, change: (folder: string) => Promise<void>): Promise<URL> {
    const folder = join(scratch, name);
    await cp(FOLDER, folder, { recursive: true });
    await change(folder);
    return pathToFileURL(`${folder}/`);
  }

  for (const [index, name] of known.entries()) {
    it(`from ${name}: every row is still there unchanged, and the schema is that of a fresh database`, async () => {
      const db = await emptyDatabase();
      assert.deepEqual(await migrate(db, name), known.slice(0, index + 1));
      await insertSampleRows(db);
      const rows = await everyRow(db);
      assert.ok(Object.values(rows).every((list) => list.length === 1));
      assert.deepEqual(await migrate(db), known.slice(index + 1));
      const now = await everyRow(db);
      for (const [table, [row]] of Object.entries(rows)) {
        const kept = now[table]?.[0] ?? {};
        // A later migration may add columns; what was there must read as it did.
        const same = Object.fromEntries(Object.keys(row!).map((column) => [column, kept[column]]));
        assert.deepEqual([now[table]?.length, same], [1, row], table);
      }
      assert.deepEqual(await dumpSchema(db), fresh);
    });
  }

  it('one after another gives the same schema as all at once', async () => {
    const db = await emptyDatabase();
    for (const name of known) assert.deepEqual(await migrate(db, name), [name]);
    assert.deepEqual(await dumpSchema(db), fresh);
    assert.deepEqual(await migrate(db), []);
  });

  it('one that fails leaves nothing behind, on an empty database and on a used one', async () => {
    const broken = await otherRelease('broken', (folder) =>
      writeFile(join(folder, '9999_broken.sql'), 'CREATE TABLE half (id int); SELECT 1 / 0;'),
    );
    const empty = await emptyDatabase();
    await assert.rejects(migrate(empty, undefined, broken), /Migration failed: division by zero/);
    assert.deepEqual(await tablesOf(empty), []);
    assert.deepEqual(await migrate(empty), known);

    const used = await emptyDatabase();
    await migrate(used);
    await insertSampleRows(used);
    const rows = await everyRow(used);
    await assert.rejects(migrate(used, undefined, broken), /division by zero/);
    assert.deepEqual(await dumpSchema(used), fresh);
    assert.deepEqual(await everyRow(used), rows);
    assert.deepEqual(await migrate(used), []);
  });

  it('an older program refuses a newer database with one clear sentence, and changes nothing', async () => {
    const settings = await postgres.empty();
    const db = openDatabase(settings, () => {});
    open.push(db);
    const newer = await otherRelease('newer', (folder) =>
      writeFile(join(folder, '9999_next.sql'), 'CREATE TABLE next (id uuid PRIMARY KEY);'),
    );
    await migrate(db, undefined, newer);
    const schema = await dumpSchema(db);
    await assert.rejects(migrate(db), /migrated by a newer release of Tronco; start that release/);
    const program = launchServer({
      TRONCO_DATA_DIR: join(scratch, 'data'),
      DATABASE_URL: databaseUrl(settings),
    });
    assert.deepEqual(await program.ended, { code: 1, signal: null });
    const lines = spokenLines(program.stderr());
    assert.equal(lines.length, 1, program.stderr());
    assert.match(lines[0]!, /newer release of Tronco/);
    assert.deepEqual(await dumpSchema(db), schema);
  });

  it('many at once: one applies each file, the others wait and find nothing to do', async () => {
    const settings = await postgres.empty();
    const nodes = Array.from({ length: 6 }, () => openDatabase(settings, () => {}));
    open.push(...nodes);
    const applied = await Promise.all(nodes.map((db) => migrate(db)));
    assert.deepEqual(
      applied.filter((list) => list.length > 0),
      [known],
    );
    assert.deepEqual(await dumpSchema(nodes[0]!), fresh);
  });

  it('numbers run without a gap and none is used twice', async () => {
    const numbers = known.map((name) => Number(/^(\d{4})_[a-z_]+$/.exec(name)?.[1]));
    assert.deepEqual(
      numbers,
      known.map((_, index) => index + 1),
    );
  });

  /**
   * `migrations/released.json` holds the sha256 of every file that a release contained: a database out
   * there has run exactly that text. At a release, the new files' lines are added.
   */
  it('what was released is never edited, renamed or overtaken', async () => {
    const released = JSON.parse(await readFile(new URL('released.json', FOLDER), 'utf8')) as Record<
      string,
      string
    >;
    const names = Object.keys(released).toSorted();
    assert.deepEqual(names, known.slice(0, names.length), 'a released migration is missing or came later');
    for (const name of names) {
      const text = await readFile(new URL(`${name}.sql`, FOLDER));
      const sha256 = createHash('sha256').update(text).digest('hex');
      assert.equal(sha256, released[name], `${name} was released: write a new migration instead`);
    }
    const files = await readdir(FOLDER);
    assert.deepEqual(files.toSorted(), [...known.map((name) => `${name}.sql`), 'released.json'].toSorted());
  });
});
