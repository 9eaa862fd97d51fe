import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { issueToken } from '../domain/tokens/issue.ts';
import { mintToken } from '../kernel/token-format.ts';
import { makeTrunk, TRUNK } from '../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../testing/test-app.ts';

describe('authentication (contract §1.2)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  it('says what is wrong with the token, in every shape that the contract documents for a 401', async () => {
    const missing = await test.sendWith(undefined)('GET', 'sip-trunks');
    assert.deepEqual(
      [missing.status, missing.body.code, missing.body.error, missing.body.message, missing.body.status_code],
      [401, 'MISSING_TOKEN', 'MISSING_TOKEN', 'Authorization header is required', 401],
    );
    const unknown = await test.sendWith(mintToken())('GET', 'sip-trunks');
    assert.deepEqual(
      [unknown.status, unknown.body.code, unknown.body.error, unknown.body.message],
      [401, 'INVALID_TOKEN', 'UNAUTHORIZED', 'Invalid or missing authentication token'],
    );
  });

  it('refuses a mistyped token and any scheme but Bearer', async () => {
    const last = env.token.at(-1) === 'a' ? 'b' : 'a';
    assert.equal((await test.sendWith(env.token.slice(0, -1) + last)('GET', 'sip-trunks')).status, 401);
    const basic = await test.sendWith(undefined)('GET', 'sip-trunks', undefined, {
      authorization: `Basic ${env.token}`,
    });
    assert.deepEqual([basic.status, basic.body.code], [401, 'INVALID_TOKEN']);
    const lower = await test.sendWith(undefined)('GET', 'sip-trunks', undefined, {
      authorization: `bearer ${env.token}`,
    });
    assert.equal(lower.status, 200);
  });

  it('refuses an expired token from the moment it expires', async () => {
    const expiresAt = new Date(test.platform.clock.now().getTime() + 60_000);
    const { token } = await issueToken(test.context(env.id), { name: 'short', scopes: ['*'], expiresAt });
    const send = test.sendWith(token);
    assert.equal((await send('GET', 'sip-trunks')).status, 200);
    test.platform.clock.advance(60_000);
    const { status, body } = await send('GET', 'sip-trunks');
    assert.deepEqual(
      [status, body.code, body.message],
      [401, 'TOKEN_EXPIRED', 'Authentication token has expired'],
    );
  });

  it('remembers when a token was last used', async () => {
    await env.send('GET', 'sip-trunks');
    await test.authenticator.flushUses();
    const row = await test.platform.db
      .selectFrom('api_tokens')
      .selectAll()
      .where('environment_id', '=', env.id)
      .where('name', '=', 'test')
      .executeTakeFirstOrThrow();
    assert.deepEqual(row.last_used_at, test.platform.clock.now());
  });

  it('leaves health open, and everything else closed', async () => {
    const open = await test.sendWith(undefined)('GET', 'health');
    assert.deepEqual([open.status, open.body], [200, { status: 'ok' }]);
    for (const path of ['/livez', '/readyz', '/metrics']) {
      assert.equal((await test.sendWith(undefined)('GET', path)).status, 200);
    }
  });
});

describe('the envelope', () => {
  let test: TestApp;
  let env: TestEnvironment;
  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  const codes = async (
    ...answers: Promise<{ status: number; body: { code?: string; success?: boolean } }>[]
  ) => (await Promise.all(answers)).map(({ status, body }) => [status, body.code, body.success]);

  it('answers every refusal of the framework as well', async () => {
    assert.deepEqual(
      await codes(
        env.send('POST', 'sip-trunks', '{"name":'),
        env.send('POST', 'sip-trunks', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
        env.send('POST', 'sip-trunks', { ...TRUNK, name: 'x'.repeat(1_100_000) }),
        env.send('GET', 'nothing-here'),
        env.send('PATCH', 'sip-trunks', {}),
        env.send('GET', '/%'),
        env.send('POST', 'sip-trunks', '{"__proto__":{"admin":true}}'),
      ),
      [
        [400, 'MALFORMED_JSON', false],
        [415, 'UNSUPPORTED_MEDIA_TYPE', false],
        [413, 'PAYLOAD_TOO_LARGE', false],
        [404, 'NOT_FOUND', false],
        [405, 'METHOD_NOT_ALLOWED', false],
        [400, 'BAD_REQUEST', false],
        [400, 'MALFORMED_JSON', false],
      ],
    );
  });

  it('names the methods that would have worked', async () => {
    const { headers } = await env.send('DELETE', 'sip-trunks');
    assert.equal(headers.allow, 'GET, POST');
  });

  it('carries the request id in header and error, the caller’s own where it is harmless', async () => {
    const given = await env.send('GET', 'nothing', undefined, { 'x-request-id': 'trace-42' });
    assert.deepEqual([given.headers['x-request-id'], given.body.request_id], ['trace-42', 'trace-42']);
    const hostile = await env.send('GET', 'nothing', undefined, { 'x-request-id': 'a b"c' });
    assert.notEqual(hostile.body.request_id, 'a b"c');
  });

  it('hides what went wrong inside when the database is gone', async () => {
    const own = await startTestApp();
    const { send } = await own.environment();
    await send('GET', 'sip-trunks');
    await own.platform.db.destroy();
    const { status, body } = await send('GET', 'sip-trunks');
    assert.ok(status >= 500 && body.success === false, JSON.stringify(body));
    assert.ok(!JSON.stringify(body).includes('destroy'));
    await own.stop();
  });
});

describe('rate limits (contract §1.7)', () => {
  it('counts per token, says so in headers, and lets the bucket refill', async () => {
    const test = await startTestApp({ rateLimitPerMinute: 3 });
    const env = await test.environment();
    const other = await test.sendAs(env.id, ['*']);
    for (const left of [2, 1, 0]) {
      const { status, headers } = await env.send('GET', 'sip-trunks');
      assert.deepEqual(
        [status, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']],
        [200, '3', String(left)],
      );
    }
    const { status, body, headers } = await env.send('GET', 'sip-trunks');
    assert.deepEqual(
      [status, body.code, body.message],
      [429, 'RATE_LIMIT_EXCEEDED', 'Too many requests. Please try again later.'],
    );
    assert.deepEqual([headers['retry-after'], body.details.retry_after], ['20', 20]);
    assert.ok(Number(headers['x-ratelimit-reset']) > test.platform.clock.now().getTime() / 1_000);
    assert.equal((await other('GET', 'sip-trunks')).status, 200);
    test.platform.clock.advance(20_000);
    assert.equal((await env.send('GET', 'sip-trunks')).status, 200);
    await test.stop();
  });
});

describe('Idempotency-Key', () => {
  let test: TestApp;
  let env: TestEnvironment;
  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  const trunkCount = async () => (await env.send('GET', 'sip-trunks')).body.data.length;
  const post = (key: string, body: object = TRUNK) =>
    env.send('POST', 'sip-trunks', body, { 'idempotency-key': key });

  it('gives a repeated request the first answer and no second effect', async () => {
    const first = await post('a');
    const count = await trunkCount();
    const second = await post('a');
    assert.deepEqual([second.status, second.body], [first.status, first.body]);
    assert.deepEqual(
      [second.headers.location, second.headers.etag],
      [first.headers.location, first.headers.etag],
    );
    assert.deepEqual(
      [first.headers['idempotency-replayed'], second.headers['idempotency-replayed']],
      [undefined, 'true'],
    );
    assert.equal(await trunkCount(), count);
  });

  it('refuses the same key with another body', async () => {
    await post('b');
    const { status, body } = await post('b', { ...TRUNK, name: 'Another' });
    assert.deepEqual([status, body.code], [422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('has one effect under simultaneous requests', async () => {
    const count = await trunkCount();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('c')));
    assert.equal(new Set(answers.map(({ body }) => body.data.id)).size, 1);
    assert.equal(await trunkCount(), count + 1);
  });

  it('stores nothing for a failed request, so that it can be mended and sent again', async () => {
    const trunk = await makeTrunk(env.send);
    const did = (number: string) =>
      env.send(
        'POST',
        `sip-trunks/${trunk}/dids`,
        { country_code: 'US', number },
        { 'idempotency-key': 'd' },
      );
    assert.equal((await did('nonsense')).status, 422);
    assert.equal((await did('+15551112222')).status, 201);
    assert.equal((await did('+15551112222')).status, 201);
  });

  it('belongs to one token, and lasts 24 hours', async () => {
    const first = await post('e');
    const other = await test.sendAs(env.id, ['*']);
    const theirs = await other('POST', 'sip-trunks', TRUNK, { 'idempotency-key': 'e' });
    assert.notEqual(theirs.body.data.id, first.body.data.id);
    test.platform.clock.advance(24 * 60 * 60_000 + 1);
    assert.notEqual((await post('e')).body.data.id, first.body.data.id);
  });

  it('is sealed at rest: the stored answer may show a secret', async () => {
    await post('f');
    const rows = await test.platform.db.selectFrom('idempotency_keys').select('response').execute();
    assert.ok(rows.every(({ response }) => response?.startsWith('v1.')));
  });

  it('must be a usable key', async () => {
    assert.equal((await post('x'.repeat(256))).status, 422);
  });
});
