import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AGENT, makeDid, makeTrunk } from '../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../testing/test-app.ts';

/**
 * An existing client changes its base URL and nothing else, so every request that the contract prints
 * must be accepted as it stands, apart from ids that stand for rows.
 */
describe('the requests printed in the contract', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let agent: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
  });
  after(() => test.stop());

  const accepted = async (method: string, path: string, body?: object, status = 200) => {
    const answer = await env.send(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  it('§3.1 create an agent', async () => {
    const { data, message } = await accepted('POST', 'agents', AGENT, 201);
    agent = data.id;
    assert.equal(message, 'Agent created successfully');
    assert.deepEqual(
      [data.voice, data.current_status, data.is_sandbox, data.is_ready_to_publish, data.trainings],
      [null, 'draft', false, false, []],
    );
  });

  it('§3.2 list agents', async () => {
    await accepted('GET', 'agents?status=published&direction=inbound');
    await accepted('GET', 'agents?search=support&per_page=5&page=1');
  });

  it('§3.5 update an agent’s knowledge', async () => {
    const { message, data } = await accepted('PUT', `agents/${agent}/knowledge`, KNOWLEDGE);
    assert.equal(message, 'Agent knowledge updated successfully');
    assert.equal(data.current_status, 'draft');
  });

  it('§3.7 update an agent’s calling settings', async () => {
    const phone_number_ids = [await makeDid(env.send, trunk, '+12025550123'), await makeDid(env.send, trunk)];
    const body = { direction: 'outbound', phone_number_ids };
    const { message, data } = await accepted('PUT', `agents/${agent}/calling`, body);
    assert.equal(message, 'Agent calling settings updated successfully');
    assert.deepEqual(Object.keys(data), [
      'id',
      'name',
      'direction',
      'current_status',
      'phone_numbers',
      'updated_at',
    ]);
    assert.deepEqual(data.phone_numbers[1], {
      id: phone_number_ids[1],
      number: '+15551234567',
      country_code: 'US',
      formatted_number: '(555) 123-4567',
      current_status: 'active',
    });
  });

  it('§3.8 and §3.9 publish and unpublish', async () => {
    const published = await accepted('POST', `agents/${agent}/publish`);
    assert.equal(published.message, 'Agent published successfully');
    assert.deepEqual(Object.keys(published.data), [
      'id',
      'name',
      'current_status',
      'is_ready_to_publish',
      'updated_at',
    ]);
    const { message } = await accepted('POST', `agents/${agent}/unpublish`);
    assert.equal(message, 'Agent unpublished successfully');
  });

  it('§4.1 create a training', async () => {
    const { message } = await accepted('POST', `agents/${agent}/trainings`, TRAINING);
    assert.equal(message, 'Agent training updated successfully');
  });

  for (const [name, action] of printedActions()) {
    it(`§5.1 create a ${name} action`, async () => {
      const { message, data } = await accepted('POST', `agents/${agent}/actions`, action);
      assert.equal(message, 'Agent action updated successfully');
      assert.deepEqual(data.input_schema, action.inputs);
      assert.equal(data.label, action.name);
    });
  }

  it('§12.4 rename a trunk', async () => {
    await accepted('PUT', `sip-trunks/${trunk}`, {
      name: 'Primary Carrier — US (renamed)',
      is_active: false,
    });
  });

  it('§14.5 request a release', async () => {
    const did = await makeDid(env.send, trunk, '+12025550199');
    const reason = 'We migrated outbound calling to a new toll-free number and no longer need this DID.';
    await accepted('POST', `phone-numbers/${did}/request-release`, { reason }, 201);
  });
});

const KNOWLEDGE = {
  description: 'Updated agent description with more details',
  initial_message: 'Hello! Welcome to our support line. How may I assist you today?',
  interrupt_sensitivity: 'high',
  ask_if_human_present_on_idle: true,
  llm_temperature: 0.8,
  initial_message_delay: 2,
};

const TRAINING = {
  node_id: 'training-node-123',
  subject: 'Product Knowledge',
  instructions: 'Learn about our product features, pricing, and common use cases.',
  current_status: 'active',
};

type PrintedAction = { name: string; inputs: object[]; [field: string]: unknown };

function printedActions(): [string, PrintedAction][] {
  const common = { current_status: 'active' };
  return [
    [
      'webhook',
      {
        ...common,
        node_id: 'action-node-456',
        name: 'Schedule Meeting',
        description: 'Schedule a meeting with the customer',
        type: 'webhook',
        inputs: [
          { name: 'date', type: 'string', required: true, description: 'Meeting date' },
          { name: 'time', type: 'string', required: true, description: 'Meeting time' },
        ],
        integration: { id: 'integration-uuid' },
        url: 'https://api.example.com/schedule',
        authorization_url: 'https://api.example.com/auth',
      },
    ],
    [
      'transfer',
      {
        ...common,
        node_id: 'action-node-789',
        name: 'Transfer Call',
        description: 'Transfer the call to a human agent',
        type: 'transfer',
        inputs: [
          {
            name: 'transfer_to',
            type: 'string',
            required: true,
            description: 'Transfer to',
            value: '+1234567890',
          },
        ],
        transfer_to: '+1234567890',
      },
    ],
    [
      'hold',
      {
        ...common,
        node_id: 'action-node-101',
        name: 'Put Call on Hold',
        description: 'Put the call on hold',
        type: 'hold',
        inputs: [
          {
            name: 'hold_duration',
            type: 'integer',
            required: true,
            description: 'Hold duration in seconds',
            value: 30,
          },
        ],
        hold_duration: 30,
      },
    ],
  ];
}
