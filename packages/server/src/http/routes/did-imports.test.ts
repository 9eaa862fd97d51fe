import assert from 'node:assert/strict';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { makeTrunk } from '../../testing/fixtures.ts';
import {
  CSV,
  ended,
  NDJSON,
  numbers,
  startImportRunner,
  type TestRunner,
  upload,
} from '../../testing/imports.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('DID import over HTTP', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let runner: TestRunner;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    runner = startImportRunner(test.platform);
  });
  after(async () => {
    await runner.stop();
    await test.stop();
  });

  const imports = (): string => `sip-trunks/${trunk}/dids/imports`;
  const post = (body: string, query = 'country_code=US', headers: Record<string, string> = CSV) =>
    env.send('POST', `sip-trunks/${trunk}/dids/import?${query}`, body, headers);
  const leftovers = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM did_imports WHERE status = 'uploading'`.execute(test.platform.db);
    return rows[0]?.n ?? -1;
  };

  it('answers 202 with the queued import and where to follow it', async () => {
    const { status, body, headers } = await post('+12025550100\n');
    assert.equal(status, 202);
    const { id, ...rest } = body.data;
    assert.equal(headers.location, `/api/v1/${imports()}/${id}`);
    assert.deepEqual(rest, {
      trunk_id: trunk,
      status: 'queued',
      dry_run: false,
      format: 'csv',
      country_code: 'US',
      rows_total: 1,
      rows_done: 0,
      percent: 0,
      counts: { created: 0, unchanged: 0, conflict: 0, duplicate_in_file: 0, invalid: 0 },
      rows_per_second: null,
      error: null,
      created_at: '2026-01-15T12:00:00.000Z',
      started_at: null,
      finished_at: null,
    });
    const done = await ended(env.send, `${imports()}/${id}`);
    assert.deepEqual([done.status, done.percent, done.counts.created], ['succeeded', 100, 1]);
  });

  it('imports every field of CSV and NDJSON', async () => {
    const csv = 'Number;label;tags;note;country_code\n+12025550101;"A ""b""";"x;y";"two\nlines";us\n';
    await ended(env.send, await upload(env.send, trunk, csv, { query: '' }));
    const line = JSON.stringify({
      number: '+442079460101',
      country_code: 'GB',
      tags: ['x'],
      note: 'n',
      label: 'L',
    });
    await ended(env.send, await upload(env.send, trunk, `${line}\n`, { query: '', headers: NDJSON }));
    const { body } = await env.send('GET', `sip-trunks/${trunk}/dids?include=details&tag=x&sort=number`);
    assert.deepEqual(
      body.data.map(({ number, country_code, label, tags, note }: Record<string, unknown>) => ({
        number, country_code, label, tags, note,
      })),
      [
        { number: '+12025550101', country_code: 'US', label: 'A "b"', tags: ['x', 'y'], note: 'two\nlines' },
        { number: '+442079460101', country_code: 'GB', label: 'L', tags: ['x'], note: 'n' },
      ],
    ); // prettier-ignore
  });

  it('is one import for one Idempotency-Key, and refuses the key for another file', async () => {
    const headers = { ...CSV, 'idempotency-key': 'file-1' };
    const first = await post('+12025550110\n', 'country_code=US', headers);
    await ended(env.send, `${imports()}/${first.body.data.id}`);
    const again = await post('+12025550110\n', 'country_code=US', headers);
    assert.equal(again.status, 202);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.deepEqual([again.body.data.id, again.body.data.status], [first.body.data.id, 'succeeded']);
    for (const other of [
      await post('+12025550111\n', 'country_code=US', headers),
      await post('+12025550110\n', 'country_code=US&dry_run=true', headers),
    ]) {
      assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    const invalid = await post('+12025550110\n', 'country_code=US', { ...CSV, 'idempotency-key': 'ü' });
    assert.equal(invalid.status, 422);
    assert.equal(await leftovers(), 0);
  });

  it('makes one import of twenty simultaneous requests with one key', async () => {
    const headers = { ...CSV, 'idempotency-key': 'file-20' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('+12025550120\n', 'country_code=US', headers)),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    assert.equal(new Set(answers.map(({ body }) => body.data.id)).size, 1);
    assert.equal(await leftovers(), 0);
  });

  it('refuses files as a whole with 422 and leaves nothing', async () => {
    for (const [file, field] of [
      ['', 'body'],
      ['number,country_code\n\n', 'body'],
      ['number,color\n+12025550130,red\n', 'columns.color'],
      ['label\na\n', 'columns.number'],
      ['number\n+12025550130\n', 'country_code'],
    ] as const) {
      const { status, body } = await post(file, '');
      assert.equal(status, 422, file);
      assert.ok(body.errors[field], JSON.stringify(body));
    }
    const { status, body } = await post('+1\n', 'country_code=XX&dry_run=maybe&colour=red');
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.errors).toSorted(), ['colour', 'country_code', 'dry_run']);
    assert.equal(await leftovers(), 0);
  });

  it('takes only CSV and NDJSON, in plain UTF-8; other routes still refuse both', async () => {
    for (const headers of [
      { 'content-type': 'application/json' },
      { 'content-type': 'application/xml' },
      { 'content-type': 'text/csv; charset=iso-8859-1' },
      { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    ]) {
      const { status, body } = await post('+12025550131\n', 'country_code=US', headers);
      assert.deepEqual([status, body.code], [415, 'UNSUPPORTED_MEDIA_TYPE'], JSON.stringify(headers));
    }
    assert.equal((await env.send('POST', `sip-trunks/${trunk}/dids/import`)).status, 415);
    assert.equal(
      (await post('+12025550131\n', 'country_code=US', { 'content-type': 'text/csv; charset=UTF-8' })).status,
      202,
    );
    for (const headers of [CSV, NDJSON]) {
      const { status } = await env.send('POST', `sip-trunks/${trunk}/dids`, '{}', headers);
      assert.equal(status, 415);
    }
  });

  it('refuses what is longer than 256 MiB and leaves nothing, whether the length was told or not', async () => {
    const headers = { authorization: `Bearer ${env.token}`, ...CSV };
    const url = `/api/v1/sip-trunks/${trunk}/dids/import?country_code=US`;
    const told = await test.app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'content-length': String(256 * 1024 * 1024 + 1) },
      payload: Readable.from(['+12025550140\n']),
    });
    assert.deepEqual([told.statusCode, told.json().code], [413, 'PAYLOAD_TOO_LARGE']);

    const blank = Buffer.alloc(1024 * 1024, '\n');
    const payload = Readable.from([Buffer.from(numbers(6_000)), ...Array.from({ length: 256 }, () => blank)]);
    const untold = await test.app.inject({ method: 'POST', url, headers, payload });
    assert.deepEqual([untold.statusCode, untold.json().code], [413, 'PAYLOAD_TOO_LARGE']);
    assert.equal(await leftovers(), 0);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const address = await test.app.listen({ host: '127.0.0.1', port: 0 });
    const before = await countImports();
    const outgoing = request(`${address}/api/v1/sip-trunks/${trunk}/dids/import?country_code=US`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.token}`, ...CSV },
    });
    outgoing.on('error', () => {});
    outgoing.write(numbers(6_000));
    while ((await leftovers()) === 0) await sleep(10);
    outgoing.destroy();
    while ((await leftovers()) > 0) await sleep(10);
    assert.equal(await countImports(), before);
  });

  const countImports = async (): Promise<number> =>
    (await env.send('GET', `${imports()}?per_page=1`)).body.pagination.total;

  it('lists the imports of a trunk, newest first, whole or paged', async () => {
    const path = await upload(env.send, trunk, '+12025550150\n', { query: 'country_code=US&dry_run=true' });
    const { body } = await env.send('GET', imports());
    assert.equal(path, `${imports()}/${body.data[0].id}`);
    assert.deepEqual([body.data[0].dry_run, body.pagination], [true, undefined]);
    const paged = await env.send('GET', `${imports()}?page=2&per_page=1`);
    assert.equal(paged.body.data[0].id, body.data[1].id);
    assert.equal(paged.body.pagination.total, body.data.length);
    assert.equal((await env.send('GET', `${imports()}?colour=red`)).status, 422);
  });

  it('answers 404 for what does not exist or belongs to another environment', async () => {
    const path = await upload(env.send, trunk, '+12025550160\n');
    const other = await test.environment();
    const otherTrunk = await makeTrunk(env.send);
    const id = path.split('/').at(-1) ?? '';
    for (const [send, method, url, code, body] of [
      [
        other.send,
        'POST',
        `sip-trunks/${trunk}/dids/import?country_code=US`,
        'TRUNK_NOT_FOUND',
        '+12025550161',
      ],
      [
        env.send,
        'POST',
        `sip-trunks/${MISSING}/dids/import?country_code=US`,
        'TRUNK_NOT_FOUND',
        '+12025550161',
      ],
      [
        env.send,
        'POST',
        'sip-trunks/nonsense/dids/import?country_code=US',
        'TRUNK_NOT_FOUND',
        '+12025550161',
      ],
      [other.send, 'GET', imports(), 'TRUNK_NOT_FOUND'],
      [other.send, 'GET', path, 'IMPORT_NOT_FOUND'],
      [other.send, 'GET', `${path}/rows`, 'IMPORT_NOT_FOUND'],
      [other.send, 'POST', `${path}/cancel`, 'IMPORT_NOT_FOUND'],
      [other.send, 'POST', `${path}/resume`, 'IMPORT_NOT_FOUND'],
      [env.send, 'GET', `${imports()}/${MISSING}`, 'IMPORT_NOT_FOUND'],
      [env.send, 'GET', `${imports()}/nonsense`, 'IMPORT_NOT_FOUND'],
      [env.send, 'GET', `sip-trunks/${otherTrunk}/dids/imports/${id}`, 'IMPORT_NOT_FOUND'],
      [env.send, 'POST', `sip-trunks/${otherTrunk}/dids/imports/${id}/cancel`, 'IMPORT_NOT_FOUND'],
    ] as const) {
      const answer = await send(method, url, body, body === undefined ? {} : CSV);
      assert.deepEqual([answer.status, answer.body.code], [404, code], `${method} ${url}`);
    }
  });

  it('needs dids:write to change and dids:read to read', async () => {
    const path = await upload(env.send, trunk, '+12025550170\n');
    const reader = await test.sendAs(env.id, ['dids:read']);
    const stranger = await test.sendAs(env.id, ['trunks:*']);
    assert.equal((await reader('GET', path)).status, 200);
    for (const [send, method, url] of [
      [reader, 'POST', `sip-trunks/${trunk}/dids/import`],
      [reader, 'POST', `${path}/cancel`],
      [reader, 'POST', `${path}/resume`],
      [stranger, 'GET', imports()],
      [stranger, 'GET', path],
      [stranger, 'GET', `${path}/rows`],
    ] as const) {
      const { status, body } = await send(method, url);
      assert.deepEqual([status, body.code], [403, 'FORBIDDEN'], url);
    }
    assert.equal((await test.sendWith(undefined)('GET', path)).status, 401);
  });

  it('can be cancelled and resumed only while that means something', async () => {
    const path = await upload(env.send, trunk, '+12025550180\n');
    await ended(env.send, path);
    const cancel = await env.send('POST', `${path}/cancel`);
    assert.deepEqual([cancel.status, cancel.body.code], [409, 'IMPORT_NOT_CANCELLABLE']);
    const resume = await env.send('POST', `${path}/resume`);
    assert.deepEqual([resume.status, resume.body.code], [409, 'IMPORT_NOT_RESUMABLE']);
  });
});
