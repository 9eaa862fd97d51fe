import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { headersPlace } from '../../domain/actions/headers.ts';
import { HOLD, holdInput, TRANSFER, transferInput, WEBHOOK } from '../../testing/action-fixtures.ts';
import { makeAgent } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
describe('actions (contract §5)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let path: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    path = `agents/${await makeAgent(env.send)}/actions`;
  });
  after(() => test.stop());

  const saved = async (body: object) => {
    const answer = await env.send('POST', path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.data;
  };
  const stored = (id: string) =>
    test.platform.db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  it('saves the contract’s three examples with 200 and shows its object, in the agent as well', async () => {
    const agentId = await makeAgent(env.send);
    const times = { created_at: '2026-01-15T12:00:00.000Z', updated_at: '2026-01-15T12:00:00.000Z' };
    const expected = [];
    for (const example of [WEBHOOK, TRANSFER, HOLD]) {
      const { status, body } = await env.send('POST', `agents/${agentId}/actions`, example);
      assert.equal(status, 200);
      const data = {
        id: body.data.id,
        name: example.name,
        label: example.name,
        description: example.description,
        type: example.type,
        input_schema: example.inputs,
        config: null,
        action_trigger: null,
        url: 'url' in example ? example.url : null,
        authorization_url: 'authorization_url' in example ? example.authorization_url : null,
        current_status: 'active',
        ...times,
      };
      assert.deepEqual(body, { success: true, message: 'Agent action updated successfully', data });
      expected.push(data);
    }
    const list = await env.send('GET', `agents/${agentId}/actions`);
    assert.deepEqual([list.status, list.body], [200, { success: true, data: expected }]);
    assert.deepEqual((await env.send('GET', `agents/${agentId}`)).body.data.actions, expected);
  });

  it('stores what no answer shows, headers sealed', async () => {
    const { id, ...answer } = await saved({
      ...WEBHOOK,
      node_id: 'hidden',
      type: 'external',
      authorization_scheme: 'bearer',
      custom_headers: [{ key: 'Authorization', value: 'Bearer s3cret-value' }],
      speak_on_send: 'One moment.',
      speak_on_receive: 'Done: {{result}}',
      execution_mode: 'post_call',
    });
    assert.ok(!JSON.stringify(answer).includes('s3cret-value'));
    const row = await stored(id);
    assert.deepEqual(
      [row.authorization_scheme, row.speak_on_send, row.execution_mode, row.integration_id],
      ['bearer', 'One moment.', 'post_call', 'calendar'],
    );
    assert.ok(!row.custom_headers_sealed?.includes('s3cret-value'));
    assert.deepEqual(
      JSON.parse(test.platform.keyRing.decrypt(row.custom_headers_sealed ?? '', headersPlace(id))),
      [{ key: 'Authorization', value: 'Bearer s3cret-value' }],
    );
    const { rows } = await sql<{ row: string }>`SELECT e::text AS row FROM events e`.execute(
      test.platform.db,
    );
    assert.ok(rows.every((event) => !event.row.includes('s3cret-value')));
  });

  it('replaces the action with the same node_id as a whole: headers not sent again are gone', async () => {
    const headers = [{ key: 'X-Api-Key', value: 'k' }];
    const first = await saved({ ...WEBHOOK, node_id: 'twice', custom_headers: headers });
    const second = await saved({
      node_id: 'twice',
      name: 'Renamed',
      description: 'Other',
      type: 'webhook',
      url: 'http://elsewhere.example.com',
    });
    assert.equal(second.id, first.id);
    assert.deepEqual([second.label, second.input_schema, second.authorization_url], ['Renamed', [], null]);
    const row = await stored(first.id);
    assert.deepEqual([row.custom_headers_sealed, row.integration_id], [null, null]);
  });

  it('makes one action of twenty simultaneous requests with one node_id', async () => {
    const own = `agents/${await makeAgent(env.send)}/actions`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => env.send('POST', own, HOLD)));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal((await env.send('GET', own)).body.data.length, 1);
  });

  it('shows target and duration as inputs, whether they came as field, as input or as both', async () => {
    const { transfer_to: _t, ...transferByInput } = TRANSFER;
    const { inputs: _i, ...transferByField } = TRANSFER;
    const { hold_duration: _h, ...holdByInput } = HOLD;
    const { inputs: _j, ...holdByField } = HOLD;
    for (const body of [TRANSFER, transferByInput, transferByField]) {
      const data = await saved({ ...body, node_id: 't' });
      assert.deepEqual(data.input_schema, [transferInput('+15551234567')]);
      assert.equal((await stored(data.id)).transfer_to, '+15551234567');
    }
    for (const body of [HOLD, holdByInput, holdByField]) {
      const data = await saved({ ...body, node_id: 'h' });
      assert.deepEqual(data.input_schema, [holdInput(30)]);
      assert.equal((await stored(data.id)).hold_duration, 30);
    }
  });

  it('deletes once', async () => {
    const { id } = await saved({ ...HOLD, node_id: 'gone' });
    const done = await env.send('DELETE', `${path}/${id}`);
    assert.deepEqual(
      [done.status, done.body],
      [200, { success: true, message: 'Agent action deleted successfully' }],
    );
    const again = await env.send('DELETE', `${path}/${id}`);
    assert.deepEqual(
      [again.status, again.body.code, again.body.message],
      [404, 'ACTION_NOT_FOUND', 'Action not found'],
    );
  });

  it('answers 404 for missing, malformed and somebody else’s agent or action', async () => {
    const other = await test.environment();
    const foreignAgent = await makeAgent(other.send);
    const foreign = (await other.send('POST', `agents/${foreignAgent}/actions`, HOLD)).body.data.id;
    for (const id of [MISSING, 'nope', foreignAgent]) {
      for (const [method, rest, body] of [
        ['GET', ''],
        ['POST', '', HOLD],
        ['DELETE', `/${foreign}`],
      ] as const) {
        const answer = await env.send(method, `agents/${id}/actions${rest}`, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'AGENT_NOT_FOUND'], `${method} ${id}`);
      }
    }
    const sibling = await makeAgent(env.send);
    const siblings = (await env.send('POST', `agents/${sibling}/actions`, HOLD)).body.data.id;
    for (const id of [MISSING, 'nope', foreign, siblings]) {
      const answer = await env.send('DELETE', `${path}/${id}`);
      assert.deepEqual([answer.status, answer.body.code], [404, 'ACTION_NOT_FOUND'], id);
    }
    assert.equal((await other.send('GET', `agents/${foreignAgent}/actions`)).body.data.length, 1);
    assert.equal((await env.send('GET', `agents/${sibling}/actions`)).body.data.length, 1);
  });

  it('words 401 and 403 as the contract’s pages do', async () => {
    const reader = await test.sendAs(env.id, ['agents:read']);
    const writer = await test.sendAs(env.id, ['agents:write']);
    for (const [method, where, weak, sentence] of [
      ['POST', path, reader, 'You are not authorized to create actions for this agent.'],
      ['GET', path, writer, "You are not authorized to access this agent's actions."],
      ['DELETE', `${path}/${MISSING}`, reader, 'You are not authorized to delete actions for this agent.'],
      ['GET', 'action-integrations', writer, 'You are not authorized to perform this action.'],
    ] as const) {
      const missing = await test.sendWith(undefined)(method, where);
      assert.deepEqual([missing.status, missing.body.message], [401, 'Unauthenticated.']);
      const { status, body } = await weak(method, where);
      assert.deepEqual([status, body.code, body.message], [403, 'UNAUTHORIZED', sentence]);
    }
  });

  it('holds at most 128 actions per agent', async () => {
    const own = `agents/${await makeAgent(env.send)}/actions`;
    for (let index = 0; index < 128; index += 1) {
      await env.send('POST', own, { ...HOLD, node_id: `node-${index}` });
    }
    const refused = await env.send('POST', own, HOLD);
    assert.deepEqual(
      [refused.status, refused.body.errors],
      [422, { actions: ['An agent may have at most 128 actions.'] }],
    );
    assert.equal((await env.send('POST', own, { ...HOLD, node_id: 'node-7' })).status, 200);
  });

  it('lists the three integrations, and each can be attached', async () => {
    const { status, body } = await env.send('GET', 'action-integrations');
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body.data[0]), [
      'identifier',
      'display_name',
      'description',
      'category',
      'icon_url',
    ]);
    const identifiers = body.data.map((each: { identifier: string }) => each.identifier);
    assert.deepEqual(identifiers, ['calendar', 'email-calendar', 'crm']);
    for (const id of identifiers) await saved({ ...WEBHOOK, integration: { id } });
  });

  it('writes who, what, before and after into the audit log', async () => {
    const { id } = await saved({ ...WEBHOOK, node_id: 'audited' });
    await saved({
      ...WEBHOOK,
      node_id: 'audited',
      name: 'Renamed',
      custom_headers: [{ key: 'X-Api-Key', value: 'k' }],
    });
    await env.send('DELETE', `${path}/${id}`);
    const rows = await test.platform.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      rows.map((row) => [row.type, row.before?.name, row.after?.name]),
      [
        ['action.created', undefined, WEBHOOK.name],
        ['action.updated', WEBHOOK.name, 'Renamed'],
        ['action.deleted', 'Renamed', undefined],
      ],
    );
    const [, updated] = rows;
    assert.deepEqual(
      [updated?.before?.has_custom_headers, updated?.after?.has_custom_headers],
      [false, true],
    );
  });
});
