import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startEmbeddedPostgres } from '../../packages/server/src/storage/embedded/embedded.ts';
import { silentLog } from '../../packages/server/src/storage/embedded/testing/scratch.ts';
import { mintToken } from '../../packages/server/src/kernel/token-format.ts';
import { TRUNK } from '../../packages/server/src/testing/fixtures.ts';
import { connect } from '../support/client.ts';
import { databaseUrl } from '../support/database-url.ts';
import { type DataDirectory, makeDataDirectory } from '../support/embedded-directory.ts';
import { type RunningServer, startServer, stopServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { assertUnavailable } from './ledger.ts';

describe('a database that stays away', { timeout: 120_000 }, () => {
  const token = mintToken();
  let directory: DataDirectory;
  let server: RunningServer;
  let startDatabase: () => Promise<{ stop(): Promise<void> }>;
  let database: { stop(): Promise<void> };

  before(async () => {
    directory = await makeDataDirectory();
    const dataDir = `${directory.path}/database`;
    const options = { dataDir, log: silentLog };
    const first = await startEmbeddedPostgres(options);
    startDatabase = () => startEmbeddedPostgres(options);
    database = first;
    server = await startServer({
      TRONCO_DATA_DIR: `${directory.path}/server`,
      DATABASE_URL: databaseUrl(first.connection),
      TRONCO_MASTER_KEY: randomBytes(32).toString('base64'),
      TRONCO_BOOTSTRAP_TOKEN: token,
    });
  });
  after(async () => {
    await stopServer(server);
    await database.stop();
    await directory[Symbol.asyncDispose]();
  });

  const ready = async (): Promise<number> => {
    const response = await fetch(`${server.url}/readyz`);
    await response.body?.cancel();
    return response.status;
  };

  it('every endpoint answers 503 in the envelope meanwhile, the process lives, and it recovers by itself', async () => {
    const client = connect(server.url, token);
    const trunk = (await client.send('POST', 'sip-trunks', TRUNK)).body.data.id;
    await database.stop();
    for (let repetition = 0; repetition < 3; repetition += 1) {
      for (const [method, path, body, headers] of [
        ['GET', 'sip-trunks', undefined, undefined],
        ['GET', `sip-trunks/${trunk}/dids`, undefined, undefined],
        ['POST', 'sip-trunks', TRUNK, undefined],
        ['POST', 'sip-trunks', TRUNK, { 'idempotency-key': 'away' }],
        ['PUT', `sip-trunks/${trunk}`, { name: 'x' }, undefined],
        ['POST', `sip-trunks/${trunk}/dids`, { country_code: 'US', number: '+15551234567' }, undefined],
        ['DELETE', `sip-trunks/${trunk}`, undefined, undefined],
      ] as const) {
        assertUnavailable(await client.send(method, path, body, headers));
      }
    }
    // A token that no cache knows needs the database as well.
    assertUnavailable(await connect(server.url, mintToken()).send('GET', 'sip-trunks'));
    assert.equal(await ready(), 503);
    assert.equal((await fetch(`${server.url}/livez`)).status, 200);
    assert.equal((await fetch(`${server.url}/metrics`)).status, 200);

    database = await startDatabase();
    await until('recovery', async () => (await ready()) === 200 || undefined);
    const reply = await client.send('POST', `sip-trunks/${trunk}/dids`, {
      country_code: 'US',
      number: '+15551234567',
    });
    assert.equal(reply.status, 201, 'what was refused had no effect');
    assert.equal((await client.send('GET', 'sip-trunks')).body.data.length, 1);
    client.close();
  });
});
