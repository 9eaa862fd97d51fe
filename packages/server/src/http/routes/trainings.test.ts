import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeAgent } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
const TRAINING = {
  node_id: 'training-node-123',
  subject: 'Product Knowledge',
  instructions: 'Learn about our product features, pricing,\nand common use cases.',
  current_status: 'active',
};

describe('trainings (contract §4)', () => {
  let test: TestApp;
  let env: TestEnvironment;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
  });
  after(() => test.stop());

  it('creates with 200 and the contract’s object', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const { status, body } = await env.send('POST', path, TRAINING);
    assert.equal(status, 200);
    const { node_id: _, ...shown } = TRAINING;
    assert.deepEqual(body, {
      success: true,
      message: 'Agent training updated successfully',
      data: {
        id: body.data.id,
        ...shown,
        created_at: '2026-01-15T12:00:00.000Z',
        updated_at: '2026-01-15T12:00:00.000Z',
      },
    });
    const list = await env.send('GET', path);
    assert.deepEqual([list.status, list.body], [200, { success: true, data: [body.data] }]);
  });

  it('replaces the training with the same node_id and creates anew without one', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const first = (await env.send('POST', path, { ...TRAINING, current_status: 'inactive' })).body.data;
    assert.equal(first.current_status, 'inactive');
    test.platform.clock.advance(1_000);
    const { node_id, subject } = TRAINING;
    const second = (await env.send('POST', path, { node_id, subject, instructions: 'Other' })).body.data;
    assert.deepEqual(second, {
      ...first,
      instructions: 'Other',
      current_status: 'active',
      updated_at: second.updated_at,
    });
    assert.notEqual(second.updated_at, first.updated_at);
    for (const node of [undefined, null, '']) {
      await env.send('POST', path, { subject, instructions: 'New', node_id: node });
    }
    assert.equal((await env.send('GET', path)).body.data.length, 4);
    const elsewhere = `agents/${await makeAgent(env.send)}/trainings`;
    await env.send('POST', elsewhere, TRAINING);
    assert.equal((await env.send('GET', path)).body.data.length, 4);
  });

  it('makes one training of twenty simultaneous requests with one node_id', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => env.send('POST', path, TRAINING)));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal((await env.send('GET', path)).body.data.length, 1);
  });

  it('reports every problem at once, in the contract’s sentences', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const { status, body } = await env.send('POST', path, { current_status: 'paused', text: 'x' });
    assert.equal(status, 422);
    assert.deepEqual(body.errors, {
      subject: ['The subject field is required.'],
      instructions: ['The instructions field is required.'],
      current_status: ['The selected current status is invalid.'],
      text: ['The text field is not known here.'],
    });
    assert.deepEqual((await env.send('GET', path)).body, { success: true, data: [] });
  });

  it('deletes once', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const { id } = (await env.send('POST', path, TRAINING)).body.data;
    const done = await env.send('DELETE', `${path}/${id}`);
    assert.deepEqual(
      [done.status, done.body],
      [200, { success: true, message: 'Agent training deleted successfully' }],
    );
    const again = await env.send('DELETE', `${path}/${id}`);
    assert.deepEqual(
      [again.status, again.body.code, again.body.message],
      [404, 'TRAINING_NOT_FOUND', 'Training not found'],
    );
  });

  it('answers 404 for missing, malformed and somebody else’s agent or training', async () => {
    const other = await test.environment();
    const foreignAgent = await makeAgent(other.send);
    const foreign = (await other.send('POST', `agents/${foreignAgent}/trainings`, TRAINING)).body.data.id;
    for (const id of [MISSING, 'nope', foreignAgent]) {
      for (const [method, rest, body] of [
        ['GET', ''],
        ['POST', '', TRAINING],
        ['DELETE', `/${foreign}`],
      ] as const) {
        const answer = await env.send(method, `agents/${id}/trainings${rest}`, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'AGENT_NOT_FOUND'], `${method} ${id}`);
      }
    }
    const own = await makeAgent(env.send);
    const sibling = await makeAgent(env.send);
    const siblings = (await env.send('POST', `agents/${sibling}/trainings`, TRAINING)).body.data.id;
    for (const id of [MISSING, 'nope', foreign, siblings]) {
      const answer = await env.send('DELETE', `agents/${own}/trainings/${id}`);
      assert.deepEqual([answer.status, answer.body.code], [404, 'TRAINING_NOT_FOUND'], id);
    }
    assert.equal((await other.send('GET', `agents/${foreignAgent}/trainings`)).body.data.length, 1);
    assert.equal((await env.send('GET', `agents/${sibling}/trainings`)).body.data.length, 1);
  });

  it('words 401 and 403 as the contract’s pages do', async () => {
    const path = `agents/${await makeAgent(env.send)}/trainings`;
    const reader = await test.sendAs(env.id, ['agents:read']);
    const writer = await test.sendAs(env.id, ['agents:write']);
    for (const [method, where, weak, sentence] of [
      ['POST', path, reader, 'You are not authorized to create training for this agent.'],
      ['GET', path, writer, "You are not authorized to access this agent's trainings."],
      ['DELETE', `${path}/${MISSING}`, reader, 'You are not authorized to delete training for this agent.'],
    ] as const) {
      const missing = await test.sendWith(undefined)(method, where);
      assert.deepEqual([missing.status, missing.body.message], [401, 'Unauthenticated.']);
      const { status, body } = await weak(method, where);
      assert.deepEqual([status, body.code, body.message], [403, 'UNAUTHORIZED', sentence]);
    }
  });

  it('holds at most 500 trainings per agent', async () => {
    const agentId = await makeAgent(env.send);
    const at = test.platform.clock.now();
    await test.platform.db
      .insertInto('trainings')
      .values(
        Array.from({ length: 500 }, (_, index) => ({
          environment_id: env.id,
          id: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
          agent_id: agentId,
          node_id: `node-${index}`,
          subject: 'S',
          instructions: 'I',
          current_status: 'active' as const,
          created_at: at,
          updated_at: at,
        })),
      )
      .execute();
    const refused = await env.send('POST', `agents/${agentId}/trainings`, TRAINING);
    assert.deepEqual(
      [refused.status, refused.body.errors],
      [422, { trainings: ['An agent may have at most 500 trainings.'] }],
    );
    const replaced = await env.send('POST', `agents/${agentId}/trainings`, {
      ...TRAINING,
      node_id: 'node-7',
    });
    assert.equal(replaced.status, 200);
  });

  it('writes who, what, before and after into the audit log', async () => {
    const agentId = await makeAgent(env.send);
    const path = `agents/${agentId}/trainings`;
    const { id } = (await env.send('POST', path, TRAINING)).body.data;
    await env.send('POST', path, { ...TRAINING, subject: 'Renamed' });
    await env.send('DELETE', `${path}/${id}`);
    const rows = await test.platform.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      rows.map((row) => [row.type, row.before?.subject, row.after?.subject]),
      [
        ['training.created', undefined, TRAINING.subject],
        ['training.updated', TRAINING.subject, 'Renamed'],
        ['training.deleted', 'Renamed', undefined],
      ],
    );
    assert.equal(rows[0]?.after?.agent_id, agentId);
  });
});
