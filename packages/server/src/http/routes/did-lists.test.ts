import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

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
