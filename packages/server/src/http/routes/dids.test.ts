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
