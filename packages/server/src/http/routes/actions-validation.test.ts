import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HOLD, holdInput, TRANSFER, WEBHOOK } from '../../testing/action-fixtures.ts';
import { makeAgent } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

describe('the rules of actions (contract §5.1)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let path: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    path = `agents/${await makeAgent(env.send)}/actions`;
  });
  after(() => test.stop());

  const errorsOf = async (body: object) => {
    const answer = await env.send('POST', path, body);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    return answer.body.errors;
  };
  const saved = async (body: object) => {
    const answer = await env.send('POST', path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.data;
  };

  it('needs what its type needs, named beside every other problem of the request', async () => {
    const bare = { node_id: 'n', description: 'D' };
    const name = ['The name field is required.'];
    assert.deepEqual(await errorsOf({ ...bare, type: 'webhook' }), {
      name,
      url: ['The url field is required when type is webhook.'],
    });
    assert.deepEqual(await errorsOf({ ...bare, type: 'external', url: '' }), {
      name,
      url: ['The url field is required when type is external.'],
    });
    assert.deepEqual(await errorsOf({ ...bare, type: 'transfer', transfer_to: null }), {
      name,
      transfer_to: ['The transfer to field is required when type is transfer.'],
    });
    assert.deepEqual(await errorsOf({ ...bare, type: 'hold', execution_mode: 'post_call' }), {
      name,
      hold_duration: ['The hold duration field is required when type is hold.'],
      execution_mode: ['The execution mode post_call is only for external actions.'],
    });
    for (const seconds of [0, 3601]) {
      const sentence = ['The hold duration must be between 1 and 3600.'];
      assert.deepEqual(await errorsOf({ ...HOLD, inputs: [], hold_duration: seconds }), {
        hold_duration: sentence,
      });
      const { hold_duration: _, ...byInput } = HOLD;
      assert.deepEqual(await errorsOf({ ...byInput, inputs: [holdInput(seconds)] }), {
        'inputs.0.value': sentence,
      });
    }
    for (const number of ['911', '+1 555 123 4567', 'sip:a@b.c', '+199', '+0123456789']) {
      const errors = await errorsOf({ ...TRANSFER, inputs: [], transfer_to: number });
      assert.match(errors.transfer_to[0], /E\.164/, number);
    }
    assert.deepEqual(await errorsOf({ ...TRANSFER, transfer_to: '+15557654321' }), {
      'inputs.0.value': ['The value must be the same number as transfer_to.'],
    });
    assert.deepEqual(await errorsOf({ ...HOLD, hold_duration: 31 }), {
      'inputs.0.value': ['The value must be the same as hold_duration.'],
    });
  });

  it('refuses fields in the contract’s sentences', async () => {
    assert.deepEqual(
      await errorsOf({
        type: 'dtmf',
        url: 'ftp://files.example.com/a',
        authorization_url: 'nonsense',
        authorization_scheme: 'digest',
        execution_mode: 'later',
        current_status: 'paused',
        integration: { id: '' },
        method: 'POST',
      }),
      {
        node_id: ['The node id field is required.'],
        name: ['The name field is required.'],
        description: ['The description field is required.'],
        type: ['The selected type is invalid.'],
        url: ['The url must be a valid URL.'],
        authorization_url: ['The authorization url must be a valid URL.'],
        authorization_scheme: ['The selected authorization scheme is invalid.'],
        execution_mode: ['The selected execution mode is invalid.'],
        current_status: ['The selected current status is invalid.'],
        'integration.id': ['The integration.id field is required.'],
        method: ['The method field is not known here.'],
      },
    );
    for (const url of [
      'javascript:alert(1)',
      'http://',
      'https://a b.example.com',
      'http://x\0',
      'http://x/\0',
      'http:x',
    ]) {
      assert.deepEqual(await errorsOf({ ...WEBHOOK, url }), { url: ['The url must be a valid URL.'] }, url);
    }
    assert.match((await errorsOf({ ...WEBHOOK, url: 'https://me:pw@example.com' })).url[0], /custom_headers/);
    for (const body of [null, 5, 'x', []]) {
      assert.equal((await env.send('POST', path, JSON.stringify(body))).status, 422);
    }
  });

  it('refuses inputs that no action could use', async () => {
    const input = { name: 'date', type: 'string', required: true, description: 'D' };
    const withInputs = (...inputs: unknown[]) => errorsOf({ ...WEBHOOK, inputs });
    assert.deepEqual(await withInputs({ name: 'n', type: 'date', colour: 1 }), {
      'inputs.0.type': ['The selected inputs.0.type is invalid.'],
      'inputs.0.colour': ['The colour field is not known here.'],
    });
    assert.deepEqual(await withInputs(input, input), {
      'inputs.1.name': ['The inputs.1.name field has a duplicate value.'],
    });
    for (const [type, value] of [
      ['string', 5],
      ['integer', 1.5],
      ['number', 'x'],
      ['boolean', 0],
    ]) {
      assert.deepEqual(await withInputs({ ...input, type, value }), {
        'inputs.0.value': ['The value must have the type of its input.'],
      });
    }
    assert.deepEqual(Object.keys(await withInputs({ ...input, value: {} })), ['inputs.0.value']);
    assert.deepEqual(Object.keys(await withInputs({ ...input, value: 'a\ud800' })), ['inputs.0.value']);
    const kept = [
      { ...input, name: 'a', value: 'x' },
      { ...input, name: 'b', type: 'number', value: 0 },
      { ...input, name: 'c', type: 'boolean', value: false },
    ];
    const data = await saved({
      ...WEBHOOK,
      inputs: [...kept, { name: 'd', type: 'string' }, { ...input, value: null }],
    });
    assert.deepEqual(data.input_schema, [
      ...kept,
      { name: 'd', type: 'string', required: false, description: '' },
      input,
    ]);
  });

  it('refuses headers that would break or redirect the request', async () => {
    const withHeader = (key: unknown, value: unknown) =>
      errorsOf({ ...WEBHOOK, custom_headers: [{ key, value }] });
    for (const key of [
      '',
      'X Y',
      'X:Y',
      'X\r\nEvil',
      'Ünicode',
      'Host',
      'content-LENGTH',
      'Transfer-Encoding',
    ]) {
      assert.deepEqual(Object.keys(await withHeader(key, 'v')), ['custom_headers.0.key'], key);
    }
    for (const value of ['a\r\nEvil: 1', 'a\nb', 'a\0b', '日本', 5]) {
      assert.deepEqual(
        Object.keys(await withHeader('X-Ok', value)),
        ['custom_headers.0.value'],
        String(value),
      );
    }
    const accepted = [
      { key: 'X-Ok', value: 'Basic dXNlcjpwdw== ÿ' },
      { key: 'X-Empty', value: '' },
    ];
    await saved({ ...WEBHOOK, custom_headers: accepted });
  });
});
