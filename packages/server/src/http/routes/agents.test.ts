import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AGENT, makeAgent, makeDid, makePublishedAgent, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

describe('creating, reading and listing agents (contract §3.1–3.3)', () => {
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

  const did = () => makeDid(env.send, trunk, `+1555200${String((counter += 1)).padStart(4, '0')}`);
  const stored = (id: string) =>
    test.platform.db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  it('creates a draft from the contract’s body and answers the contract’s object', async () => {
    const { status, body, headers } = await env.send('POST', 'agents', AGENT);
    assert.equal(status, 201);
    const { id } = body.data;
    assert.deepEqual(body, {
      success: true,
      message: 'Agent created successfully',
      data: {
        id,
        name: 'SupportBot',
        label: 'Customer Support Agent',
        description: 'Handles customer inquiries and support requests',
        language: 'en-US',
        voice: null,
        initial_message: 'Hello, how can I help you today?',
        interrupt_sensitivity: 'medium',
        conversation_speed: 1,
        initial_message_delay: 0,
        ask_if_human_present_on_idle: false,
        direction: 'inbound',
        who_speaks_first: 'agent',
        current_status: 'draft',
        is_sandbox: false,
        is_ready_to_publish: false,
        created_at: '2026-01-15T12:00:00.000Z',
        updated_at: '2026-01-15T12:00:00.000Z',
        trainings: [],
        actions: [],
        phone_numbers: [],
      },
    });
    assert.equal(headers.location, `/api/v1/agents/${id}`);
    const read = await env.send('GET', `agents/${id}`);
    assert.deepEqual([read.status, read.body], [200, { success: true, data: body.data }]);
    assert.equal(read.headers.etag, headers.etag);
  });

  it('shows its numbers in both formats and in the order given, a repeated one once', async () => {
    const [first, second] = [await did(), await did()];
    const { body } = await env.send('POST', 'agents', {
      ...AGENT,
      phone_number_ids: [second, first, second.toUpperCase()],
    });
    assert.deepEqual(
      body.data.phone_numbers.map((number: { id: string }) => number.id),
      [second, first],
    );
    const { number } = body.data.phone_numbers[1];
    assert.deepEqual(body.data.phone_numbers[1], {
      id: first,
      number,
      country_code: 'US',
      formatted_number: `(555) 200-${number.slice(-4)}`,
      international_number: `+1 555 200 ${number.slice(-4)}`,
      current_status: 'active',
    });
    assert.equal(body.data.is_ready_to_publish, true);
  });

  it('stores the settings that no answer shows', async () => {
    const hidden = {
      endpointing_sensitivity: 'high',
      ivr_navigation_mode: 'speech',
      idle_time_seconds: 300,
      max_idle_check_count: 10,
      max_call_duration_seconds: 3600,
      say_goodbye_on_max_duration: true,
      user_inactivity_timeout_seconds: 120,
      initial_idle_time_seconds: 60,
      initial_max_idle_check_count: 0,
      enable_recording: false,
    };
    const row = await stored(await makeAgent(env.send, hidden));
    for (const [name, value] of Object.entries(hidden)) {
      assert.equal(row[name as keyof typeof row], value, name);
    }
  });

  it('takes the older word `standard` as navigation by key presses', async () => {
    const row = await stored(await makeAgent(env.send, { ivr_navigation_mode: 'standard' }));
    assert.equal(row.ivr_navigation_mode, 'dtmf');
  });

  it('takes absent, null and blank optional texts as none', async () => {
    const { description: _d, initial_message: _i, ...minimal } = AGENT;
    for (const body of [
      minimal,
      {
        ...minimal,
        description: null,
        initial_message: null,
        max_idle_check_count: null,
        phone_number_ids: null,
      },
      { ...minimal, description: ' ', initial_message: '' },
    ]) {
      const { status, body: answer } = await env.send('POST', 'agents', body);
      assert.equal(status, 201, JSON.stringify(answer));
      assert.deepEqual([answer.data.description, answer.data.initial_message], [null, null]);
    }
  });

  it('reports every problem at once, in the contract’s sentences', async () => {
    const { status, body } = await env.send('POST', 'agents', {
      language: 'xx-XX',
      interrupt_sensitivity: 'extreme',
      direction: 'sideways',
      conversation_speed: 3.1,
      initial_message_delay: 61,
      llm_temperature: -0.1,
      idle_time_seconds: 301,
      colour: 'red',
      constructor: {},
      phone_number_ids: ['phone-uuid-1'],
    });
    assert.equal(status, 422);
    assert.equal(body.message, 'The given data was invalid.');
    assert.deepEqual(body.errors, {
      name: ['The name field is required.'],
      label: ['The label field is required.'],
      language: ['The selected language is invalid.'],
      interrupt_sensitivity: ['The selected interrupt sensitivity is invalid.'],
      endpointing_sensitivity: ['The endpointing sensitivity field is required.'],
      ivr_navigation_mode: ['The ivr navigation mode field is required.'],
      direction: ['The selected direction is invalid.'],
      conversation_speed: ['The conversation speed must be between 0.1 and 3.0.'],
      initial_message_delay: ['The initial message delay must be between 0 and 60.'],
      ask_if_human_present_on_idle: ['The ask if human present on idle field is required.'],
      llm_temperature: ['The llm temperature must be between 0 and 2.'],
      idle_time_seconds: ['The idle time seconds must be between 1 and 300.'],
      enable_recording: ['The enable recording field is required.'],
      who_speaks_first: ['The who speaks first field is required.'],
      'phone_number_ids.0': ['The selected phone number ids.0 is invalid.'],
      colour: ['The colour field is not known here.'],
      constructor: ['The constructor field is not known here.'],
    });
  });

  it('holds the limits of every number field at both ends', async () => {
    const ranges = {
      conversation_speed: [0.1, 3],
      initial_message_delay: [0, 60],
      idle_time_seconds: [1, 300],
      max_idle_check_count: [1, 10],
      max_call_duration_seconds: [1, 3600],
      user_inactivity_timeout_seconds: [5, 120],
      initial_idle_time_seconds: [1, 60],
      initial_max_idle_check_count: [0, 10],
      llm_temperature: [0, 2],
    };
    for (const [name, [low, high]] of Object.entries(ranges) as [string, [number, number]][]) {
      for (const value of [low, high]) await makeAgent(env.send, { [name]: value });
      for (const value of [low - 1, high + 1]) {
        const { status, body } = await env.send('POST', 'agents', { ...AGENT, [name]: value });
        assert.deepEqual([status, Object.keys(body.errors)], [422, [name]], `${name} ${value}`);
      }
    }
    const half = await env.send('POST', 'agents', { ...AGENT, idle_time_seconds: 1.5 });
    assert.deepEqual(half.body.errors, { idle_time_seconds: ['The idle time seconds must be an integer.'] });
  });

  it('refuses text that the database could not keep as sent', async () => {
    for (const name of ['a\0b', 'a\nb', 'a\ud800b', ' ', 'x'.repeat(256)]) {
      const { status, body } = await env.send('POST', 'agents', { ...AGENT, name });
      assert.deepEqual([status, Object.keys(body.errors)], [422, ['name']], JSON.stringify(name));
    }
  });

  it('lists the environment’s agents oldest first, 20 a page, with everything they own', async () => {
    const own = await test.environment();
    const ids: string[] = [];
    for (let index = 0; index < 21; index += 1) ids.push(await makeAgent(own.send, { name: `Bot ${index}` }));
    await own.send('POST', `agents/${ids[0]}/trainings`, { subject: 'Prices', instructions: 'Ten each.' });
    const { status, body } = await own.send('GET', 'agents');
    assert.equal(status, 200);
    assert.deepEqual(
      body.data.map((item: { id: string }) => item.id),
      ids.slice(0, 20),
    );
    assert.deepEqual(body.meta, { current_page: 1, per_page: 20, total: 21, last_page: 2 });
    assert.deepEqual(Object.keys(body), ['success', 'data', 'meta']);
    assert.deepEqual(body.data[0], (await own.send('GET', `agents/${ids[0]}`)).body.data);
    assert.equal(body.data[0].trainings[0].subject, 'Prices');
    const second = (await own.send('GET', 'agents?per_page=5&page=5')).body;
    assert.deepEqual(second.meta, { current_page: 5, per_page: 5, total: 21, last_page: 5 });
    assert.deepEqual(
      second.data.map((item: { id: string }) => item.id),
      [ids[20]],
    );
    assert.deepEqual((await own.send('GET', 'agents?page=9')).body.data, []);
  });

  it('filters the list by status, direction and part of name or label', async () => {
    const own = await test.environment();
    const ownTrunk = await makeTrunk(own.send);
    const live = await makePublishedAgent(own.send, await makeDid(own.send, ownTrunk), {
      name: 'Receção 100%_a',
    });
    const calling = await makeAgent(own.send, { direction: 'outbound', label: 'Collections \\ team' });
    const found = async (query: string) =>
      (await own.send('GET', `agents?${query}`)).body.data.map((item: { id: string }) => item.id);
    assert.deepEqual(await found('status=published&direction=inbound'), [live]);
    assert.deepEqual(await found('status=published&direction=outbound'), []);
    assert.deepEqual(await found('direction=outbound'), [calling]);
    assert.deepEqual(await found('search=receção'), [live]);
    assert.deepEqual(await found('search=%25_A'), [live]);
    assert.deepEqual(await found('search=collections%20%5C'), [calling]);
    assert.deepEqual(await found('search=_________________________'), []);
    assert.deepEqual(await found('search='), [live, calling]);
  });

  it('refuses list parameters in the contract’s sentences', async () => {
    for (const query of ['per_page=0', 'per_page=101']) {
      const { status, body } = await env.send('GET', `agents?${query}&status=live&direction=up&x=1`);
      assert.equal(status, 422);
      assert.deepEqual(body.errors, {
        status: ['The selected status is invalid.'],
        direction: ['The selected direction is invalid.'],
        per_page: ['The per page must be between 1 and 100.'],
        x: ['The x field is not known here.'],
      });
    }
  });

  it('creates one agent for a repeated Idempotency-Key', async () => {
    const own = await test.environment();
    const headers = { 'idempotency-key': 'agent-1' };
    const first = await own.send('POST', 'agents', AGENT, headers);
    const again = await own.send('POST', 'agents', AGENT, headers);
    assert.deepEqual([again.status, again.body], [201, first.body]);
    assert.equal((await own.send('GET', 'agents')).body.meta.total, 1);
  });
});
