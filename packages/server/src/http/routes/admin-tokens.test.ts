import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { isWellFormedToken } from '../../kernel/token-format.ts';
import { type Send, startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
const HOUR_MS = 60 * 60 * 1_000;

describe('Tokens (admin API)', () => {
  let test: TestApp;
  let admin: Send;
  let env: TestEnvironment;
  let tokens: string;

  before(async () => {
    test = await startTestApp();
    admin = await test.admin();
    env = await test.environment();
    tokens = `admin/environments/${env.id}/tokens`;
  });
  after(() => test.stop());

  const create = async (body: object, path = tokens) => {
    const answer = await admin('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.data as { id: string; token: string };
  };
  const later = (ms: number) => new Date(test.platform.clock.now().getTime() + ms).toISOString();

  it('hands out a token that works within its scopes, and shows its text this once', async () => {
    const wanted = {
      name: 'ci',
      scopes: ['trunks:read', 'trunks:read', 'dids:*'],
      expires_at: later(HOUR_MS),
    };
    const { status, body, headers } = await admin('POST', tokens, wanted);
    assert.equal(status, 201);
    const { token, id, ...rest } = body.data;
    assert.ok(isWellFormedToken(token));
    assert.deepEqual(rest, {
      name: 'ci',
      scopes: ['trunks:read', 'dids:*'],
      preview: token.slice(0, 9),
      expires_at: wanted.expires_at,
    });
    assert.equal(headers.location, `/api/v1/${tokens}/${id}`);
    const send = test.sendWith(token);
    assert.equal((await send('GET', 'sip-trunks')).status, 200);
    assert.equal((await send('POST', 'sip-trunks', {})).status, 403);

    const listed = await admin('GET', tokens);
    assert.equal(listed.status, 200);
    assert.ok(!JSON.stringify(listed.body).includes(token));
    const item = listed.body.data.find((each: { id: string }) => each.id === id);
    assert.deepEqual(Object.keys(item), [
      'id', 'name', 'scopes', 'preview', 'expires_at', 'last_used_at', 'revoked_at', 'created_at',
    ]); // prettier-ignore
  });

  it('shows the last use', async () => {
    const { id, token } = await create({ name: 'used', scopes: ['*'] });
    await test.sendWith(token)('GET', 'sip-trunks');
    await test.authenticator.flushUses();
    const { body } = await admin('GET', tokens);
    const item = body.data.find((each: { id: string }) => each.id === id);
    assert.equal(item.last_used_at, test.platform.clock.now().toISOString());
  });

  it('refuses unknown and admin scopes, none at all, and an expiry that is past or no time', async () => {
    const good = { name: 'x', scopes: ['*'] };
    for (const [field, body] of [
      ['scopes.0', { ...good, scopes: ['everything'] }],
      ['scopes.1', { ...good, scopes: ['*', 'admin'] }],
      ['scopes', { ...good, scopes: [] }],
      ['scopes', { name: 'x' }],
      ['name', { scopes: ['*'] }],
      ['expires_at', { ...good, expires_at: later(0) }],
      ['expires_at', { ...good, expires_at: later(-1) }],
      ['expires_at', { ...good, expires_at: 'tomorrow' }],
      ['token', { ...good, token: 'mine' }],
    ] as const) {
      const { status, body: answer } = await admin('POST', tokens, body);
      assert.equal(status, 422, JSON.stringify(body));
      assert.deepEqual(Object.keys(answer.errors), [field]);
    }
    const { body } = await admin('POST', tokens, { ...good, scopes: ['admin'] });
    assert.deepEqual(body.errors['scopes.0'], ['The scope admin is for tokens of the installation only.']);
  });

  it('answers 401 TOKEN_EXPIRED from the moment of expiry', async () => {
    const { token } = await create({ name: 'short', scopes: ['*'], expires_at: later(HOUR_MS) });
    const send = test.sendWith(token);
    assert.equal((await send('GET', 'sip-trunks')).status, 200);
    test.platform.clock.advance(HOUR_MS);
    const { status, body } = await send('GET', 'sip-trunks');
    assert.deepEqual([status, body.code], [401, 'TOKEN_EXPIRED']);
  });

  it('revokes at once on this node; again changes nothing', async () => {
    const { id, token } = await create({ name: 'lost', scopes: ['*'] });
    const send = test.sendWith(token);
    assert.equal((await send('GET', 'sip-trunks')).status, 200);
    const revoked = await admin('DELETE', `${tokens}/${id}`);
    assert.deepEqual([revoked.status, revoked.body], [200, { success: true, message: 'Token revoked' }]);
    assert.deepEqual([(await send('GET', 'sip-trunks')).body.code], ['INVALID_TOKEN']);
    assert.equal((await admin('DELETE', `${tokens}/${id}`)).status, 200);
    const listed = (await admin('GET', tokens)).body.data.find((each: { id: string }) => each.id === id);
    assert.equal(listed.revoked_at, test.platform.clock.now().toISOString());
    const log = await admin('GET', `admin/audit-log?environment_id=${env.id}&subject_id=${id}`);
    assert.deepEqual(
      log.body.data.map((entry: { type: string }) => entry.type),
      ['token.revoked', 'token.created'],
    );
  });

  it('replays one token under one Idempotency-Key', async () => {
    const send = () => admin('POST', tokens, { name: 'k', scopes: ['*'] }, { 'idempotency-key': 'token-1' });
    const [first, second] = [await send(), await send()];
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.equal(first.body.data.token, second.body.data.token);
  });

  it('answers 404 for what is not there, and never across environments', async () => {
    const other = await test.environment();
    const { id } = await create({ name: 'mine', scopes: ['*'] });
    for (const environmentId of [MISSING, 'default', INSTALLATION_ID]) {
      const path = `admin/environments/${environmentId}/tokens`;
      for (const answer of [
        await admin('GET', path),
        await admin('POST', path, { name: 'x', scopes: ['*'] }),
        await admin('DELETE', `${path}/${id}`),
      ]) {
        assert.deepEqual([answer.status, answer.body.code], [404, 'ENVIRONMENT_NOT_FOUND']);
      }
    }
    for (const tokenId of [MISSING, 'nope', id]) {
      const answer = await admin('DELETE', `admin/environments/${other.id}/tokens/${tokenId}`);
      assert.deepEqual([answer.status, answer.body.code], [404, 'TOKEN_NOT_FOUND']);
    }
  });

  it('hands out no token for an archived environment, but still lists and revokes', async () => {
    const archived = await test.environment();
    const path = `admin/environments/${archived.id}/tokens`;
    await admin('POST', `admin/environments/${archived.id}/archive`);
    const refused = await admin('POST', path, { name: 'x', scopes: ['*'] });
    assert.deepEqual([refused.status, refused.body.code], [403, 'ENVIRONMENT_ARCHIVED']);
    const [{ id }] = (await admin('GET', path)).body.data;
    assert.equal((await admin('DELETE', `${path}/${id}`)).status, 200);
  });

  it('keeps neither text nor more than the hash in the database', async () => {
    const { token } = await create({ name: 'secret', scopes: ['*'] });
    const { rows } = await sql<{ row: string }>`
      SELECT t::text AS row FROM api_tokens t UNION ALL SELECT e::text FROM events e`.execute(
      test.platform.db,
    );
    assert.ok(rows.every(({ row }) => !row.includes(token)));
  });

  it('is closed to environment tokens', async () => {
    for (const path of [tokens, 'admin/tokens']) {
      for (const [method, to] of [['GET', path], ['POST', path], ['DELETE', `${path}/${MISSING}`]] as const) {
        const { status, body } = await env.send(method, to);
        assert.deepEqual([status, body.details], [403, { required_scope: 'admin' }], `${method} ${to}`);
      }
    } // prettier-ignore
  });
});

describe('Admin tokens', () => {
  let test: TestApp;
  let admin: Send;

  before(async () => {
    test = await startTestApp();
    admin = await test.admin();
  });
  after(() => test.stop());

  it('are created with the scope admin and no other, listed and revoked', async () => {
    const { status, body, headers } = await admin('POST', 'admin/tokens', { name: 'second' });
    assert.equal(status, 201);
    assert.deepEqual(body.data.scopes, ['admin']);
    assert.equal(headers.location, `/api/v1/admin/tokens/${body.data.id}`);
    const second = test.sendWith(body.data.token);
    assert.equal((await second('GET', 'admin/tokens')).body.data.length, 2);
    assert.equal((await admin('GET', 'admin/tokens?per_page=1')).body.pagination.total, 2);
    assert.equal((await admin('DELETE', `admin/tokens/${body.data.id}`)).status, 200);
    assert.equal((await second('GET', 'admin/tokens')).status, 401);
    for (const id of [MISSING, 'nope']) {
      const answer = await admin('DELETE', `admin/tokens/${id}`);
      assert.deepEqual([answer.status, answer.body.code], [404, 'TOKEN_NOT_FOUND']);
    }
    const log = await admin('GET', `admin/audit-log?subject_id=${body.data.id}`);
    assert.deepEqual(
      log.body.data.map((entry: { type: string }) => entry.type),
      ['token.revoked', 'token.created'],
    );
  });

  it('hold no environment scope and expire only in the future', async () => {
    for (const [field, body] of [
      ['scopes.0', { name: 'x', scopes: ['*'] }],
      ['scopes', { name: 'x', scopes: [] }],
      ['expires_at', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }],
      ['name', {}],
    ] as const) {
      const { status, body: answer } = await admin('POST', 'admin/tokens', body);
      assert.equal(status, 422);
      assert.deepEqual(Object.keys(answer.errors), [field]);
    }
    assert.equal((await admin('POST', 'admin/tokens', { name: 'x', scopes: ['admin'] })).status, 201);
  });

  it('are never all revoked: the last working one stays, expired ones do not count', async () => {
    const own = await startTestApp();
    const send = await own.admin();
    const [{ id }] = (await send('GET', 'admin/tokens')).body.data;
    const expires_at = new Date(own.platform.clock.now().getTime() + HOUR_MS).toISOString();
    const short = (await send('POST', 'admin/tokens', { name: 'short', expires_at })).body.data;
    own.platform.clock.advance(HOUR_MS);
    const refused = await send('DELETE', `admin/tokens/${id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'LAST_ADMIN_TOKEN']);
    assert.equal((await send('DELETE', `admin/tokens/${short.id}`)).status, 200);
    assert.equal((await send('GET', 'admin/tokens')).status, 200);
    await own.stop();
  });

  it('keep one working when all are revoked at the same moment', async () => {
    const own = await startTestApp();
    const senders = await Promise.all(Array.from({ length: 4 }, () => own.admin()));
    const [send] = senders;
    const ids = (await send!('GET', 'admin/tokens')).body.data.map((item: { id: string }) => item.id);
    await Promise.all(ids.map((id: string, at: number) => senders[at % 4]!('DELETE', `admin/tokens/${id}`)));
    const { rows } = await sql`SELECT 1 FROM api_tokens WHERE revoked_at IS NULL`.execute(own.platform.db);
    assert.equal(rows.length, 1);
    await own.stop();
  });
});
