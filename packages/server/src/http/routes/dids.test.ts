import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
const SEED = { country_code: 'US', number: '+15551234567' };

describe('POST /sip-trunks/{trunk_id}/dids (contract §12.9)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let dids: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    dids = `sip-trunks/${trunk}/dids`;
  });
  after(() => test.stop());

  const numbersOf = async (send = env.send) =>
    (await send('GET', 'sip-trunks')).body.data.length > 0
      ? (await send('GET', dids)).body.data.map((item: { number: string }) => item.number)
      : [];

  it('answers exactly the contract’s five fields, then 409 with its sentence and code', async () => {
    const { status, body, headers } = await env.send('POST', dids, SEED);
    assert.equal(status, 201);
    assert.deepEqual(body, {
      success: true,
      data: {
        id: body.data.id,
        number: '+15551234567',
        country_code: 'US',
        formatted_number: '(555) 123-4567',
        trunk_id: trunk,
      },
    });
    assert.equal(headers.location, `/api/v1/${dids}/${body.data.id}`);

    const again = await env.send('POST', dids, SEED);
    assert.equal(again.status, 409);
    const { request_id: _id, ...rest } = again.body;
    assert.deepEqual(rest, {
      success: false,
      message: 'This number is already registered in your environment',
      code: 'DID_ALREADY_EXISTS',
    });
  });

  it('is unique over all trunks of the environment, and free in another environment', async () => {
    const second = await makeTrunk(env.send);
    assert.equal((await env.send('POST', `sip-trunks/${second}/dids`, SEED)).status, 409);
    const other = await test.environment();
    await makeDid(other.send, await makeTrunk(other.send), SEED.number);
  });

  it('ends twenty simultaneous requests for one number with one 201, nineteen 409 and one row', async () => {
    const body = { country_code: 'US', number: '+15557770000' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => env.send('POST', dids, body)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    assert.deepEqual([count(201), count(409)], [1, 19]);
    const rows = await test.platform.db
      .selectFrom('dids')
      .select('id')
      .where('number', '=', body.number)
      .execute();
    assert.equal(rows.length, 1);
    const events = await test.platform.db
      .selectFrom('events')
      .select('id')
      .where('subject_id', '=', rows[0]!.id)
      .execute();
    assert.equal(events.length, 1);
  });

  it('refuses what is no E.164 with 422 on number, and changes nothing', async () => {
    const before = await numbersOf();
    const bad = [
      '', ' ', null, 15551234567, ['+15551234567'], {}, true, '911', '+1 555 123 4567', '+15551234567x12',
      'sip:+15551234567@carrier.com', 'tel:+15551234567', '+123456', '+1234567890123456', '+15551234567\0',
    ]; // prettier-ignore
    for (const number of bad) {
      const { status, body } = await env.send('POST', dids, { country_code: 'US', number });
      assert.equal(status, 422, JSON.stringify(number));
      assert.equal(body.code, 'VALIDATION_ERROR');
      assert.ok(body.errors.number.length > 0);
    }
    assert.equal(
      (await env.send('POST', dids, { country_code: 'US' })).body.errors.number[0],
      'The number field is required.',
    );
    assert.deepEqual(await numbersOf(), before);
  });

  it('suggests the E.164 form that was probably meant', async () => {
    const { body } = await env.send('POST', dids, { country_code: 'BR', number: '(11) 98765-4321' });
    assert.deepEqual(body.details, { suggestion: { number: '+5511987654321' } });
  });

  it('names both calling codes when country and number disagree', async () => {
    const { status, body } = await env.send('POST', dids, { country_code: 'US', number: '+442079460123' });
    assert.equal(status, 422);
    assert.match(body.errors.country_code[0], /US.*\+1.*\+44/);
    assert.equal(body.errors.number, undefined);
  });

  it('takes the country in either case and refuses what is none', async () => {
    const { body } = await env.send('POST', dids, { country_code: 'gb', number: '+447700900123' });
    assert.equal(body.data.country_code, 'GB');
    for (const country_code of ['XX', 'USA', '', 'U', null, 1, 'Ｕ', '🇺🇸']) {
      const refused = await env.send('POST', dids, { country_code, number: '+15551230000' });
      assert.equal(refused.status, 422, JSON.stringify(country_code));
      assert.ok(refused.body.errors.country_code);
    }
  });

  it('answers one 404 for an unknown, a malformed and a foreign trunk', async () => {
    const other = await test.environment();
    const foreign = await makeTrunk(other.send);
    const answers = await Promise.all(
      [MISSING, 'trunk-uuid-1', foreign].map((id) =>
        env.send('POST', `sip-trunks/${id}/dids`, { country_code: 'US', number: '+15559990000' }),
      ),
    );
    for (const { status, body } of answers) {
      const { request_id: _id, ...rest } = body;
      assert.equal(status, 404);
      assert.deepEqual(rest, { success: false, message: 'SIP trunk not found', code: 'TRUNK_NOT_FOUND' });
    }
    assert.deepEqual((await other.send('GET', `sip-trunks/${foreign}/dids`)).body.data, []);
  });

  it('needs dids:write', async () => {
    const reader = await test.sendAs(env.id, ['dids:read', 'trunks:*']);
    const { status, body } = await reader('POST', dids, { country_code: 'US', number: '+15558880000' });
    assert.deepEqual([status, body.code, body.details.required_scope], [403, 'FORBIDDEN', 'dids:write']);
  });
});

describe('one DID', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let did: string;
  let path: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    did = await makeDid(env.send, trunk);
    path = `sip-trunks/${trunk}/dids/${did}`;
  });
  after(() => test.stop());

  it('is read whole, with its agents and an ETag', async () => {
    const { status, body, headers } = await env.send('GET', path);
    assert.equal(status, 200);
    assert.deepEqual(body.data, {
      id: did,
      number: '+15551234567',
      country_code: 'US',
      formatted_number: '(555) 123-4567',
      trunk_id: trunk,
      international_number: '+1 555 123 4567',
      label: null,
      note: null,
      tags: [],
      agents: [],
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-15T12:00:00.000Z',
    });
    assert.match(String(headers.etag), /^"\d+"$/);
  });

  it('keeps label, note and tags, each once, and clears what is null', async () => {
    const set = { label: 'Front desk', note: 'Line one\nLine two', tags: ['vip', 'São Paulo', 'vip'] };
    const { body } = await env.send('PATCH', path, set);
    assert.deepEqual(
      [body.data.label, body.data.note, body.data.tags],
      ['Front desk', 'Line one\nLine two', ['vip', 'São Paulo']],
    );
    const cleared = await env.send('PATCH', path, { note: null });
    assert.deepEqual([cleared.body.data.note, cleared.body.data.label], [null, 'Front desk']);
    const refused = await env.send('PATCH', path, { tags: ['', 'x'.repeat(65)], number: '+15550000000' });
    assert.deepEqual(Object.keys(refused.body.errors).sort(), ['number', 'tags.0', 'tags.1']);
  });

  it('moves to another trunk in one step, and not to a foreign one', async () => {
    const target = await makeTrunk(env.send);
    const other = await test.environment();
    const foreign = await makeTrunk(other.send);
    for (const trunk_id of [foreign, MISSING]) {
      const refused = await env.send('PATCH', path, { trunk_id });
      assert.deepEqual([refused.status, refused.body.code], [404, 'TRUNK_NOT_FOUND']);
    }
    const moved = await env.send('PATCH', path, { trunk_id: target });
    assert.deepEqual([moved.status, moved.body.data.trunk_id], [200, target]);
    assert.equal((await env.send('GET', path)).status, 404);
    const back = await env.send('PATCH', `sip-trunks/${target}/dids/${did}`, { trunk_id: trunk });
    assert.equal(back.status, 200);
  });

  it('refuses a stale edit', async () => {
    const { headers } = await env.send('GET', path);
    const etag = String(headers.etag);
    assert.equal((await env.send('PATCH', path, { label: 'A' }, { 'if-match': etag })).status, 200);
    assert.equal((await env.send('PATCH', path, { label: 'B' }, { 'if-match': etag })).status, 412);
    assert.equal((await env.send('DELETE', path, undefined, { 'if-match': etag })).status, 412);
  });

  it('answers one 404 for missing, malformed, foreign and on another trunk', async () => {
    const other = await test.environment();
    const foreignTrunk = await makeTrunk(other.send);
    const foreign = await makeDid(other.send, foreignTrunk);
    const elsewhere = await makeTrunk(env.send);
    const paths = [
      `sip-trunks/${trunk}/dids/${MISSING}`,
      `sip-trunks/${trunk}/dids/nope`,
      `sip-trunks/nope/dids/${did}`,
      `sip-trunks/${foreignTrunk}/dids/${foreign}`,
      `sip-trunks/${elsewhere}/dids/${did}`,
    ];
    for (const each of paths) {
      for (const [method, body] of [['GET'], ['PATCH', { label: 'x' }], ['DELETE']] as const) {
        const answer = await env.send(method, each, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'DID_NOT_FOUND'], `${method} ${each}`);
      }
    }
  });

  it('is removed with the contract’s answer, and its number is free again', async () => {
    const own = await makeDid(env.send, trunk, '+15554440000');
    const { status, body } = await env.send('DELETE', `sip-trunks/${trunk}/dids/${own}`);
    assert.deepEqual([status, body], [200, { success: true, message: 'DID removed' }]);
    assert.notEqual(await makeDid(env.send, trunk, '+15554440000'), own);
  });
});

describe('GET /sip-trunks/{trunk_id}/dids (contract §12.8)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  const list = async (query = '') => (await env.send('GET', `sip-trunks/${trunk}/dids${query}`)).body;
  const numbers = async (query: string): Promise<string[]> =>
    (await list(query)).data.map((item: { number: string }) => item.number);

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    const path = (id: string) => `sip-trunks/${trunk}/dids/${id}`;
    const third = await makeDid(env.send, trunk, '+15550000003');
    const first = await makeDid(env.send, trunk, '+15550000001');
    await makeDid(env.send, trunk, '+442079460123', 'GB');
    await env.send('PATCH', path(third), { label: 'Billing 100%', tags: ['vip'] });
    await env.send('PATCH', path(first), { label: 'Front desk' });
    await makeDid(env.send, await makeTrunk(env.send), '+15559999999');
  });
  after(() => test.stop());

  it('is whole, in order of creation, with the contract’s four fields', async () => {
    const body = await list();
    assert.deepEqual(Object.keys(body), ['success', 'data']);
    assert.deepEqual(Object.keys(body.data[0]), ['id', 'number', 'country_code', 'formatted_number']);
    assert.deepEqual(await numbers(''), ['+15550000003', '+15550000001', '+442079460123']);
  });

  it('filters, searches and sorts', async () => {
    assert.deepEqual(await numbers('?country_code=gb'), ['+442079460123']);
    assert.deepEqual(await numbers('?tag=vip'), ['+15550000003']);
    assert.deepEqual(await numbers('?search=555%200000'), ['+15550000003', '+15550000001']);
    assert.deepEqual(await numbers('?search=front'), ['+15550000001']);
    assert.deepEqual(await numbers('?search=100%25'), ['+15550000003']);
    assert.deepEqual(await numbers('?search=%25'), ['+15550000003']);
    assert.deepEqual(await numbers('?assigned=true'), []);
    assert.deepEqual(
      await numbers('?sort=number'),
      ['+15550000001', '+15550000003', '+442079460123'].toSorted(),
    );
    assert.deepEqual(
      await numbers('?sort=-number'),
      ['+15550000001', '+15550000003', '+442079460123'].toSorted().toReversed(),
    );
    assert.deepEqual(await numbers('?sort=-label'), ['+15550000001', '+15550000003', '+442079460123']);
  });

  it('is paged as soon as page or per_page is sent', async () => {
    const { data, pagination } = await list('?per_page=2&page=2');
    assert.equal(data.length, 1);
    assert.deepEqual(pagination, { current_page: 2, last_page: 2, per_page: 2, total: 3, from: 3, to: 3 });
    const beyond = await list('?page=9');
    assert.deepEqual([beyond.data, beyond.pagination.from], [[], null]);
  });

  it('adds the details on request', async () => {
    const { data } = await list('?include=details&search=front');
    assert.deepEqual([data[0].label, data[0].trunk_id], ['Front desk', trunk]);
  });

  it('refuses bad queries with every problem at once', async () => {
    const { status, body } = await env.send(
      'GET',
      `sip-trunks/${trunk}/dids?per_page=101&page=0&sort=colour&foo=1`,
    );
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.errors).sort(), ['foo', 'page', 'per_page', 'sort']);
  });

  it('streams every row once, in every order, over many batches', async () => {
    const big = await makeTrunk(env.send);
    await test.platform.db
      .insertInto('dids')
      .values(
        Array.from({ length: 1_203 }, (_, i) => ({
          environment_id: env.id,
          id: `01890000-0000-7000-8000-${String(i).padStart(12, '0')}`,
          trunk_id: big,
          number: `+1555${String(7_000_000 - i)}`,
          country_code: 'US',
          label: i % 3 === 0 ? null : `label ${i % 7}`,
          note: null,
          created_at: test.platform.clock.now(),
          updated_at: test.platform.clock.now(),
        })),
      )
      .execute();
    for (const sort of ['created_at', '-created_at', 'number', '-number', 'label', '-label']) {
      const { body } = await env.send('GET', `sip-trunks/${big}/dids?sort=${sort}`);
      const ids = body.data.map((item: { id: string }) => item.id);
      assert.deepEqual([ids.length, new Set(ids).size], [1_203, 1_203], sort);
    }
  });
});
