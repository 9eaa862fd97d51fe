import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeTrunk } from '../testing/fixtures.ts';
import { type Send, startTestApp, type TestApp, type TestEnvironment } from '../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('Which environment a request acts in', () => {
  let test: TestApp;
  let admin: Send;
  let env: TestEnvironment;

  before(async () => {
    test = await startTestApp();
    admin = await test.admin();
    env = await test.environment();
  });
  after(() => test.stop());

  const inEnvironment = (reference: string) => ({ 'tronco-environment': reference });

  it('is the one that an admin token names, by id or by name', async () => {
    const id = await makeTrunk(env.send);
    for (const reference of [env.id, env.id.toUpperCase(), `test-${env.id}`, ` ${env.id} `]) {
      const { status, body } = await admin('GET', 'sip-trunks', undefined, inEnvironment(reference));
      assert.equal(status, 200);
      assert.deepEqual(
        body.data.map((item: { id: string }) => item.id),
        [id],
      );
    }
  });

  it('is none for an admin token that names none: the refusal says what to send', async () => {
    for (const headers of [{}, inEnvironment(''), inEnvironment('  ')]) {
      const { status, body } = await admin('GET', 'sip-trunks', undefined, headers);
      assert.deepEqual([status, body.code], [403, 'ENVIRONMENT_REQUIRED']);
      assert.match(body.message, /Tronco-Environment/);
    }
  });

  it('must exist and be in use', async () => {
    const archived = await test.environment();
    await admin('POST', `admin/environments/${archived.id}/archive`);
    const refused = await admin('GET', 'sip-trunks', undefined, inEnvironment(archived.id));
    assert.deepEqual([refused.status, refused.body.code], [403, 'ENVIRONMENT_ARCHIVED']);
    for (const reference of [MISSING, 'nowhere']) {
      const answer = await admin('GET', 'sip-trunks', undefined, inEnvironment(reference));
      assert.deepEqual([answer.status, answer.body.code], [404, 'ENVIRONMENT_NOT_FOUND']);
    }
  });

  it('is never another than its own for an environment token', async () => {
    const other = await test.environment();
    for (const reference of [env.id, `test-${env.id}`]) {
      assert.equal((await env.send('GET', 'sip-trunks', undefined, inEnvironment(reference))).status, 200);
    }
    for (const reference of [other.id, `test-${other.id}`, MISSING]) {
      const answer = await env.send('GET', 'sip-trunks', undefined, inEnvironment(reference));
      assert.deepEqual([answer.status, answer.body.code], [404, 'ENVIRONMENT_NOT_FOUND']);
    }
  });

  it('knows a new name at once', async () => {
    const renamed = await test.environment();
    await renamed.send('GET', 'sip-trunks');
    await admin('PATCH', `admin/environments/${renamed.id}`, { name: 'new-name' });
    const send = (name: string) => renamed.send('GET', 'sip-trunks', undefined, inEnvironment(name));
    assert.equal((await send('new-name')).status, 200);
    assert.equal((await send(`test-${renamed.id}`)).status, 404);
  });

  it('keeps the admin token’s own name in the audit log of the environment', async () => {
    const own = await test.environment();
    await makeTrunk((method, path, body) => admin(method, path, body, inEnvironment(own.id)));
    const { body } = await own.send('GET', 'audit-log?type=trunk.created');
    const me = (await admin('GET', 'token')).body.data;
    assert.deepEqual(body.data[0].actor, { type: 'token', id: me.id, name: me.name });
  });

  it('does not matter to the admin API', async () => {
    const { status } = await admin('GET', 'admin/environments', undefined, inEnvironment('nowhere'));
    assert.equal(status, 200);
  });
});

describe('GET /token', () => {
  let test: TestApp;
  before(async () => {
    test = await startTestApp();
  });
  after(() => test.stop());

  it('tells any token what it is, whatever its scopes', async () => {
    const env = await test.environment(['calls:read']);
    const { status, body } = await env.send('GET', 'token');
    assert.equal(status, 200);
    assert.deepEqual(body.data, {
      id: body.data.id,
      name: 'test',
      scopes: ['calls:read'],
      preview: env.token.slice(0, 9),
      expires_at: null,
      environment: { id: env.id, name: `test-${env.id}` },
    });
  });

  it('tells an admin token the environment that it names, or none', async () => {
    const env = await test.environment();
    const admin = await test.admin();
    const alone = await admin('GET', 'token');
    assert.deepEqual([alone.status, alone.body.data.environment], [200, null]);
    assert.deepEqual(alone.body.data.scopes, ['admin']);
    const inside = await admin('GET', 'token', undefined, { 'tronco-environment': env.id });
    assert.equal(inside.body.data.environment.id, env.id);
    assert.equal(inside.body.data.id, alone.body.data.id);
  });

  it('answers 401 without a token that works', async () => {
    for (const token of [undefined, 'nonsense', `talq_${'0'.repeat(38)}`]) {
      assert.equal((await test.sendWith(token)('GET', 'token')).status, 401);
    }
  });
});
