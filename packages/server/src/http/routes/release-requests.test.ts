import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assignToAgent } from '../../testing/assignment.ts';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { REASON, type Releases, startReleases } from '../../testing/releases.ts';
import { type Send, startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('Release requests (contract §14.4–14.6)', () => {
  let test: TestApp;
  let env: TestEnvironment;
  let admin: Send;
  let releases: Releases;

  before(async () => {
    test = await startTestApp();
    admin = await test.admin();
    env = await test.environment();
    releases = await startReleases(env);
  });
  after(() => test.stop());

  describe('asking', () => {
    it('answers 201 with the contract’s fields', async () => {
      const did = await releases.number();
      const { status, body, headers } = await releases.ask(did, `  ${REASON} `);
      assert.equal(status, 201);
      assert.deepEqual(body, {
        success: true,
        data: {
          id: body.data.id,
          phone_number_id: did,
          phone_number: '+15552000001',
          reason: REASON,
          status: 'pending',
          requested_at: '2026-01-15T12:00:00.000Z',
        },
      });
      assert.equal(headers.location, `/api/v1/phone-numbers/release-requests/${body.data.id}`);
      assert.deepEqual(await releases.eventTypes(body.data.id), ['release_request.created']);
    });

    it('takes a reason of 10 to 500 characters', async () => {
      const did = await releases.number();
      for (const reason of ['', 'too short', ' too short ', 'x'.repeat(501), 5, null]) {
        const { status, body } = await releases.ask(did, reason);
        assert.deepEqual([status, Object.keys(body.errors)], [422, ['reason']], String(reason));
      }
      const missing = await env.send('POST', `phone-numbers/${did}/request-release`, {});
      assert.deepEqual(missing.body.errors, { reason: ['The reason field is required.'] });
      assert.equal((await releases.ask(did, 'x'.repeat(500))).status, 201);
      assert.equal((await releases.ask(await releases.number(), 'x'.repeat(10))).status, 201);
    });

    it('answers 409 while one is pending, and one 201 to simultaneous requests', async () => {
      const did = await releases.number();
      const answers = await Promise.all(Array.from({ length: 10 }, () => releases.ask(did)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)]);
      const { body } = await releases.ask(did);
      assert.equal(body.code, 'RELEASE_ALREADY_PENDING');
      assert.equal(body.message, 'A release request for this phone number is already pending');
    });

    it('answers 422 while agents have the number', async () => {
      const did = await releases.number();
      await assignToAgent(test.platform.db, env.id, did);
      const { status, body } = await releases.ask(did);
      assert.deepEqual([status, body.code], [422, 'PHONE_NUMBER_IN_USE']);
      assert.equal(
        body.message,
        'Phone number is currently assigned to active agents and cannot be released',
      );
    });

    it('answers one 404 for missing, malformed and somebody else’s', async () => {
      const other = await test.environment();
      for (const did of [MISSING, 'nope', await releases.number()]) {
        const { status, body } = await other.send('POST', `phone-numbers/${did}/request-release`, {
          reason: REASON,
        });
        assert.deepEqual([status, body.code], [404, 'PHONE_NUMBER_NOT_FOUND']);
      }
    });
  });

  describe('cancelling', () => {
    it('answers the contract’s message; the request stays listed and the number may be asked for again', async () => {
      const did = await releases.number();
      const id = await releases.request(did);
      const { status, body } = await env.send('DELETE', `phone-numbers/release-requests/${id}`);
      assert.deepEqual([status, body], [200, { success: true, message: 'Release request cancelled' }]);
      const item = await releases.listed(id);
      assert.deepEqual([item.status, item.resolved_at], ['cancelled', '2026-01-15T12:00:00.000Z']);
      assert.deepEqual(await releases.eventTypes(id), [
        'release_request.cancelled',
        'release_request.created',
      ]);
      assert.equal((await releases.ask(did)).status, 201);
    });

    it('answers 409 once it is resolved', async () => {
      const id = await releases.request(await releases.number());
      await env.send('DELETE', `phone-numbers/release-requests/${id}`);
      const { status, body } = await env.send('DELETE', `phone-numbers/release-requests/${id}`);
      assert.deepEqual([status, body.code], [409, 'RELEASE_ALREADY_RESOLVED']);
      assert.equal(body.message, 'Release request already resolved and cannot be cancelled');
    });

    it('answers one 404 for missing, malformed and somebody else’s', async () => {
      const other = await test.environment();
      for (const id of [MISSING, 'nope', await releases.request(await releases.number())]) {
        const { status, body } = await other.send('DELETE', `phone-numbers/release-requests/${id}`);
        assert.deepEqual([status, body.code], [404, 'RELEASE_REQUEST_NOT_FOUND']);
        assert.equal(body.message, 'Release request not found');
      }
    });

    it('happens by itself when the number is deleted', async () => {
      const did = await releases.number();
      const id = await releases.request(did);
      assert.equal((await env.send('DELETE', `sip-trunks/${releases.trunk}/dids/${did}`)).status, 200);
      assert.equal((await releases.listed(id)).status, 'cancelled');
      assert.deepEqual(await releases.eventTypes(id), [
        'release_request.cancelled',
        'release_request.created',
      ]);
    });
  });

  describe('listing', () => {
    it('shows its own environment’s, newest first, resolved fields only once resolved', async () => {
      const own = await test.environment();
      const ownTrunk = await makeTrunk(own.send);
      const ids: string[] = [];
      for (const line of ['+15553000001', '+15553000002', '+15553000003']) {
        const did = await makeDid(own.send, ownTrunk, line);
        ids.unshift(
          (await own.send('POST', `phone-numbers/${did}/request-release`, { reason: REASON })).body.data.id,
        );
      }
      await admin('POST', `admin/release-requests/${ids[1]}/reject`, { rejection_reason: 'Under contract' });
      const { status, body } = await own.send('GET', 'phone-numbers/release-requests');
      assert.equal(status, 200);
      assert.deepEqual(
        body.data.map((item: { id: string }) => item.id),
        ids,
      );
      const base = ['id', 'phone_number_id', 'phone_number', 'reason', 'status', 'requested_at'];
      assert.deepEqual(Object.keys(body.data[0]), base);
      assert.deepEqual(Object.keys(body.data[1]), [...base, 'resolved_at', 'rejection_reason']);
      const pending = await own.send('GET', 'phone-numbers/release-requests?status=pending&per_page=1');
      assert.deepEqual([pending.body.data[0].id, pending.body.pagination.total], [ids[0], 2]);
      const wrong = await own.send('GET', 'phone-numbers/release-requests?status=lost');
      assert.deepEqual(wrong.body.errors, { status: ['The selected status is invalid.'] });
    });
  });

  it('says Unauthorized and needs dids:read and dids:write', async () => {
    const did = await releases.number();
    const id = await releases.request(did);
    const reader = await test.sendAs(env.id, ['dids:read']);
    for (const [method, path, body] of [
      ['POST', `phone-numbers/${did}/request-release`, { reason: REASON }],
      ['DELETE', `phone-numbers/release-requests/${id}`, undefined],
    ] as const) {
      assert.deepEqual((await reader(method, path, body)).body.details, { required_scope: 'dids:write' });
      const { status, body: answer } = await test.sendWith(undefined)(method, path, body);
      assert.deepEqual([status, answer.message], [401, 'Unauthorized']);
    }
    assert.equal((await reader('GET', 'phone-numbers/release-requests')).status, 200);
    const agents = await test.sendAs(env.id, ['agents:*']);
    assert.equal((await agents('GET', 'phone-numbers/release-requests')).status, 403);
    const nobody = await test.sendWith(undefined)('GET', 'phone-numbers/release-requests');
    assert.deepEqual([nobody.status, nobody.body.message], [401, 'Unauthorized']);
  });
});
