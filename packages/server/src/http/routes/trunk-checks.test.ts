import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TrunkChecks } from '../../domain/trunks/checks.ts';
import { checkTrunkHealth } from '../../domain/trunks/health.ts';
import { verifyTrunk } from '../../domain/trunks/verify.ts';
import { createTrunkProbe } from '../../telephony/trunk-probe.ts';
import { makeTrunk } from '../../testing/fixtures.ts';
import { type Registrar, type RegistrarOptions, startRegistrar, USER } from '../../testing/registrar.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
const NOW = '2026-01-15T12:00:00.000Z';

describe('verification and health of SIP trunks (contract §12.6–12.7)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  const open: Registrar[] = [];

  before(async () => {
    // The real probe; a carrier that hangs must not hold these tests up for ten seconds.
    test = await startTestApp({
      trunkChecks: { probe: createTrunkProbe({ verifyLimitMs: 2_000, checkLimitMs: 1_000 }) },
    });
    env = await test.environment();
  });
  after(async () => {
    for (const one of open) await one.stop();
    await test.stop();
  });

  async function carrier(options: Partial<RegistrarOptions> = {}): Promise<Registrar> {
    const started = await startRegistrar({ protocol: 'TCP', ...options });
    open.push(started);
    return started;
  }

  const trunkTo = ({ port }: Registrar, changes: object = {}, send = env.send): Promise<string> =>
    makeTrunk(send, { domain: '127.0.0.1', port, transport: 'tcp', ...USER, ...changes });

  const verify = (id: string) => env.send('POST', `sip-trunks/${id}/verify`);
  const health = (id: string) => env.send('GET', `sip-trunks/${id}/health`);
  const read = async (id: string) => {
    const { body, headers } = await env.send('GET', `sip-trunks/${id}`);
    return { ...body.data, etag: headers.etag };
  };
  const events = (id: string) =>
    test.platform.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .where('type', '<>', 'trunk.created')
      .orderBy('id')
      .execute();

  it('answers a carrier that accepts us with the contract’s body and the stages', async () => {
    const id = await trunkTo(await carrier());
    const { status, body } = await verify(id);
    assert.equal(status, 200);
    const { stages, ...data } = body.data;
    assert.deepEqual([body.success, Object.keys(body)], [true, ['success', 'data']]);
    assert.deepEqual(data, { is_verified: true, health_status: 'healthy', last_health_check_at: NOW });
    assert.deepEqual(
      stages.map((stage: { name: string }) => stage.name),
      ['dns', 'connect', 'options', 'register', 'address'],
    );
    const kept = await read(id);
    assert.deepEqual(
      [kept.is_verified, kept.health_status, kept.last_health_check_at, kept.is_active, kept.etag],
      [true, 'healthy', NOW, false, '"2"'],
    );
  });

  it('lets a verified trunk be activated', async () => {
    const id = await trunkTo(await carrier());
    assert.equal((await env.send('PUT', `sip-trunks/${id}`, { is_active: true })).status, 422);
    await verify(id);
    const { status, body } = await env.send('PUT', `sip-trunks/${id}`, { is_active: true });
    assert.deepEqual([status, body.data.is_active], [200, true]);
  });

  it('answers 200 and success false when the carrier refuses us', async () => {
    const id = await trunkTo(await carrier(), { password: 'wrong' });
    const { status, body } = await verify(id);
    assert.equal(status, 200);
    const { stages, ...data } = body.data;
    assert.deepEqual([body.success, Object.keys(body)], [false, ['success', 'data']]);
    assert.deepEqual(data, {
      is_verified: false,
      health_status: 'unhealthy',
      error: 'Authentication failed (401)',
    });
    assert.equal(stages.at(-1).code, 'auth_failed');
    assert.deepEqual([(await read(id)).is_verified, (await read(id)).health_status], [false, 'unhealthy']);
  });

  it('deactivates an active trunk that fails, and says so in the audit log', async () => {
    const peer = await carrier();
    const id = await trunkTo(peer);
    await verify(id);
    await env.send('PUT', `sip-trunks/${id}`, { is_active: true });
    await peer.stop();
    assert.equal((await verify(id)).body.data.error, 'Connection refused');
    const { is_active, is_verified } = await read(id);
    assert.deepEqual([is_active, is_verified], [false, false]);
    const [verified, , failed] = await events(id);
    assert.deepEqual([verified?.type, failed?.type], ['trunk.verified', 'trunk.verification_failed']);
    assert.deepEqual(
      [failed?.before?.is_active, failed?.after?.is_active, failed?.after?.error],
      [true, false, 'Connection refused'],
    );
    assert.ok(!JSON.stringify(await events(id)).includes(USER.password));
  });

  it('runs once for everybody who asks at the same time, and answers others meanwhile', async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const peer = await carrier({ gate });
    const id = await trunkTo(peer);
    const both = Promise.all([verify(id), verify(id)]);
    while (peer.requests.length === 0) assert.equal((await env.send('GET', 'sip-trunks')).status, 200);
    letGo();
    const [first, second] = await both;
    assert.deepEqual(first.body, second.body);
    assert.equal(first.body.success, true);
    assert.equal(peer.requests.filter((method) => method === 'OPTIONS').length, 1);
    assert.equal((await events(id)).length, 1);
  });

  it('keeps nothing when the address or the credentials change meanwhile', async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const peer = await carrier({ gate });
    const id = await trunkTo(peer);
    const running = verify(id);
    while (peer.requests.length === 0) await env.send('GET', 'sip-trunks');
    await env.send('PUT', `sip-trunks/${id}`, { password: 'another' });
    letGo();
    const { status, body } = await running;
    assert.deepEqual([status, body.code, body.success], [409, 'TRUNK_CHANGED', false]);
    assert.deepEqual([(await read(id)).is_verified, (await read(id)).health_status], [false, null]);
  });

  it('keeps the result when only the name changes meanwhile, and 404 when the trunk is gone', async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const peer = await carrier({ gate });
    const [renamed, deleted] = [await trunkTo(peer), await trunkTo(peer)];
    const running = Promise.all([verify(renamed), verify(deleted)]);
    while (peer.requests.length < 2) await env.send('GET', 'sip-trunks');
    await env.send('PUT', `sip-trunks/${renamed}`, { name: 'Renamed' });
    await env.send('DELETE', `sip-trunks/${deleted}`);
    letGo();
    const [kept, gone] = await running;
    assert.equal(kept.body.success, true);
    assert.deepEqual([(await read(renamed)).name, (await read(renamed)).is_verified], ['Renamed', true]);
    assert.deepEqual([gone.status, gone.body.code], [404, 'TRUNK_NOT_FOUND']);
  });

  it('needs no Idempotency-Key and keeps no transaction open for one', async () => {
    const id = await trunkTo(await carrier());
    const send = () => env.send('POST', `sip-trunks/${id}/verify`, undefined, { 'idempotency-key': 'k' });
    await send();
    const again = await send();
    assert.deepEqual([again.status, again.headers['idempotency-replayed']], [200, undefined]);
  });

  it('answers health with the contract’s body, leaves is_verified alone and keeps what it saw', async () => {
    const peer = await carrier();
    const id = await trunkTo(peer, { password: 'wrong, which health does not try' });
    const { status, body } = await health(id);
    assert.equal(status, 200);
    const { response_time_ms, ...rest } = body.data;
    assert.ok(Number.isInteger(response_time_ms));
    assert.deepEqual({ ...body, data: rest }, { success: true, data: { is_healthy: true, checked_at: NOW } });
    const kept = await read(id);
    assert.deepEqual(
      [kept.is_verified, kept.health_status, kept.last_health_check_at],
      [false, 'healthy', NOW],
    );
    assert.deepEqual(peer.requests, ['OPTIONS']);
  });

  it('answers an unhealthy trunk with the reason', async () => {
    const id = await trunkTo(await carrier({ silent: true }));
    const { status, body } = await health(id);
    const { response_time_ms, ...rest } = body.data;
    assert.ok(Number.isInteger(response_time_ms));
    assert.deepEqual(
      [status, body.success, rest],
      [200, true, { is_healthy: false, error: 'Connection timeout', checked_at: NOW }],
    );
  });

  it('asks the carrier once in five seconds for all callers, and tells a change of health once', async () => {
    const peer = await carrier();
    const id = await trunkTo(peer);
    const answers = await Promise.all([health(id), health(id), health(id)]);
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
    test.platform.clock.advance(4_999);
    assert.deepEqual((await health(id)).body, answers[0]?.body);
    assert.equal(peer.requests.length, 1);
    const { etag } = await read(id);
    test.platform.clock.advance(1);
    const later = await health(id);
    assert.equal(peer.requests.length, 2);
    const kept = await read(id);
    assert.equal(kept.last_health_check_at, later.body.data.checked_at);
    assert.equal(kept.etag, etag, 'a trunk that is as healthy as before is the same trunk');
    await peer.stop();
    test.platform.clock.advance(5_000);
    assert.equal((await health(id)).body.data.is_healthy, false);
    assert.notEqual((await read(id)).etag, etag);
    assert.deepEqual(
      (await events(id)).map(({ type, after }) => [type, after?.health_status]),
      [
        ['trunk.health_changed', 'healthy'],
        ['trunk.health_changed', 'unhealthy'],
      ],
    );
  });

  it('looks anew after the trunk’s address has changed', async () => {
    const [old, fresh] = [await carrier(), await carrier()];
    const id = await trunkTo(old);
    await health(id);
    await env.send('PUT', `sip-trunks/${id}`, { port: fresh.port });
    await health(id);
    assert.deepEqual([old.requests, fresh.requests], [['OPTIONS'], ['OPTIONS']]);
  });

  it('answers one 404 for missing, malformed and somebody else’s', async () => {
    const other = await test.environment();
    const peer = await carrier();
    const foreign = await trunkTo(peer, {}, other.send);
    for (const id of [MISSING, 'nope', foreign]) {
      for (const answer of [await verify(id), await health(id)]) {
        assert.deepEqual([answer.status, answer.body.code], [404, 'TRUNK_NOT_FOUND'], id);
      }
    }
    assert.deepEqual(peer.requests, []);
  });

  it('needs trunks:write to verify and trunks:read to look', async () => {
    const id = await trunkTo(await carrier());
    const reader = await test.sendAs(env.id, ['trunks:read']);
    const refused = await reader('POST', `sip-trunks/${id}/verify`);
    assert.deepEqual([refused.status, refused.body.details], [403, { required_scope: 'trunks:write' }]);
    assert.equal((await reader('GET', `sip-trunks/${id}/health`)).status, 200);
    const stranger = await test.sendAs(env.id, ['dids:*']);
    assert.equal((await stranger('GET', `sip-trunks/${id}/health`)).status, 403);
    assert.equal((await test.sendWith(undefined)('POST', `sip-trunks/${id}/verify`)).status, 401);
  });

  it('refuses what it does not know', async () => {
    const { status } = await env.send('GET', `sip-trunks/${MISSING}/health?deep=1`);
    assert.equal(status, 422);
  });

  describe('at most a few at once', () => {
    const context = () => test.context(env.id);

    it('waits for a place, and answers 503 when too many wait', async () => {
      const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
      const peer = await carrier({ gate });
      const checks = new TrunkChecks({ probe: createTrunkProbe(), runningMax: 1, waitingMax: 1 });
      const [a, b, c] = [await trunkTo(peer), await trunkTo(peer), await trunkTo(peer)];
      const first = verifyTrunk(context(), checks, a);
      while (peer.requests.length === 0) await env.send('GET', 'sip-trunks');
      const last = verifyTrunk(context(), checks, b);
      const others: Promise<unknown>[] = [last, checkTrunkHealth(context(), checks, c)];
      // One of them waits; whichever came later is refused while the first still runs.
      await assert.rejects(Promise.race(others), { code: 'UNAVAILABLE', status: 503 });
      letGo();
      assert.equal((await first).report.ok, true);
      const ends = await Promise.allSettled(others);
      assert.deepEqual(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
      assert.equal((await verifyTrunk(context(), checks, b)).report.ok, true, 'the place was given back');
    });

    it('does not let anybody wait for ever', async () => {
      const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
      const peer = await carrier({ gate });
      const checks = new TrunkChecks({ probe: createTrunkProbe(), runningMax: 1, waitMs: 20 });
      const first = verifyTrunk(context(), checks, await trunkTo(peer));
      while (peer.requests.length === 0) await env.send('GET', 'sip-trunks');
      await assert.rejects(verifyTrunk(context(), checks, await trunkTo(peer)), { code: 'UNAVAILABLE' });
      letGo();
      await first;
    });

    it('breaks off when the server stops, and keeps nothing of it', async () => {
      const peer = await carrier({ silent: true });
      const id = await trunkTo(peer);
      const checks = new TrunkChecks({ probe: createTrunkProbe() });
      const running = assert.rejects(verifyTrunk(context(), checks, id), { code: 'UNAVAILABLE' });
      while (peer.requests.length === 0) await env.send('GET', 'sip-trunks');
      checks.stop();
      await running;
      await assert.rejects(checkTrunkHealth(context(), checks, id), { code: 'UNAVAILABLE' });
      assert.equal((await read(id)).health_status, null);
    });
  });
});
