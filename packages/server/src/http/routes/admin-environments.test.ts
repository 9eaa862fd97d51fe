import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootstrap } from '../../domain/environments/bootstrap.ts';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { type Send, startTestApp, type TestApp } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('Environments (admin API)', () => {
  let test: TestApp;
  let admin: Send;

  before(async () => {
    test = await startTestApp();
    admin = await test.admin();
  });
  after(() => test.stop());

  const create = async (name: string): Promise<string> => {
    const { status, body } = await admin('POST', 'admin/environments', { name });
    assert.equal(status, 201, JSON.stringify(body));
    return body.data.id;
  };

  it('creates one, with Location and ETag, and shows it under its id', async () => {
    const { status, body, headers } = await admin('POST', 'admin/environments', { name: ' staging ' });
    assert.equal(status, 201);
    assert.deepEqual(body.data, {
      id: body.data.id,
      name: 'staging',
      archived_at: null,
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-15T12:00:00.000Z',
    });
    assert.equal(headers.location, `/api/v1/admin/environments/${body.data.id}`);
    assert.equal(headers.etag, '"1"');
    const shown = await admin('GET', `admin/environments/${body.data.id}`);
    assert.deepEqual([shown.status, shown.body, shown.headers.etag], [200, body, '"1"']);
  });

  it('answers 409 when the name is taken, also to simultaneous requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => admin('POST', 'admin/environments', { name: 'crowded' })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    assert.equal(refused?.body.code, 'ENVIRONMENT_NAME_TAKEN');
  });

  it('refuses names that are missing, too long, shaped like an id, or not one line', async () => {
    for (const name of ['', ' ', 'x'.repeat(256), MISSING, 'a\nb', 5, null]) {
      const { status, body } = await admin('POST', 'admin/environments', { name });
      assert.equal(status, 422, String(name));
      assert.deepEqual(Object.keys(body.errors), ['name']);
    }
    assert.equal((await admin('POST', 'admin/environments', { name: 'y'.repeat(255) })).status, 201);
    const { body } = await admin('POST', 'admin/environments', { name: 'z', colour: 'red' });
    assert.deepEqual(Object.keys(body.errors), ['colour']);
  });

  it('renames, and refuses a stale edit and a taken name', async () => {
    const id = await create('before');
    const path = `admin/environments/${id}`;
    const renamed = await admin('PATCH', path, { name: 'after' }, { 'if-match': '"1"' });
    assert.deepEqual([renamed.status, renamed.body.data.name, renamed.headers.etag], [200, 'after', '"2"']);
    const stale = await admin('PATCH', path, { name: 'other' }, { 'if-match': '"1"' });
    assert.deepEqual([stale.status, stale.body.code], [412, 'PRECONDITION_FAILED']);
    await create('occupied');
    const taken = await admin('PATCH', path, { name: 'occupied' });
    assert.deepEqual([taken.status, taken.body.code], [409, 'ENVIRONMENT_NAME_TAKEN']);
    assert.equal((await admin('PATCH', path, {})).status, 422);
    const same = await admin('PATCH', path, { name: 'after' });
    assert.deepEqual([same.status, same.headers.etag], [200, '"2"']);
  });

  it('archives: its tokens are refused at once, and restoring brings them back', async () => {
    const env = await test.environment();
    assert.equal((await env.send('GET', 'sip-trunks')).status, 200);
    const archived = await admin('POST', `admin/environments/${env.id}/archive`);
    assert.equal(archived.status, 200);
    assert.equal(archived.body.message, 'Environment archived');
    assert.equal(archived.body.data.archived_at, '2026-01-15T12:00:00.000Z');
    const refused = await env.send('GET', 'sip-trunks');
    assert.deepEqual([refused.status, refused.body.code], [403, 'ENVIRONMENT_ARCHIVED']);
    const restored = await admin('POST', `admin/environments/${env.id}/restore`);
    assert.deepEqual([restored.status, restored.body.message], [200, 'Environment restored']);
    assert.equal(restored.body.data.archived_at, null);
    assert.equal((await env.send('GET', 'sip-trunks')).status, 200);
  });

  it('works at once under an Idempotency-Key too, and again changes nothing', async () => {
    const env = await test.environment();
    await env.send('GET', 'sip-trunks');
    const path = `admin/environments/${env.id}/archive`;
    const first = await admin('POST', path, undefined, { 'idempotency-key': 'archive-once' });
    assert.equal(first.status, 200);
    assert.equal((await env.send('GET', 'sip-trunks')).status, 403);
    const again = await admin('POST', path);
    assert.deepEqual([again.status, again.body.data], [200, first.body.data]);
    const log = await admin('GET', `admin/audit-log?environment_id=${env.id}&type=environment.archived`);
    assert.equal(log.body.data.length, 1);
  });

  it('lists all, those in use and the archived ones, whole or by page', async () => {
    const own = await startTestApp();
    const send = await own.admin();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push((await send('POST', 'admin/environments', { name })).body.data.id);
    }
    await send('POST', `admin/environments/${ids[1]}/archive`);
    const names = async (query: string) =>
      (await send('GET', `admin/environments${query}`)).body.data.map((item: { name: string }) => item.name);
    assert.deepEqual(await names(''), ['a', 'b', 'c']);
    assert.deepEqual(await names('?archived=true'), ['b']);
    assert.deepEqual(await names('?archived=false'), ['a', 'c']);
    const page = await send('GET', 'admin/environments?per_page=2&page=2');
    assert.deepEqual(page.body.data.length, 1);
    assert.deepEqual(page.body.pagination, {
      current_page: 2, last_page: 2, per_page: 2, total: 3, from: 3, to: 3,
    }); // prettier-ignore
    assert.equal((await send('GET', 'admin/environments?archived=maybe')).status, 422);
    await own.stop();
  });

  it('answers one 404 for missing and malformed ids, and for the installation itself', async () => {
    for (const id of [MISSING, 'default', INSTALLATION_ID]) {
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { name: 'x' }],
        ['POST', '/archive', undefined],
        ['POST', '/restore', undefined],
      ] as const) {
        const answer = await admin(method, `admin/environments/${id}${path}`, body);
        assert.deepEqual(
          [answer.status, answer.body.code],
          [404, 'ENVIRONMENT_NOT_FOUND'],
          `${method} ${id}`,
        );
      }
    }
  });

  it('is closed to environment tokens, even to `*`', async () => {
    const env = await test.environment();
    for (const [method, path] of [
      ['GET', 'admin/environments'],
      ['POST', 'admin/environments'],
      ['GET', `admin/environments/${env.id}`],
      ['PATCH', `admin/environments/${env.id}`],
      ['POST', `admin/environments/${env.id}/archive`],
      ['POST', `admin/environments/${env.id}/restore`],
    ] as const) {
      const { status, body } = await env.send(method, path);
      assert.deepEqual([status, body.code], [403, 'FORBIDDEN'], `${method} ${path}`);
      assert.equal((await test.sendWith(undefined)(method, path)).status, 401);
    }
  });

  it('tells each step in the audit log of the environment', async () => {
    const id = await create('audited');
    await admin('PATCH', `admin/environments/${id}`, { name: 'audited-too' });
    await admin('POST', `admin/environments/${id}/archive`);
    await admin('POST', `admin/environments/${id}/restore`);
    const { body } = await admin('GET', `admin/audit-log?environment_id=${id}`);
    assert.deepEqual(
      body.data.map((entry: { type: string }) => entry.type),
      ['environment.restored', 'environment.archived', 'environment.renamed', 'environment.created'],
    );
    assert.deepEqual(body.data[2].before, { name: 'audited' });
    assert.deepEqual(body.data[2].after, { name: 'audited-too' });
  });

  it('does not start over when the first environment was renamed', async () => {
    const own = await startTestApp();
    const first = await bootstrap(own.platform, undefined);
    assert.ok(first);
    const send = own.sendWith(first.adminToken);
    const [{ id }] = (await send('GET', 'admin/environments')).body.data;
    await send('PATCH', `admin/environments/${id}`, { name: 'production' });
    assert.equal(await bootstrap(own.platform, undefined), undefined);
    assert.equal((await send('GET', 'admin/environments')).body.data.length, 1);
    await own.stop();
  });
});
