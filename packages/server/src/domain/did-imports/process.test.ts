import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { ended, numbers, startImportRunner, upload } from '../../testing/imports.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';
import { sweepDidImports } from './sweep.ts';

describe('working on an import', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;

  before(async () => {
    test = await startTestApp();
  });
  beforeEach(async () => {
    env = await test.environment();
    trunk = await makeTrunk(env.send);
  });
  after(() => test.stop());

  /** Uploads and works it off on one node. */
  async function importNow(body: string, options: Parameters<typeof upload>[3] = {}) {
    const path = await upload(env.send, trunk, body, options);
    const runner = startImportRunner(test.platform);
    const result = await ended(env.send, path);
    await runner.stop();
    return { path, result, rows: (await env.send('GET', `${path}/rows`)).body.data };
  }

  const countDids = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM dids WHERE environment_id = ${env.id}`.execute(test.platform.db);
    return rows[0]?.n ?? -1;
  };

  const eventsOf = async (path: string): Promise<{ type: string; counts: Record<string, number> }[]> => {
    const { rows } = await sql<{ type: string; counts: Record<string, number> }>`
      SELECT type, after->'counts' AS counts FROM events
      WHERE environment_id = ${env.id} AND subject_id = ${path.split('/').at(-1)} ORDER BY id`.execute(
      test.platform.db,
    );
    return rows;
  };

  const MIXED = [
    'number,country_code,label',
    '+12025550100,,new',
    '+12025550101,,here already',
    '+12025550102,,elsewhere',
    '+12025550100,,again',
    '2025550103,,not E.164',
    '+442079460000,US,wrong country',
    '+1202555011X,,range',
    '+12025550104,,"stray"quote',
    '+12025550105,,x,too many',
  ].join('\n');

  async function prepareMixed(): Promise<{ other: string; elsewhere: string }> {
    const other = await makeTrunk(env.send);
    await makeDid(env.send, trunk, '+12025550101');
    return { other, elsewhere: await makeDid(env.send, other, '+12025550102') };
  }

  it('gives every number its verdict, with row and reason', async () => {
    const { other, elsewhere } = await prepareMixed();
    const { path, result, rows } = await importNow(MIXED);
    assert.deepEqual(result.counts, {
      created: 11,
      unchanged: 1,
      conflict: 1,
      duplicate_in_file: 1,
      invalid: 4,
    });
    assert.deepEqual([result.status, result.rows_total, result.rows_done], ['succeeded', 9, 9]);
    const byRow = (row: number) => rows.find((each: { row: number }) => each.row === row);
    const did = await env.send('GET', `sip-trunks/${trunk}/dids/${byRow(2).did_id}`);
    assert.deepEqual([did.body.data.number, did.body.data.label], ['+12025550100', 'new']);
    assert.deepEqual(byRow(3), { row: 3, number: '+12025550101', verdict: 'unchanged' });
    assert.deepEqual(byRow(4), {
      row: 4, number: '+12025550102', verdict: 'conflict', trunk_id: other, did_id: elsewhere,
    }); // prettier-ignore
    assert.deepEqual(byRow(5), {
      row: 5,
      number: '+12025550100',
      verdict: 'duplicate_in_file',
      first_row: 2,
    });
    assert.deepEqual(byRow(6).suggestion, { number: '+12025550103' });
    assert.equal(byRow(6).number, '2025550103');
    assert.deepEqual(Object.keys(byRow(7).errors), ['country_code']);
    assert.equal(rows.filter(({ row }: { row: number }) => row === 8).length, 10);
    assert.deepEqual([Object.keys(byRow(9).errors), Object.keys(byRow(10).errors)], [['row'], ['row']]);

    const invalid = await env.send('GET', `${path}/rows?verdict=invalid&page=2&per_page=3`);
    assert.deepEqual([invalid.body.data.length, invalid.body.pagination.total], [1, 4]);
    const lines = await env.send('GET', `${path}/rows?verdict=conflict`, undefined, {
      accept: 'application/x-ndjson',
    });
    assert.equal(lines.headers['content-type'], 'application/x-ndjson');
    assert.deepEqual(lines.body, byRow(4));
  });

  it('leaves a DID that is already on the trunk as it is', async () => {
    const id = await makeDid(env.send, trunk, '+12025550100');
    await env.send('PATCH', `sip-trunks/${trunk}/dids/${id}`, { label: 'mine' });
    await importNow('number,label\n+12025550100,theirs\n');
    const { body } = await env.send('GET', `sip-trunks/${trunk}/dids/${id}`);
    assert.equal(body.data.label, 'mine');
  });

  it('gives the same verdicts in a dry run and creates nothing', async () => {
    await prepareMixed();
    const before = await countDids();
    const dry = await importNow(MIXED, { query: 'country_code=US&dry_run=true' });
    assert.equal(await countDids(), before);
    const real = await importNow(MIXED);
    const strip = (rows: object[]) => rows.map((row) => ({ ...row, did_id: undefined }));
    assert.deepEqual(strip(dry.rows), strip(real.rows));
    assert.deepEqual(dry.result.counts, real.result.counts);
  });

  it('creates nothing twice when the same file comes again', async () => {
    const file = numbers(20);
    await importNow(file);
    const { result } = await importNow(file);
    assert.deepEqual([result.counts.unchanged, await countDids()], [20, 20]);
  });

  it('finds duplicates across the pieces of a file', async () => {
    const { result, rows } = await importNow(`${numbers(12_000)}${numbers(3)}`);
    assert.equal(result.counts.duplicate_in_file, 3);
    assert.deepEqual(rows.slice(-1)[0], {
      row: 12_003, number: '+12025550002', verdict: 'duplicate_in_file', first_row: 3,
    }); // prettier-ignore
  });

  it('keeps the order of the file in the ids of its DIDs', async () => {
    await importNow(numbers(50, 2_025_550_900).split('\n').toReversed().join('\n'));
    const { body } = await env.send('GET', `sip-trunks/${trunk}/dids`);
    assert.equal(body.data[0].number, '+12025550949');
  });

  it('writes one event at the start and one at the end, with the counts', async () => {
    const { path } = await importNow(numbers(6_000));
    const events = await eventsOf(path);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['did.import_started', 'did.import_finished'],
    );
    assert.equal(events[1]?.counts.created, 6_000);
  });

  /** Stops a node after its first batch, as if it had died there. */
  async function interrupted(path: string): Promise<number> {
    const written = Promise.withResolvers<void>();
    const runner = startImportRunner(test.platform, () => {
      written.resolve(runner.stop());
    });
    await written.promise;
    const { body } = await env.send('GET', path);
    assert.equal(body.data.status, 'running');
    return body.data.rows_done;
  }

  it('goes on on another node where one stopped: nothing lost, nothing twice', async () => {
    const path = await upload(env.send, trunk, `${numbers(22_000)}${numbers(5)}`);
    const done = await interrupted(path);
    assert.ok(done > 0 && done < 22_005);
    const second = startImportRunner(test.platform);
    const result = await ended(env.send, path);
    await second.stop();
    assert.equal(second.rowsImported(), 22_005 - done);
    assert.deepEqual([result.counts.created, result.counts.duplicate_in_file], [22_000, 5]);
    assert.deepEqual([result.counts.unchanged, await countDids()], [0, 22_000]);
    assert.equal((await eventsOf(path)).length, 2);
  });

  it('goes on inside a range that was half done', async () => {
    const path = await upload(env.send, trunk, '+1202556XXXX\n+1202557XXXX\n+1202558XXXX\n');
    await interrupted(path);
    const second = startImportRunner(test.platform);
    const result = await ended(env.send, path);
    await second.stop();
    assert.deepEqual([result.counts.created, result.rows_done, await countDids()], [30_000, 3, 30_000]);
  });

  it('is done once however many nodes work', async () => {
    const paths = await Promise.all(
      [0, 1, 2].map((i) => upload(env.send, trunk, numbers(8_000, 2_025_560_000 + i * 8_000))),
    );
    const nodes = [0, 1, 2].map(() => startImportRunner(test.platform));
    const results = await Promise.all(paths.map((path) => ended(env.send, path)));
    await Promise.all(nodes.map((node) => node.stop()));
    assert.equal(
      nodes.reduce((sum, node) => sum + node.rowsImported(), 0),
      24_000,
    );
    assert.ok(results.every(({ counts }) => counts.created === 8_000));
    assert.equal(await countDids(), 24_000);
  });

  it('shares one number between two imports and a request without an error', async () => {
    const second = await makeTrunk(env.send);
    const file = numbers(6_000);
    const paths = [await upload(env.send, trunk, file), await upload(env.send, second, file)];
    const nodes = [startImportRunner(test.platform), startImportRunner(test.platform)];
    const results = await Promise.all(paths.map((path) => ended(env.send, path)));
    await Promise.all(nodes.map((node) => node.stop()));
    const sum = (verdict: string) => results.reduce((all, { counts }) => all + counts[verdict], 0);
    assert.deepEqual([sum('created'), sum('conflict'), await countDids()], [6_000, 6_000, 6_000]);
  });

  it('stops when it is cancelled, keeps what it has, and goes on when it is resumed', async () => {
    const path = await upload(env.send, trunk, numbers(22_000));
    let cancelled: Promise<unknown> | undefined;
    const runner = startImportRunner(test.platform, () => {
      cancelled ??= env.send('POST', `${path}/cancel`);
    });
    const stopped = await ended(env.send, path);
    assert.equal(stopped.status, 'cancelled');
    assert.ok(stopped.finished_at);
    const { rows_done } = (await env.send('GET', path)).body.data;
    assert.ok(rows_done > 0 && rows_done < 22_000);
    assert.equal(await countDids(), rows_done);

    const resumed = await env.send('POST', `${path}/resume`);
    assert.deepEqual([resumed.status, resumed.body.data.status], [202, 'queued']);
    const result = await ended(env.send, path);
    await runner.stop();
    assert.deepEqual([result.status, result.counts.created], ['succeeded', 22_000]);
    assert.deepEqual(
      (await eventsOf(path)).map(({ type }) => type),
      ['did.import_started', 'did.import_cancelled', 'did.import_resumed', 'did.import_finished'],
    );
  });

  it('is cancelled before it begins', async () => {
    const path = await upload(env.send, trunk, numbers(1));
    const { status, body } = await env.send('POST', `${path}/cancel`);
    assert.deepEqual([status, body.data.status], [200, 'cancelled']);
    const runner = startImportRunner(test.platform);
    await importNow(numbers(1, 2_025_559_999));
    await runner.stop();
    assert.equal(await countDids(), 1);
  });

  it('ends quietly when its trunk is deleted', async () => {
    const path = await upload(env.send, trunk, numbers(1));
    assert.equal((await env.send('DELETE', `sip-trunks/${trunk}`)).status, 200);
    trunk = await makeTrunk(env.send);
    await importNow(numbers(1));
    assert.equal((await env.send('GET', path)).status, 404);
    const { rows } = await sql`SELECT 1 FROM jobs`.execute(test.platform.db);
    assert.equal(rows.length, 0);
  });

  it('keeps the counts for good, the rows for 30 days, and broken uploads for one', async () => {
    const { path } = await importNow(numbers(2));
    await sql`
      INSERT INTO did_imports (environment_id, id, trunk_id, format, dry_run, status, actor, request_id, created_at)
      SELECT environment_id, gen_random_uuid(), trunk_id, format, dry_run, 'uploading', actor, request_id, created_at
      FROM did_imports WHERE environment_id = ${env.id}`.execute(test.platform.db);
    const count = async (): Promise<number> =>
      (await sql`SELECT 1 FROM did_imports WHERE environment_id = ${env.id}`.execute(test.platform.db)).rows
        .length;
    const day = 24 * 60 * 60_000;
    const at = (ms: number) => ({
      ...test.platform,
      clock: { now: () => new Date(test.platform.clock.now().getTime() + ms) },
    });
    await sweepDidImports(at(day - 1_000));
    assert.equal(await count(), 2);
    await sweepDidImports(at(day + 1_000));
    assert.equal(await count(), 1);
    assert.equal((await env.send('GET', `${path}/rows`)).body.data.length, 2);
    await sweepDidImports(at(30 * day + 1_000));
    assert.equal((await env.send('GET', `${path}/rows`)).body.data.length, 0);
    assert.equal((await env.send('GET', path)).body.data.counts.created, 2);
  });
});
