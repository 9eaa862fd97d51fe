import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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

/** Everything that makes a CSV cell hard: quotes, line ends, formulas, apostrophes, separators in tags. */
const AWKWARD = [
  {
    number: '+12025550100',
    country_code: 'US',
    label: '=HYPERLINK("x")',
    tags: ['a;b', 'c\\d', '=e'],
    note: '-1',
  },
  { number: '+12025550101', country_code: 'CA', label: "'=x", tags: [], note: 'two\nlines, "quoted"' },
  { number: '+442079460100', country_code: 'GB', label: null, tags: ['Zürich 📞'], note: null },
];

describe('DID export', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let runner: TestRunner;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    runner = startImportRunner(test.platform);
    const file = AWKWARD.map((each) => `${JSON.stringify(each)}\n`).join('');
    await ended(env.send, await upload(env.send, trunk, file, { headers: NDJSON }));
  });
  after(async () => {
    await runner.stop();
    await test.stop();
  });

  const detailsOf = async (send: TestEnvironment['send'], trunkId: string): Promise<object[]> => {
    const { body } = await send('GET', `sip-trunks/${trunkId}/dids?include=details&sort=number`);
    return body.data.map(({ number, country_code, label, tags, note }: Record<string, unknown>) => ({
      number, country_code, label, tags, note,
    })); // prettier-ignore
  };

  it('is CSV that spreadsheets do not run, as a file', async () => {
    const { status, body, headers } = await env.send('GET', `sip-trunks/${trunk}/dids/export?sort=number`);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8');
    assert.equal(headers['content-disposition'], 'attachment; filename="dids-2026-01-15.csv"');
    assert.deepEqual(body.split('\r\n').slice(0, 2), [
      'number,country_code,label,tags,note',
      String.raw`+12025550100,US,"'=HYPERLINK(""x"")","a\;b;c\\d;=e",'-1`,
    ]);
  });

  for (const [format, type] of [
    ['csv', CSV],
    ['ndjson', NDJSON],
  ] as const) {
    it(`comes back unchanged when its ${format} is imported elsewhere`, async () => {
      const other = await test.environment();
      const otherTrunk = await makeTrunk(other.send);
      const { payload } = await test.app.inject({
        url: `/api/v1/phone-numbers/export?format=${format}`,
        headers: { authorization: `Bearer ${env.token}` },
      });
      const result = await ended(
        other.send,
        await upload(other.send, otherTrunk, payload, { headers: type, query: '' }),
      );
      assert.deepEqual([result.counts.created, result.counts.invalid], [3, 0]);
      assert.deepEqual(await detailsOf(other.send, otherTrunk), AWKWARD);
    });
  }

  it('names the trunk of each number where there are several', async () => {
    const { body, headers } = await env.send('GET', 'phone-numbers/export?search=442079460100');
    assert.match(String(headers['content-disposition']), /phone-numbers-2026-01-15\.csv/);
    const [header, line] = body.split('\r\n');
    assert.match(header, /,trunk_id$/);
    assert.ok(line.endsWith(trunk));
  });

  it('has the format that is asked for, by parameter before header', async () => {
    const typeOf = async (query: string, accept: string): Promise<unknown> => {
      const url = `/api/v1/sip-trunks/${trunk}/dids/export${query}`;
      const headers = { authorization: `Bearer ${env.token}`, accept };
      return (await test.app.inject({ url, headers })).headers['content-type'];
    };
    assert.match(String(await typeOf('', '*/*')), /^text\/csv/);
    assert.match(String(await typeOf('', 'text/csv;q=0.5, application/x-ndjson')), /^application\/x-ndjson/);
    assert.match(String(await typeOf('?format=csv', 'application/x-ndjson')), /^text\/csv/);
  });

  it('has the filters of the list', async () => {
    for (const [query, count] of [
      ['country_code=GB', 1],
      ['search=2025550', 2],
      ['assigned=true', 0],
      ['tag=a%3Bb', 1],
    ] as const) {
      const { body } = await env.send('GET', `sip-trunks/${trunk}/dids/export?${query}`);
      assert.equal(body.split('\r\n').length - 2, count, query);
    }
    const { status, body } = await env.send('GET', `sip-trunks/${trunk}/dids/export?format=xml&page=1`);
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.errors).toSorted(), ['format', 'page']);
  });

  it('is whole however long it is', async () => {
    const big = await makeTrunk(env.send);
    await ended(env.send, await upload(env.send, big, numbers(2_500, 2_025_560_000)));
    const { body } = await env.send('GET', `sip-trunks/${big}/dids/export`);
    assert.equal(new Set(body.split('\r\n')).size, 2_500 + 2);
  });

  it('is empty but for the header when there is nothing', async () => {
    const empty = await makeTrunk(env.send);
    const { body } = await env.send('GET', `sip-trunks/${empty}/dids/export`);
    assert.equal(body, 'number,country_code,label,tags,note\r\n');
  });

  it('answers 401, 403 and 404 as the list does', async () => {
    const other = await test.environment();
    const url = `sip-trunks/${trunk}/dids/export`;
    assert.equal((await test.sendWith(undefined)('GET', url)).status, 401);
    assert.equal((await (await test.sendAs(env.id, ['trunks:*']))('GET', url)).status, 403);
    for (const [send, path] of [
      [other.send, url],
      [env.send, `sip-trunks/${MISSING}/dids/export`],
      [env.send, 'sip-trunks/nonsense/dids/export'],
    ] as const) {
      const { status, body } = await send('GET', path);
      assert.deepEqual([status, body.code], [404, 'TRUNK_NOT_FOUND']);
    }
    assert.equal((await test.sendWith(undefined)('GET', 'phone-numbers/export')).status, 401);
    assert.equal(
      (await (await test.sendAs(env.id, ['trunks:*']))('GET', 'phone-numbers/export')).status,
      403,
    );
  });
});
