import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { assignToAgent } from '../../testing/assignment.ts';
import { makeDid, makeTrunk } from '../../testing/fixtures.ts';
import { REASON, type Releases, startReleases } from '../../testing/releases.ts';
import { type Send, startTestApp, type TestApp, type TestEnvironment } from '../../testing/test-app.ts';

const MISSING = '01890000-0000-7000-8000-000000000000';

describe('The operator and release requests', () => {
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

  const decide = (id: string, verdict: string, body?: object) =>
    admin('POST', `admin/release-requests/${id}/${verdict}`, body);

  it('approves: the number is gone, the request stays, both are told in the audit log', async () => {
    const did = await releases.number();
    const id = await releases.request(did);
    const { status, body } = await decide(id, 'approve');
    assert.deepEqual([status, body.message], [200, 'Release request approved']);
    assert.equal(body.data.status, 'approved');
    assert.deepEqual(body.data.environment, { id: env.id, name: `test-${env.id}` });
    assert.equal((await env.send('GET', `phone-numbers/${did}`)).status, 404);
    assert.deepEqual(await releases.listed(id), {
      id,
      phone_number_id: did,
      phone_number: body.data.phone_number,
      reason: REASON,
      status: 'approved',
      requested_at: '2026-01-15T12:00:00.000Z',
      resolved_at: '2026-01-15T12:00:00.000Z',
    });
    assert.deepEqual(await releases.eventTypes(id), ['release_request.approved', 'release_request.created']);
    assert.deepEqual(await releases.eventTypes(did), ['did.deleted', 'did.created']);
  });

  it('cannot approve when an agent got the number meanwhile: everything stays as it was', async () => {
    const did = await releases.number();
    const id = await releases.request(did);
    await assignToAgent(test.platform.db, env.id, did);
    const { status, body } = await decide(id, 'approve');
    assert.deepEqual([status, body.code], [422, 'PHONE_NUMBER_IN_USE']);
    assert.equal((await env.send('GET', `phone-numbers/${did}`)).status, 200);
    assert.equal((await releases.listed(id)).status, 'pending');
    assert.deepEqual(await releases.eventTypes(id), ['release_request.created']);
  });

  it('rejects with a reason that the environment reads', async () => {
    const did = await releases.number();
    const id = await releases.request(did);
    for (const body of [{}, { rejection_reason: '' }, { rejection_reason: 'x'.repeat(501) }]) {
      const refused = await decide(id, 'reject', body);
      assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, ['rejection_reason']]);
    }
    const { status, body } = await decide(id, 'reject', { rejection_reason: 'Under contract' });
    assert.deepEqual([status, body.message], [200, 'Release request rejected']);
    const item = await releases.listed(id);
    assert.deepEqual([item.status, item.rejection_reason], ['rejected', 'Under contract']);
    assert.equal((await env.send('GET', `phone-numbers/${did}`)).status, 200);
    assert.deepEqual(await releases.eventTypes(id), ['release_request.rejected', 'release_request.created']);
  });

  it('decides once, also when approval, rejection and cancelling come at the same moment', async () => {
    const did = await releases.number();
    const id = await releases.request(did);
    const answers = await Promise.all([
      decide(id, 'approve'),
      decide(id, 'approve'),
      decide(id, 'reject', { rejection_reason: 'No' }),
      env.send('DELETE', `phone-numbers/release-requests/${id}`),
      env.send('DELETE', `phone-numbers/release-requests/${id}`),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409]);
    const late = await decide(id, 'reject', { rejection_reason: 'No' });
    assert.deepEqual([late.status, late.body.code], [409, 'RELEASE_ALREADY_RESOLVED']);
    assert.equal(late.body.message, 'Release request already resolved');
    assert.equal((await releases.eventTypes(id)).length, 2);
  });

  it('and the owner, deleting the number at that moment, leave one truth', async () => {
    for (let round = 0; round < 5; round += 1) {
      const did = await releases.number();
      const id = await releases.request(did);
      const [approved, deleted] = await Promise.all([
        decide(id, 'approve'),
        env.send('DELETE', `sip-trunks/${releases.trunk}/dids/${did}`),
      ]);
      const outcome = [approved.status, deleted.status, (await releases.listed(id)).status];
      const either = [
        [200, 404, 'approved'],
        [409, 200, 'cancelled'],
      ];
      assert.ok(
        either.some((expected) => JSON.stringify(expected) === JSON.stringify(outcome)),
        JSON.stringify(outcome),
      );
      assert.equal(
        (await releases.eventTypes(did)).filter((type: string) => type === 'did.deleted').length,
        1,
      );
    }
  });

  it('answers one 404 for missing and malformed ids', async () => {
    for (const id of [MISSING, 'nope']) {
      for (const [verdict, body] of [['approve'], ['reject', { rejection_reason: 'No' }]] as const) {
        const answer = await decide(id, verdict, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'RELEASE_REQUEST_NOT_FOUND']);
      }
    }
  });

  it('lists all environments’, filtered by status and environment, whole or by page', async () => {
    const other = await test.environment();
    const did = await makeDid(other.send, await makeTrunk(other.send), '+15554000001');
    const { id } = (await other.send('POST', `phone-numbers/${did}/request-release`, { reason: REASON })).body
      .data;
    const all = await admin('GET', 'admin/release-requests');
    assert.equal(all.status, 200);
    assert.equal(all.body.data[0].id, id);
    assert.deepEqual(all.body.data[0].environment, { id: other.id, name: `test-${other.id}` });
    const { rows } = await sql`SELECT 1 FROM release_requests`.execute(test.platform.db);
    assert.equal(all.body.data.length, rows.length);
    const own = await admin('GET', `admin/release-requests?environment_id=${other.id}&status=pending`);
    assert.deepEqual(
      own.body.data.map((item: { id: string }) => item.id),
      [id],
    );
    const page = await admin('GET', `admin/release-requests?environment_id=${other.id}&page=1`);
    assert.equal(page.body.pagination.total, 1);
    assert.equal((await admin('GET', 'admin/release-requests?status=lost')).status, 422);
  });

  it('is an admin: environment tokens are refused', async () => {
    for (const [method, path] of [
      ['GET', 'admin/release-requests'],
      ['POST', `admin/release-requests/${MISSING}/approve`],
      ['POST', `admin/release-requests/${MISSING}/reject`],
    ] as const) {
      assert.equal((await env.send(method, path)).status, 403);
      assert.equal((await test.sendWith(undefined)(method, path)).status, 401);
    }
  });
});
