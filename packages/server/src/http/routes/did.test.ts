import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('one DID', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let trunk: string;
  let did: string;
  let path: string;

  before(async () => {
    test = await startTestApp();
    env = await test.environment();
    trunk = await makeTrunk(env.send);
    did = await makeDid(env.send, trunk);
    path = `sip-trunks/${trunk}/dids/${did}`;
  });
  after(() => test.stop());

  it('is read whole, with its agents and an ETag', async () => {
    const { status, body, headers } = await env.send('GET', path);
    assert.equal(status, 200);
    assert.deepEqual(body.data, {
      id: did,
      number: '+15551234567',
      country_code: 'US',
      formatted_number: '(555) 123-4567',
      trunk_id: trunk,
      international_number: '+1 555 123 4567',
      label: null,
      note: null,
      tags: [],
      agents: [],
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-15T12:00:00.000Z',
    });
    assert.match(String(headers.etag), /^"\d+"$/);
  });

  it('keeps label, note and tags, each once, and clears what is null', async () => {
    const set = { label: 'Front desk', note: 'Line one\nLine two', tags: ['vip', 'São Paulo', 'vip'] };
    const { body } = await env.send('PATCH', path, set);
    assert.deepEqual(
      [body.data.label, body.data.note, body.data.tags],
      ['Front desk', 'Line one\nLine two', ['vip', 'São Paulo']],
    );
    const cleared = await env.send('PATCH', path, { note: null });
    assert.deepEqual([cleared.body.data.note, cleared.body.data.label], [null, 'Front desk']);
    const refused = await env.send('PATCH', path, { tags: ['', 'x'.repeat(65)], number: '+15550000000' });
    assert.deepEqual(Object.keys(refused.body.errors).sort(), ['number', 'tags.0', 'tags.1']);
  });

  it('moves to another trunk in one step, and not to a foreign one', async () => {
    const target = await makeTrunk(env.send);
    const other = await test.environment();
    const foreign = await makeTrunk(other.send);
    for (const trunk_id of [foreign, MISSING]) {
      const refused = await env.send('PATCH', path, { trunk_id });
      assert.deepEqual([refused.status, refused.body.code], [404, 'TRUNK_NOT_FOUND']);
    }
    const moved = await env.send('PATCH', path, { trunk_id: target });
    assert.deepEqual([moved.status, moved.body.data.trunk_id], [200, target]);
    assert.equal((await env.send('GET', path)).status, 404);
    const back = await env.send('PATCH', `sip-trunks/${target}/dids/${did}`, { trunk_id: trunk });
    assert.equal(back.status, 200);
  });

  it('refuses a stale edit', async () => {
    const { headers } = await env.send('GET', path);
    const etag = String(headers.etag);
    assert.equal((await env.send('PATCH', path, { label: 'A' }, { 'if-match': etag })).status, 200);
    assert.equal((await env.send('PATCH', path, { label: 'B' }, { 'if-match': etag })).status, 412);
    assert.equal((await env.send('DELETE', path, undefined, { 'if-match': etag })).status, 412);
  });

  it('answers one 404 for missing, malformed, foreign and on another trunk', async () => {
    const other = await test.environment();
    const foreignTrunk = await makeTrunk(other.send);
    const foreign = await makeDid(other.send, foreignTrunk);
    const elsewhere = await makeTrunk(env.send);
    const paths = [
      `sip-trunks/${trunk}/dids/${MISSING}`,
      `sip-trunks/${trunk}/dids/nope`,
      `sip-trunks/nope/dids/${did}`,
      `sip-trunks/${foreignTrunk}/dids/${foreign}`,
      `sip-trunks/${elsewhere}/dids/${did}`,
    ];
    for (const each of paths) {
      for (const [method, body] of [['GET'], ['PATCH', { label: 'x' }], ['DELETE']] as const) {
        const answer = await env.send(method, each, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'DID_NOT_FOUND'], `${method} ${each}`);
      }
    }
  });

  it('is removed with the contract’s answer, and its number is free again', async () => {
    const own = await makeDid(env.send, trunk, '+15554440000');
    const { status, body } = await env.send('DELETE', `sip-trunks/${trunk}/dids/${own}`);
    assert.deepEqual([status, body], [200, { success: true, message: 'DID removed' }]);
    assert.notEqual(await makeDid(env.send, trunk, '+15554440000'), own);
  });
});
