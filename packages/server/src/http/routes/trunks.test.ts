import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { makeDid, makeTrunk, TRUNK } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('SIP trunks (contract §12.1–12.5)', () => {
  let test: TestApp;
  let env: TestEnvironment;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  const verify = (id: string) =>
    sql`UPDATE sip_trunks SET is_verified = true WHERE id = ${id}`.execute(test.platform.db);

  it('creates with the contract’s body and answers its fields and no other', async () => {
    const { status, body, headers } = await env.send('POST', 'sip-trunks', TRUNK);
    assert.equal(status, 201);
    const { id, ...rest } = body.data;
    assert.deepEqual(rest, {
      name: 'Primary Carrier — US',
      provider_name: 'carrier-x',
      domain: 'sip.carrier-x.com',
      transport: 'tls',
      port: 5061,
      is_active: false,
      is_verified: false,
      created_at: '2026-01-15T12:00:00.000Z',
    });
    assert.equal(headers.location, `/api/v1/sip-trunks/${id}`);
    assert.deepEqual(Object.keys(body), ['success', 'data']);
  });

  it('defaults to tls on 5061, and to 5060 for udp and tcp', async () => {
    const { port: _port, transport: _transport, ...minimal } = TRUNK;
    const get = async (body: object) => (await env.send('POST', 'sip-trunks', body)).body.data;
    assert.deepEqual(pick(await get(minimal)), ['tls', 5061]);
    assert.deepEqual(pick(await get({ ...minimal, transport: 'udp' })), ['udp', 5060]);
    assert.deepEqual(pick(await get({ ...minimal, transport: 'tcp' })), ['tcp', 5060]);
  });

  it('reports every problem of the body at once, and creates nothing', async () => {
    const countBefore = (await env.send('GET', 'sip-trunks')).body.data.length;
    const { status, body } = await env.send('POST', 'sip-trunks', {
      name: '',
      domain: 'not a host',
      username: 5,
      port: 70_000,
      transport: 'sctp',
      colour: 'red',
    });
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.errors).sort(), [
      'colour', 'domain', 'name', 'password', 'port', 'provider_name', 'transport', 'username',
    ]); // prettier-ignore
    assert.deepEqual(body.errors.name, ['The name field is required.']);
    assert.deepEqual(body.errors.transport, ['The selected transport is invalid.']);
    assert.equal((await env.send('GET', 'sip-trunks')).body.data.length, countBefore);
  });

  it('never answers the password and keeps it sealed', async () => {
    const id = await makeTrunk(env.send);
    const { body } = await env.send('GET', `sip-trunks/${id}`);
    assert.ok(!JSON.stringify(body).includes(TRUNK.password));
    const { rows } = await sql<{ row: string }>`
      SELECT t::text AS row FROM sip_trunks t UNION ALL SELECT e::text FROM events e`.execute(
      test.platform.db,
    );
    assert.ok(rows.every(({ row }) => !row.includes(TRUNK.password)));
  });

  it('cannot be active before it is verified', async () => {
    assert.equal(
      (await env.send('POST', 'sip-trunks', { ...TRUNK, is_active: true })).body.code,
      'TRUNK_NOT_VERIFIED',
    );
    const id = await makeTrunk(env.send);
    const refused = await env.send('PUT', `sip-trunks/${id}`, { is_active: true });
    assert.deepEqual([refused.status, refused.body.code], [422, 'TRUNK_NOT_VERIFIED']);
    await verify(id);
    const accepted = await env.send('PUT', `sip-trunks/${id}`, { is_active: true });
    assert.deepEqual([accepted.status, accepted.body.data.is_active], [200, true]);
  });

  it('changes only what is sent and answers the contract’s five fields', async () => {
    const id = await makeTrunk(env.send);
    await verify(id);
    const { status, body } = await env.send('PUT', `sip-trunks/${id}`, { name: 'Renamed', is_active: false });
    assert.equal(status, 200);
    assert.deepEqual(body.data, {
      id,
      name: 'Renamed',
      is_active: false,
      is_verified: true,
      updated_at: '2026-01-15T12:00:00.000Z',
    });
    const after = (await env.send('GET', `sip-trunks/${id}`)).body.data;
    assert.deepEqual([after.domain, after.username], [TRUNK.domain, TRUNK.username]);
  });

  for (const change of [
    { domain: 'sip.other.com' },
    { port: 5070 },
    { transport: 'tcp' },
    { outbound_proxy: 'proxy.carrier-x.com:5080' },
    { auth_realm: 'carrier-x' },
    { username: 'user_43' },
    { password: 'another' },
  ]) {
    it(`is unverified and inactive again after a new ${Object.keys(change)[0]}`, async () => {
      const id = await makeTrunk(env.send);
      await verify(id);
      await env.send('PUT', `sip-trunks/${id}`, { is_active: true });
      const { body } = await env.send('PUT', `sip-trunks/${id}`, change);
      assert.deepEqual([body.data.is_verified, body.data.is_active], [false, false]);
    });
  }

  it('stays verified when the same values are sent again', async () => {
    const id = await makeTrunk(env.send);
    await verify(id);
    const { domain, password, port, transport, username } = TRUNK;
    const { body } = await env.send('PUT', `sip-trunks/${id}`, {
      domain,
      password,
      port,
      transport,
      username,
    });
    assert.equal(body.data.is_verified, true);
  });

  it('moves a default port with its transport and leaves a chosen one alone', async () => {
    const id = await makeTrunk(env.send);
    await env.send('PUT', `sip-trunks/${id}`, { transport: 'udp' });
    assert.equal((await env.send('GET', `sip-trunks/${id}`)).body.data.port, 5060);
    const chosen = await makeTrunk(env.send, { port: 5099 });
    await env.send('PUT', `sip-trunks/${chosen}`, { transport: 'udp' });
    assert.equal((await env.send('GET', `sip-trunks/${chosen}`)).body.data.port, 5099);
  });

  it('refuses a stale edit and tells a fresh reader that nothing changed', async () => {
    const id = await makeTrunk(env.send);
    const path = `sip-trunks/${id}`;
    const first = await env.send('GET', path);
    const etag = String(first.headers.etag);
    assert.equal((await env.send('GET', path, undefined, { 'if-none-match': etag })).status, 304);
    assert.equal((await env.send('PUT', path, { name: 'A' }, { 'if-match': etag })).status, 200);
    const stale = await env.send('PUT', path, { name: 'B' }, { 'if-match': etag });
    assert.deepEqual([stale.status, stale.body.code], [412, 'PRECONDITION_FAILED']);
    assert.equal((await env.send('DELETE', path, undefined, { 'if-match': '"nonsense"' })).status, 412);
    assert.equal((await env.send('GET', path)).body.data.name, 'A');
  });

  it('is not deleted while it has DIDs', async () => {
    const id = await makeTrunk(env.send);
    const did = await makeDid(env.send, id, '+15550001111');
    const refused = await env.send('DELETE', `sip-trunks/${id}`);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'TRUNK_HAS_DIDS');
    assert.equal(
      refused.body.message,
      'Trunk still has DIDs attached. Delete DIDs before deleting the trunk.',
    );
    await env.send('DELETE', `sip-trunks/${id}/dids/${did}`);
    const done = await env.send('DELETE', `sip-trunks/${id}`);
    assert.deepEqual([done.status, done.body], [200, { success: true, message: 'SIP trunk deleted' }]);
    assert.equal((await env.send('GET', `sip-trunks/${id}`)).status, 404);
  });

  it('answers one 404 for missing, malformed and somebody else’s', async () => {
    const other = await test.environment();
    const foreign = await makeTrunk(other.send);
    for (const [method, body] of [['GET'], ['PUT', { name: 'x' }], ['DELETE']] as const) {
      for (const id of [MISSING, 'nope', '%00', foreign]) {
        const answer = await env.send(method, `sip-trunks/${id}`, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'TRUNK_NOT_FOUND'], `${method} ${id}`);
      }
    }
    assert.equal((await other.send('GET', `sip-trunks/${foreign}`)).status, 200);
  });

  it('lists its own environment alone, oldest first, with the contract’s fields', async () => {
    const own = await test.environment();
    const ids = [await makeTrunk(own.send), await makeTrunk(own.send)];
    const { body } = await own.send('GET', 'sip-trunks');
    assert.deepEqual(
      body.data.map((item: { id: string }) => item.id),
      ids,
    );
    assert.deepEqual(Object.keys(body.data[0]), [
      'id', 'name', 'provider_name', 'domain', 'transport', 'is_active', 'is_verified', 'health_status', 'created_at',
    ]); // prettier-ignore
  });

  it('needs trunks:read and trunks:write', async () => {
    const reader = await test.sendAs(env.id, ['trunks:read']);
    assert.equal((await reader('GET', 'sip-trunks')).status, 200);
    const refused = await reader('POST', 'sip-trunks', TRUNK);
    assert.deepEqual([refused.status, refused.body.code], [403, 'FORBIDDEN']);
    assert.deepEqual(refused.body.details, { required_scope: 'trunks:write' });
    const writer = await test.sendAs(env.id, ['trunks:*']);
    assert.equal((await writer('POST', 'sip-trunks', TRUNK)).status, 201);
  });

  it('writes who, what, before and after into the audit log', async () => {
    const id = await makeTrunk(env.send);
    await env.send('PUT', `sip-trunks/${id}`, { name: 'After', password: 'changed' });
    await env.send('DELETE', `sip-trunks/${id}`);
    const rows = await test.platform.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      rows.map((row) => row.type),
      ['trunk.created', 'trunk.updated', 'trunk.deleted'],
    );
    const [, updated] = rows;
    assert.deepEqual([updated?.before?.name, updated?.after?.name], [TRUNK.name, 'After']);
    assert.equal(updated?.after?.password_changed, true);
    assert.equal(updated?.actor.type, 'token');
  });
});

const pick = (data: { transport: string; port: number }) => [data.transport, data.port];
