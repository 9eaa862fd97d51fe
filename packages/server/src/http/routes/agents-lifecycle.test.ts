import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AGENT, makeAgent, makeDid, makePublishedAgent, makeTrunk } from '../../testing/fixtures.ts';
import { type Answer, startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('numbers and publication of agents (contract §3.7–3.9)', () => {
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

  const did = () => makeDid(env.send, trunk, `+1555300${String((counter += 1)).padStart(4, '0')}`);
  const calling = (id: string, body: object) => env.send('PUT', `agents/${id}/calling`, body);
  const agent = async (id: string) => (await env.send('GET', `agents/${id}`)).body.data;
  const numbersOf = async (id: string) =>
    (await agent(id)).phone_numbers.map((number: { id: string }) => number.id);
  const didData = async (id: string) => (await env.send('GET', `sip-trunks/${trunk}/dids/${id}`)).body.data;

  it('answers the contract’s short body, with the numbers in the order given', async () => {
    const id = await makeAgent(env.send);
    const [first, second] = [await did(), await did()];
    const answer = await calling(id, { direction: 'outbound', phone_number_ids: [second, first] });
    assert.equal(answer.status, 200);
    const { number } = answer.body.data.phone_numbers[0];
    assert.deepEqual(answer.body, {
      success: true,
      message: 'Agent calling settings updated successfully',
      data: {
        id,
        name: 'SupportBot',
        direction: 'outbound',
        current_status: 'draft',
        phone_numbers: [
          {
            id: second,
            number,
            country_code: 'US',
            formatted_number: `(555) 300-${number.slice(-4)}`,
            current_status: 'active',
          },
          answer.body.data.phone_numbers[1],
        ],
        updated_at: '2026-01-15T12:00:00.000Z',
      },
    });
    assert.deepEqual(await numbersOf(id), [second, first]);
  });

  it('keeps the numbers when none are sent and detaches them all with an empty list', async () => {
    const [first, second] = [await did(), await did()];
    const id = await makeAgent(env.send, { phone_number_ids: [first, second] });
    await calling(id, { direction: 'outbound' });
    assert.deepEqual(await numbersOf(id), [first, second]);
    assert.equal((await didData(first)).agents[0].direction, 'outbound');
    await calling(id, { direction: 'outbound', phone_number_ids: [second] });
    assert.deepEqual(await numbersOf(id), [second]);
    await calling(id, { direction: 'outbound', phone_number_ids: [] });
    assert.deepEqual(await numbersOf(id), []);
    assert.deepEqual((await didData(second)).agents, []);
  });

  it('takes only DIDs of the environment, and names each that is none', async () => {
    const other = await test.environment();
    const foreign = await makeDid(other.send, await makeTrunk(other.send), '+15553009999');
    const own = await did();
    const id = await makeAgent(env.send, { phone_number_ids: [own] });
    const ids = [own, foreign, MISSING, own];
    const expected = {
      'phone_number_ids.1': ['The selected phone number ids.1 is invalid.'],
      'phone_number_ids.2': ['The selected phone number ids.2 is invalid.'],
    };
    const change = await calling(id, { direction: 'inbound', phone_number_ids: ids });
    assert.deepEqual([change.status, change.body.errors], [422, expected]);
    const created = await env.send('POST', 'agents', { ...AGENT, phone_number_ids: ids });
    assert.deepEqual([created.status, created.body.errors], [422, expected]);
    assert.deepEqual(await numbersOf(id), [own]);
  });

  it('needs a direction', async () => {
    const id = await makeAgent(env.send);
    const missing = await calling(id, { phone_number_ids: [] });
    assert.deepEqual(missing.body.errors, { direction: ['The direction field is required.'] });
    const wrong = await calling(id, { direction: 'both' });
    assert.deepEqual(
      [wrong.status, wrong.body.errors],
      [422, { direction: ['The selected direction is invalid.'] }],
    );
  });

  it('lets a number serve one inbound agent and any number of outbound ones', async () => {
    const number = await did();
    const holder = await makeAgent(env.send, { name: 'Reception', phone_number_ids: [number] });
    const outbound = { direction: 'outbound', phone_number_ids: [number] };
    await makeAgent(env.send, outbound);
    const second = await makeAgent(env.send, outbound);
    const expected = {
      phone_number_id: number,
      number: (await didData(number)).number,
      agent_id: holder,
      agent_name: 'Reception',
    };
    for (const refused of [
      await env.send('POST', 'agents', { ...AGENT, phone_number_ids: [await did(), number] }),
      await calling(second, { direction: 'inbound' }),
      await calling(await makeAgent(env.send), { direction: 'inbound', phone_number_ids: [number] }),
    ]) {
      assert.deepEqual([refused.status, refused.body.code], [409, 'NUMBER_HAS_INBOUND_AGENT']);
      assert.deepEqual(refused.body.details, expected);
    }
    assert.equal((await agent(second)).direction, 'outbound');
    assert.equal((await calling(holder, { direction: 'inbound', phone_number_ids: [number] })).status, 200);
    await calling(holder, { direction: 'outbound' });
    assert.equal((await calling(second, { direction: 'inbound' })).status, 200);
    assert.equal((await didData(number)).agents.length, 3);
  });

  it('gives a number to exactly one of twenty simultaneous inbound agents', async () => {
    const waiting: string[] = [];
    for (let index = 0; index < 20; index += 1) waiting.push(await makeAgent(env.send));
    const races: [number, (number: string, id: string) => Promise<Answer>][] = [
      [201, (number) => env.send('POST', 'agents', { ...AGENT, phone_number_ids: [number] })],
      [200, (number, id) => calling(id, { direction: 'inbound', phone_number_ids: [number] })],
    ];
    for (const [won, assign] of races) {
      const number = await did();
      const answers: Answer[] = await Promise.all(waiting.map((id) => assign(number, id)));
      assert.equal(answers.filter(({ status }) => status === won).length, 1);
      assert.equal(answers.filter(({ status }) => status === 409).length, 19);
      assert.equal((await didData(number)).agents.length, 1);
    }
  });

  it('lets agents exchange numbers at the same moment without an error', async () => {
    const [first, second] = [await did(), await did()];
    const ids = [await makeAgent(env.send), await makeAgent(env.send)] as const;
    const outbound = (list: string[]) => ({ direction: 'outbound', phone_number_ids: list });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        calling(ids[index % 2 === 0 ? 0 : 1], outbound(index % 3 === 0 ? [first, second] : [second, first])),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  });

  it('keeps a DID from being deleted while assigned, and gives it a new revision when that changes', async () => {
    const number = await did();
    const path = `sip-trunks/${trunk}/dids/${number}`;
    const seen = String((await env.send('GET', path)).headers.etag);
    const id = await makeAgent(env.send, { phone_number_ids: [number] });
    const assigned = await env.send('GET', path, undefined, { 'if-none-match': seen });
    assert.deepEqual([assigned.status, assigned.body.data.agents.length], [200, 1]);
    const refused = await env.send('DELETE', path);
    assert.deepEqual([refused.status, refused.body.code], [409, 'DID_IN_USE']);
    await env.send('DELETE', `agents/${id}`);
    const free = await env.send('GET', path, undefined, { 'if-none-match': String(assigned.headers.etag) });
    assert.equal(free.status, 200);
    assert.equal((await env.send('DELETE', path)).status, 200);
  });

  it('is published only when ready, and says per part what to do', async () => {
    const id = await makeAgent(env.send, { description: 'Four' });
    const refused = await env.send('POST', `agents/${id}/publish`);
    assert.deepEqual([refused.status, refused.body.code], [422, 'AGENT_NOT_READY']);
    assert.equal(refused.body.message, 'The given data was invalid.');
    assert.deepEqual(Object.keys(refused.body.errors), ['knowledge', 'calling']);
    assert.match(refused.body.errors.knowledge[0], /description of at least 5 characters.*PUT .*\/knowledge/);
    assert.match(refused.body.errors.calling[0], /phone number.*PUT .*\/calling/);
    await calling(id, { direction: 'inbound', phone_number_ids: [await did()] });
    const half = await env.send('POST', `agents/${id}/publish`);
    assert.deepEqual(Object.keys(half.body.errors), ['knowledge']);
    assert.equal((await agent(id)).is_ready_to_publish, false);
  });

  it('publishes and unpublishes with the contract’s bodies; doing it again changes nothing', async () => {
    const id = await makeAgent(env.send, { phone_number_ids: [await did()] });
    for (const [verb, status] of [
      ['publish', 'published'],
      ['unpublish', 'draft'],
    ] as const) {
      const first = await env.send('POST', `agents/${id}/${verb}`);
      assert.equal(first.status, 200);
      assert.deepEqual(first.body, {
        success: true,
        message: `Agent ${verb}ed successfully`,
        data: {
          id,
          name: 'SupportBot',
          current_status: status,
          is_ready_to_publish: true,
          updated_at: '2026-01-15T12:00:00.000Z',
        },
      });
      test.platform.clock.advance(1);
      const again = await env.send('POST', `agents/${id}/${verb}`);
      assert.deepEqual([again.status, again.body], [200, first.body]);
      assert.equal(again.headers.etag, first.headers.etag);
      test.platform.clock.advance(-1);
    }
  });

  it('becomes a draft, under a new revision, with every change of what it says or owns', async () => {
    const id = await makePublishedAgent(env.send, await did());
    const path = `agents/${id}`;
    const hold = { node_id: 'h', name: 'Hold', description: 'Hold', type: 'hold', hold_duration: 30 };
    const training = (await env.send('POST', `${path}/trainings`, { subject: 'S', instructions: 'I' })).body
      .data;
    const action = (await env.send('POST', `${path}/actions`, hold)).body.data;
    for (const [method, rest, body] of [
      ['PUT', '/calling', { direction: 'inbound' }],
      ['POST', '/trainings', { subject: 'T', instructions: 'J' }],
      ['POST', '/actions', hold],
      ['DELETE', `/trainings/${training.id}`],
      ['DELETE', `/actions/${action.id}`],
    ] as const) {
      const published = await env.send('POST', `${path}/publish`);
      assert.equal(published.status, 200);
      const done = await env.send(method, path + rest, body);
      assert.equal(done.status, 200, JSON.stringify(done.body));
      const after = await env.send('GET', path, undefined, {
        'if-none-match': String(published.headers.etag),
      });
      assert.deepEqual([after.status, after.body.data.current_status], [200, 'draft'], method + rest);
    }
  });

  it('refuses a stale edit of the agent or of what it owns', async () => {
    const id = await makePublishedAgent(env.send, await did());
    const path = `agents/${id}`;
    const stale = { 'if-match': String((await env.send('GET', path)).headers.etag) };
    assert.equal(
      (await env.send('GET', path, undefined, { 'if-none-match': stale['if-match'] })).status,
      304,
    );
    const training = await env.send('POST', `${path}/trainings`, { subject: 'S', instructions: 'I' }, stale);
    assert.equal(training.status, 200);
    const knowledge = {
      description: 'Another description',
      interrupt_sensitivity: 'low',
      ask_if_human_present_on_idle: false,
      llm_temperature: 1,
      initial_message_delay: 0,
    };
    for (const [method, rest, body] of [
      ['PUT', '/knowledge', knowledge],
      ['PUT', '/calling', { direction: 'outbound' }],
      ['POST', '/publish'],
      ['POST', '/unpublish'],
      ['DELETE', ''],
      ['POST', '/trainings', { subject: 'S', instructions: 'I' }],
      ['DELETE', `/trainings/${training.body.data.id}`],
      ['POST', '/actions', { node_id: 'h', name: 'H', description: 'H', type: 'hold', hold_duration: 1 }],
      ['DELETE', `/actions/${MISSING}`],
    ] as const) {
      const { status, body: answer } = await env.send(method, path + rest, body, stale);
      assert.deepEqual([status, answer.code], [412, 'PRECONDITION_FAILED'], method + rest);
    }
    const fresh = { 'if-match': String((await env.send('GET', path)).headers.etag) };
    assert.equal((await env.send('PUT', `${path}/knowledge`, knowledge, fresh)).status, 200);
  });
});
