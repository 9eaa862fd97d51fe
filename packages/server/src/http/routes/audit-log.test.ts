import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { type Send, startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

type Entry = { id: string; type: string; subject_id: string; request_id: string };

describe('Audit log', () => {
  let test: TestApp;
  let env: TestEnvironment;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  const read = async (query = '', send: Send = env.send): Promise<Entry[]> => {
    const { status, body } = await send('GET', `audit-log${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  };

  it('tells who did what to what, before and after, in which request', async () => {
    const id = await makeTrunk(env.send, { name: 'Before' });
    const answer = await env.send('PUT', `sip-trunks/${id}`, { name: 'After' });
    const { body } = await env.send('GET', `audit-log?subject_id=${id}&type=trunk.updated`);
    const [{ before, after, actor, ...rest }] = body.data;
    assert.deepEqual(rest, {
      id: rest.id,
      type: 'trunk.updated',
      subject_type: 'trunk',
      subject_id: id,
      request_id: answer.headers['x-request-id'],
      created_at: '2026-01-15T12:00:00.000Z',
    });
    assert.deepEqual([before.name, after.name], ['Before', 'After']);
    const me = (await env.send('GET', 'token')).body.data;
    assert.deepEqual(actor, { type: 'token', id: me.id, name: 'test' });
    assert.deepEqual(Object.keys(body.data[0]), [
      'id', 'type', 'subject_type', 'subject_id', 'actor', 'request_id', 'before', 'after', 'created_at',
    ]); // prettier-ignore
  });

  it('filters by type, subject, actor and request', async () => {
    const own = await test.environment();
    const trunk = await makeTrunk(own.send);
    const did = await makeDid(own.send, trunk);
    const second = await test.sendAs(own.id, ['*']);
    const deleted = await second('DELETE', `sip-trunks/${trunk}/dids/${did}`);
    const me = (await second('GET', 'token')).body.data.id;
    const types = async (query: string) => (await read(query, own.send)).map(({ type }) => type);
    assert.deepEqual(await types('?type=did.created'), ['did.created']);
    assert.deepEqual(await types('?subject_type=did'), ['did.deleted', 'did.created']);
    assert.deepEqual(await types(`?subject_id=${trunk}`), ['trunk.created']);
    assert.deepEqual(await types(`?actor_id=${me.toUpperCase()}`), ['did.deleted']);
    assert.deepEqual(await types(`?request_id=${deleted.headers['x-request-id']}`), ['did.deleted']);
    assert.deepEqual(await types(`?subject_id=${MISSING}`), []);
    assert.deepEqual(await types(`?type=did.created&subject_id=${trunk}`), []);
  });

  it('filters by time, both ends included', async () => {
    const own = await startTestApp();
    const { send } = await own.environment();
    const at = async (hours: number): Promise<string> => {
      own.platform.clock.advance(hours * 3_600_000);
      return makeTrunk(send);
    };
    const first = await at(0);
    const second = await at(1);
    const third = await at(1);
    const subjects = async (query: string) =>
      (await read(`?type=trunk.created&${query}`, send)).map((entry) => entry.subject_id);
    assert.deepEqual(await subjects(''), [third, second, first]);
    assert.deepEqual(await subjects('from=2026-01-15T13:00:00Z'), [third, second]);
    assert.deepEqual(await subjects('to=2026-01-15T13:00:00Z'), [second, first]);
    assert.deepEqual(await subjects('from=2026-01-15T10:00:00-03:00&to=2026-01-15T13:00:00Z'), [second]);
    assert.deepEqual(await subjects('from=2026-01-15T13:00:00.001Z&to=2026-01-15T13:59:59Z'), []);
    assert.deepEqual(await subjects('from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z'), [
      third,
      second,
      first,
    ]);
    await own.stop();
  });

  it('goes back page by page, by cursor and by number alike, without gap or repetition', async () => {
    const own = await test.environment();
    const trunk = await makeTrunk(own.send);
    for (let i = 0; i < 6; i += 1) await makeDid(own.send, trunk, `+1555123000${i}`);
    const all = (await read('?per_page=100', own.send)).map(({ id }) => id);
    assert.deepEqual(all, all.toSorted().toReversed());

    const byCursor: string[] = [];
    for (let next: string | null | undefined; next !== null;) {
      const { body } = await own.send(
        'GET',
        `audit-log?per_page=3${next === undefined ? '' : `&before=${next}`}`,
      );
      assert.equal(body.pagination, undefined);
      byCursor.push(...body.data.map(({ id }: Entry) => id));
      next = body.next_before;
    }
    assert.deepEqual(byCursor, all);

    const byNumber: string[] = [];
    for (const page of [1, 2, 3]) {
      const { body } = await own.send('GET', `audit-log?per_page=3&page=${page}`);
      assert.equal(body.pagination.total, all.length);
      assert.equal(body.next_before === null, page === 3);
      byNumber.push(...body.data.map(({ id }: Entry) => id));
    }
    assert.deepEqual(byNumber, all);
  });

  it('answers a page of 20 when nothing is said', async () => {
    const own = await test.environment();
    for (let i = 0; i < 21; i += 1) await makeTrunk(own.send);
    const { body } = await own.send('GET', 'audit-log');
    assert.equal(body.data.length, 20);
    assert.equal(body.next_before, body.data[19].id);
  });

  it('refuses what it cannot filter by, and a cursor beside a page number', async () => {
    for (const [query, field] of [
      ['subject_id=nope', 'subject_id'],
      ['actor_id=5', 'actor_id'],
      ['from=yesterday', 'from'],
      ['to=2026-13-01T00:00:00Z', 'to'],
      ['type=%00', 'type'],
      ['before=1', 'before'],
      ['per_page=101', 'per_page'],
      ['page=0', 'page'],
      [`page=1&before=${MISSING}`, 'before'],
      [`environment_id=${env.id}`, 'environment_id'],
    ]) {
      const { status, body } = await env.send('GET', `audit-log?${query}`);
      assert.equal(status, 422, query);
      assert.deepEqual(Object.keys(body.errors), [field]);
    }
  });

  it('shows an environment its own entries alone', async () => {
    const other = await test.environment();
    const trunk = await makeTrunk(other.send);
    assert.deepEqual(await read(`?subject_id=${trunk}`), []);
    assert.equal((await read(`?subject_id=${trunk}`, other.send)).length, 1);
  });

  it('needs audit:read', async () => {
    const refused = await (await test.sendAs(env.id, ['dids:*']))('GET', 'audit-log');
    assert.deepEqual([refused.status, refused.body.details], [403, { required_scope: 'audit:read' }]);
    const reader = await test.sendAs(env.id, ['audit:read']);
    assert.equal((await reader('GET', 'audit-log')).status, 200);
    assert.equal((await test.sendWith(undefined)('GET', 'audit-log')).status, 401);
  });

  it('shows the operator the installation’s entries, or those of an environment', async () => {
    const admin = await test.admin();
    const { body } = await admin('POST', 'admin/tokens', { name: 'audited' });
    const own = (await admin('GET', 'admin/audit-log')).body.data as Entry[];
    assert.deepEqual([own[0]?.type, own[0]?.subject_id], ['token.created', body.data.id]);
    assert.ok(own.every(({ type }) => type.startsWith('token.')));
    const other = await test.environment();
    const trunk = await makeTrunk(other.send);
    const path = `admin/audit-log?environment_id=${other.id}&page=1`;
    const inside = await admin('GET', path);
    assert.equal(inside.body.data[0].subject_id, trunk);
    assert.equal(inside.body.pagination.total, inside.body.data.length);
    const missing = await admin('GET', `admin/audit-log?environment_id=${MISSING}`);
    assert.deepEqual([missing.status, missing.body.code], [404, 'ENVIRONMENT_NOT_FOUND']);
    assert.equal((await admin('GET', 'admin/audit-log?environment_id=default')).status, 422);
    assert.equal((await other.send('GET', 'admin/audit-log')).status, 403);
    assert.equal((await test.sendWith(undefined)('GET', 'admin/audit-log')).status, 401);
  });
});
