import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';

describe('createAuthenticator', () => {
  let test: TestApp;
  before(async () => {
    test = await startTestApp();
  });
  after(() => test.stop());

  const revokeBehindItsBack = (id: string) =>
    sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${id}`.execute(test.platform.db);

  it('notices what another node revoked after its memory of the token is five seconds old', async () => {
    const { token } = await test.environment();
    const { id } = await test.authenticator.authenticate(token);
    await revokeBehindItsBack(id);
    test.platform.clock.advance(4_999);
    assert.equal((await test.authenticator.authenticate(token)).id, id);
    test.platform.clock.advance(1);
    await assert.rejects(test.authenticator.authenticate(token), { code: 'INVALID_TOKEN' });
  });

  it('does not remember a row that was on its way while the token was revoked', async () => {
    const { token } = await test.environment();
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM api_tokens ORDER BY id DESC LIMIT 1`.execute(test.platform.db);
    const { id } = rows[0]!;
    const onItsWay = test.authenticator.authenticate(token);
    test.authenticator.forget(id);
    await onItsWay;
    await revokeBehindItsBack(id);
    await assert.rejects(test.authenticator.authenticate(token), { code: 'INVALID_TOKEN' });
  });

  it('keeps the uses that could not be written', async () => {
    const own = await startTestApp();
    const { token } = await own.environment();
    await own.authenticator.authenticate(token);
    const { db } = own.platform;
    await sql`ALTER TABLE api_tokens RENAME TO elsewhere`.execute(db);
    await assert.rejects(own.authenticator.flushUses());
    await sql`ALTER TABLE elsewhere RENAME TO api_tokens`.execute(db);
    await own.authenticator.flushUses();
    const { rows } = await sql<{ last_used_at: Date }>`SELECT last_used_at FROM api_tokens`.execute(db);
    assert.deepEqual(rows[0]?.last_used_at, own.platform.clock.now());
    await own.stop();
  });
});
