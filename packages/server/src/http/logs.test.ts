import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { createLogger } from '../kernel/logger.ts';
import { makeTrunk, TRUNK } from '../testing/fixtures.ts';
import { startTestApp } from '../testing/test-app.ts';

describe('logs', () => {
  it('hold no phone number, no password and no token, even when PostgreSQL quotes the row', async () => {
    const lines: string[] = [];
    const log = createLogger('trace', { write: (line) => lines.push(line) });
    const test = await startTestApp({ log });
    const env = await test.environment();
    const trunk = await makeTrunk(env.send);
    const dids = `sip-trunks/${trunk}/dids`;
    const did = { country_code: 'US', number: '+15551234567' };
    await env.send('POST', dids, did);
    await env.send('POST', dids, { ...did, number: '+1 555 123 4567' });
    await env.send('GET', `${dids}?search=%2B15551234567`);
    await env.send('GET', 'agents/+15551234567');
    await sql`ALTER TABLE dids ADD CONSTRAINT broken CHECK (number <> '+15559876543')`.execute(
      test.platform.db,
    );
    const broken = await env.send('POST', dids, { ...did, number: '+15559876543' });
    assert.equal(broken.status, 500);
    await test.stop();

    const text = lines.join('');
    assert.match(text, /"constraint":"broken"/);
    assert.match(text, /"route":"\/api\/v1\/sip-trunks\/:trunk_id\/dids"/);
    for (const secret of ['5551234567', '555 123', '5559876543', TRUNK.password, env.token]) {
      assert.ok(!text.includes(secret), secret);
    }
  });
});
