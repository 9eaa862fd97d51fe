import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AGENT, makeAgent, makeDid, makePublishedAgent, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';
const KNOWLEDGE = {
  description: 'Updated agent description with more details',
  initial_message: 'Hello! Welcome to our support line. How may I assist you today?',
  interrupt_sensitivity: 'high',
  ask_if_human_present_on_idle: true,
  llm_temperature: 0.8,
  initial_message_delay: 2,
};

describe('changing and deleting agents (contract §3.4, §3.5)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let counter = 0;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
  });
  after(() => test.stop());

  const did = () => makeDid(env.send, trunk, `+1555400${String((counter += 1)).padStart(4, '0')}`);
  const stored = (id: string) =>
    test.platform.db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  it('updates knowledge, makes the agent a draft and keeps an initial message that was not sent', async () => {
    const id = await makePublishedAgent(env.send, await did());
    test.platform.clock.advance(1_000);
    const { status, body } = await env.send('PUT', `agents/${id}/knowledge`, KNOWLEDGE);
    assert.equal(status, 200);
    assert.equal(body.message, 'Agent knowledge updated successfully');
    for (const [name, value] of Object.entries(KNOWLEDGE).filter(([name]) => name !== 'llm_temperature')) {
      assert.equal(body.data[name], value, name);
    }
    assert.equal((await stored(id)).llm_temperature, 0.8);
    assert.deepEqual([body.data.current_status, body.data.is_ready_to_publish], ['draft', true]);
    assert.notEqual(body.data.updated_at, body.data.created_at);
    const { initial_message: greeting, ...rest } = KNOWLEDGE;
    const kept = await env.send('PUT', `agents/${id}/knowledge`, rest);
    assert.equal(kept.body.data.initial_message, greeting);
    const cleared = await env.send('PUT', `agents/${id}/knowledge`, { ...rest, initial_message: null });
    assert.equal(cleared.body.data.initial_message, null);
  });

  it('refuses incomplete knowledge in the contract’s sentences, and changes nothing', async () => {
    const id = await makePublishedAgent(env.send, await did());
    const { status, body } = await env.send('PUT', `agents/${id}/knowledge`, {
      description: '',
      initial_message: 'Hi',
      interrupt_sensitivity: 'none',
      llm_temperature: 3,
      initial_message_delay: 90,
      name: 'Other',
    });
    assert.equal(status, 422);
    assert.deepEqual(body.errors, {
      description: ['The description field is required.'],
      initial_message: ['The initial message must be at least 5 characters.'],
      interrupt_sensitivity: ['The selected interrupt sensitivity is invalid.'],
      ask_if_human_present_on_idle: ['The ask if human present on idle field is required.'],
      llm_temperature: ['The llm temperature must be between 0 and 2.'],
      initial_message_delay: ['The initial message delay must be between 0 and 60.'],
      name: ['The name field is not known here.'],
    });
    const short = await env.send('PUT', `agents/${id}/knowledge`, { ...KNOWLEDGE, description: 'Four' });
    assert.deepEqual(short.body.errors, { description: ['The description must be at least 5 characters.'] });
    assert.equal((await env.send('GET', `agents/${id}`)).body.data.current_status, 'published');
  });

  it('is not deleted while published, and takes everything it owns with it', async () => {
    const number = await did();
    const id = await makePublishedAgent(env.send, number);
    await env.send('POST', `agents/${id}/trainings`, { subject: 'S', instructions: 'I' });
    await env.send('POST', `agents/${id}/publish`);
    const refused = await env.send('DELETE', `agents/${id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'AGENT_IS_PUBLISHED']);
    await env.send('POST', `agents/${id}/unpublish`);
    const done = await env.send('DELETE', `agents/${id}`);
    assert.deepEqual(
      [done.status, done.body],
      [200, { success: true, message: 'Agent deleted successfully' }],
    );
    assert.equal((await env.send('GET', `agents/${id}`)).status, 404);
    for (const table of ['trainings', 'actions', 'agent_numbers'] as const) {
      const rows = await test.platform.db.selectFrom(table).selectAll().where('agent_id', '=', id).execute();
      assert.deepEqual(rows, [], table);
    }
    assert.deepEqual((await env.send('GET', `sip-trunks/${trunk}/dids/${number}`)).body.data.agents, []);
  });

  it('answers one 404 for missing, malformed and somebody else’s', async () => {
    const other = await test.environment();
    const foreign = await makeAgent(other.send);
    for (const [method, path, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PUT', '/knowledge', KNOWLEDGE],
      ['PUT', '/calling', { direction: 'inbound' }],
      ['POST', '/publish'],
      ['POST', '/unpublish'],
    ] as const) {
      for (const id of [MISSING, 'agent_123456', '%00', foreign]) {
        const answer = await env.send(method, `agents/${id}${path}`, body);
        assert.deepEqual(
          [answer.status, answer.body.code, answer.body.message],
          [404, 'AGENT_NOT_FOUND', 'Agent not found'],
          `${method} ${id}${path}`,
        );
      }
    }
    assert.equal((await other.send('GET', `agents/${foreign}`)).body.data.name, 'SupportBot');
  });

  it('words 401 and 403 as the contract’s agent pages do', async () => {
    const id = await makeAgent(env.send);
    const nobody = test.sendWith(undefined);
    const reader = await test.sendAs(env.id, ['agents:read']);
    const writer = await test.sendAs(env.id, ['agents:write']);
    for (const [method, path, weak] of [
      ['POST', 'agents', reader],
      ['GET', 'agents', writer],
      ['GET', `agents/${id}`, writer],
      ['DELETE', `agents/${id}`, reader],
      ['PUT', `agents/${id}/knowledge`, reader],
      ['PUT', `agents/${id}/calling`, reader],
      ['POST', `agents/${id}/publish`, reader],
      ['POST', `agents/${id}/unpublish`, reader],
    ] as const) {
      const missing = await nobody(method, path);
      assert.deepEqual([missing.status, missing.body.message], [401, 'Unauthenticated.'], path);
      const { status, body } = await weak(method, path);
      assert.deepEqual(
        [status, body.code, body.message],
        [403, 'UNAUTHORIZED', 'You are not authorized to perform this action.'],
        `${method} ${path}`,
      );
      assert.match(body.details.required_scope, /^agents:(read|write)$/);
    }
    assert.equal((await reader('GET', 'agents')).status, 200);
    assert.equal((await writer('POST', 'agents', AGENT)).status, 201);
  });

  it('writes who, what, before and after into the audit log', async () => {
    const first = await did();
    const { number } = (await env.send('GET', `sip-trunks/${trunk}/dids/${first}`)).body.data;
    const id = await makeAgent(env.send, { phone_number_ids: [first] });
    await env.send('PUT', `agents/${id}/knowledge`, KNOWLEDGE);
    await env.send('PUT', `agents/${id}/calling`, { direction: 'outbound', phone_number_ids: [] });
    await env.send('PUT', `agents/${id}/calling`, { direction: 'outbound', phone_number_ids: [await did()] });
    await env.send('POST', `agents/${id}/publish`);
    await env.send('POST', `agents/${id}/unpublish`);
    await env.send('DELETE', `agents/${id}`);
    const rows = await test.platform.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      rows.map((row) => row.type),
      [
        'agent.created',
        'agent.knowledge_updated',
        'agent.calling_updated',
        'agent.calling_updated',
        'agent.published',
        'agent.unpublished',
        'agent.deleted',
      ],
    );
    const [created, knowledge, calling] = rows;
    assert.deepEqual(created?.after?.phone_numbers, [number]);
    assert.deepEqual(
      [knowledge?.before?.description, knowledge?.after?.description],
      [AGENT.description, KNOWLEDGE.description],
    );
    assert.deepEqual([calling?.before?.direction, calling?.after?.direction], ['inbound', 'outbound']);
    assert.deepEqual(calling?.after?.phone_numbers, []);
    assert.ok(rows.every((row) => row.actor.type === 'token'));
  });
});
