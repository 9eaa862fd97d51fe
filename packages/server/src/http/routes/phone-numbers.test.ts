import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assignToAgent } from '../../testing/assignment.ts';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('Phone numbers (contract §14.3)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let us: string;
  let br: string;
  let gb: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    us = await makeDid(env.send, trunk, '+15551234567');
    br = await makeDid(env.send, trunk, '+5511987654321', 'BR');
    gb = await makeDid(env.send, await makeTrunk(env.send), '+442079460000', 'GB');
  });
  after(() => test.stop());

  const ids = async (query: string): Promise<string[]> => {
    const { status, body } = await env.send('GET', `phone-numbers?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data.map((item: { id: string }) => item.id);
  };

  it('lists the numbers of all trunks with every field of the contract and no other', async () => {
    const { status, body } = await env.send('GET', 'phone-numbers');
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['success', 'data']);
    assert.deepEqual(
      body.data.map((item: { id: string }) => item.id),
      [us, br, gb],
    );
    assert.deepEqual(body.data[0], {
      id: us,
      number: '+15551234567',
      country_code: 'US',
      formatted_number: '(555) 123-4567',
      international_number: '+1 555 123 4567',
      type: 'voice',
      has_voice: true,
      has_sms: false,
      has_mms: false,
      has_fax: false,
      has_whatsapp: false,
      current_status: 'active',
      is_sandbox: false,
      current_price: 0,
      currency: 'USD',
      renewal_date: null,
      auto_renewal: false,
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-15T12:00:00.000Z',
      monthly_renewal_cost: 0,
      days_until_monthly_renewal: null,
      is_due_for_monthly_renewal: false,
    });
  });

  it('filters by kind: here are voice numbers and nothing else', async () => {
    const all = [us, br, gb];
    for (const query of [
      'type=voice',
      'has_voice=true',
      'has_voice=1',
      'has_whatsapp=false',
      'has_whatsapp=0',
    ]) {
      assert.deepEqual(await ids(query), all, query);
    }
    for (const query of [
      'type=sms', 'type=whatsapp', 'type=mms', 'type=fax', 'has_voice=false', 'has_whatsapp=true',
      'type=voice&has_whatsapp=1',
    ]) {
      assert.deepEqual(await ids(query), [], query);
    } // prettier-ignore
    const paged = await env.send('GET', 'phone-numbers?type=sms&page=1');
    assert.deepEqual(paged.body.pagination, {
      current_page: 1, last_page: 1, per_page: 20, total: 0, from: null, to: null,
    }); // prettier-ignore
  });

  it('searches by number and id, and filters, sorts and pages like the list of a trunk', async () => {
    assert.deepEqual(await ids('search=987654'), [br]);
    assert.deepEqual(await ids(`search=${encodeURIComponent('+1 (555) 123')}`), [us]);
    assert.deepEqual(await ids(`search=${gb}`), [gb]);
    assert.deepEqual(await ids('country_code=gb'), [gb]);
    assert.deepEqual(await ids('sort=-number'), [br, gb, us]);
    const agent = await assignToAgent(test.platform.db, env.id, gb);
    assert.deepEqual(await ids('assigned=true'), [gb]);
    assert.deepEqual(await ids(`agent_id=${agent}`), [gb]);
    const { body } = await env.send('GET', 'phone-numbers?per_page=2&page=2');
    assert.deepEqual([body.data.length, body.data[0].id, body.pagination.total], [1, gb, 3]);
  });

  it('adds what is ours when details are asked for', async () => {
    const path = `sip-trunks/${trunk}/dids/${us}`;
    await env.send('PATCH', path, { label: 'Support', tags: ['vip'] });
    const { body } = await env.send('GET', 'phone-numbers?include=details&search=Support');
    const [item] = body.data;
    assert.deepEqual([item.trunk_id, item.label, item.tags, item.agents], [trunk, 'Support', ['vip'], []]);
  });

  it('refuses other values with the contract’s sentences', async () => {
    for (const [query, field, sentence] of [
      ['type=pager', 'type', 'The selected type is invalid.'],
      ['has_voice=yes', 'has_voice', 'The has voice field must be true or false.'],
      ['has_whatsapp=', 'has_whatsapp', 'The has whatsapp field must be true or false.'],
    ] as const) {
      const { status, body } = await env.send('GET', `phone-numbers?${query}`);
      assert.equal(status, 422);
      assert.deepEqual([body.message, body.errors], ['The given data was invalid.', { [field]: [sentence] }]);
    }
    const both = await env.send('GET', 'phone-numbers?type=x&colour=red');
    assert.deepEqual(Object.keys(both.body.errors), ['type', 'colour']);
  });

  it('shows one number with its ETag', async () => {
    const { status, body, headers } = await env.send('GET', `phone-numbers/${br}`);
    assert.equal(status, 200);
    assert.equal(body.data.number, '+5511987654321');
    assert.deepEqual([body.data.trunk_id, body.data.note, body.data.agents], [trunk, null, []]);
    const again = await env.send('GET', `phone-numbers/${br}`, undefined, {
      'if-none-match': `${headers.etag}`,
    });
    assert.equal(again.status, 304);
  });

  it('answers one 404 for missing, malformed and somebody else’s', async () => {
    const other = await test.environment();
    for (const id of [MISSING, 'nope', us]) {
      const { status, body } = await other.send('GET', `phone-numbers/${id}`);
      assert.deepEqual([status, body.code], [404, 'PHONE_NUMBER_NOT_FOUND'], id);
    }
    assert.deepEqual((await other.send('GET', 'phone-numbers')).body.data, []);
  });

  it('says Unauthorized, as the contract’s page does, and needs dids:read', async () => {
    const trunks = await test.sendAs(env.id, ['trunks:*']);
    for (const path of ['phone-numbers', `phone-numbers/${us}`, 'phone-numbers?type=sms']) {
      for (const token of [undefined, 'wrong']) {
        const { status, body } = await test.sendWith(token)('GET', path);
        assert.deepEqual([status, body.message], [401, 'Unauthorized']);
      }
      const refused = await trunks('GET', path);
      assert.deepEqual([refused.status, refused.body.details], [403, { required_scope: 'dids:read' }]);
    }
  });
});
