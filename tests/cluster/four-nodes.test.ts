import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { pg } from '../../packages/server/src/testing/sql.ts';
import { knownMigrations } from '../../packages/server/src/storage/migrate.ts';
import { TRUNK } from '../../packages/server/src/testing/fixtures.ts';
import { type TestPostgres, testPostgres } from '../../packages/server/src/testing/postgres.ts';
import { type Client, connect } from '../support/client.ts';
import { databaseUrl } from '../support/database-url.ts';
import { killServer, type RunningServer, startServer, stopServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const NODES = 4;

describe('four servers on one DATABASE_URL', { timeout: 180_000 }, () => {
  let postgres: TestPostgres;
  let scratch: string;
  let database: pg.Pool;
  let nodes: RunningServer[] = [];
  let token: string;
  const clients: Client[] = [];

  before(async () => {
    postgres = await testPostgres();
    scratch = await mkdtemp(join(tmpdir(), 'tronco-proof-'));
    const settings = await postgres.empty();
    database = new pg.Pool({ ...settings, max: 2 });
    const shared = {
      DATABASE_URL: databaseUrl(settings),
      TRONCO_MASTER_KEY: randomBytes(32).toString('base64'),
      TRONCO_LOG_LEVEL: 'info',
    };
    nodes = await Promise.all(
      Array.from({ length: NODES }, (_, index) =>
        startServer({ ...shared, TRONCO_DATA_DIR: join(scratch, String(index)) }),
      ),
    );
  });
  after(async () => {
    for (const client of clients) client.close();
    await Promise.all(nodes.map(stopServer));
    await database.end();
    await postgres.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  /** A connection of its own to a node. */
  function to(node: number, as: string | undefined = token): Client {
    const client = connect(nodes[node % nodes.length]!.url, as);
    clients.push(client);
    return client;
  }

  const rows = async (sql: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await database.query(sql, parameters)).rows;

  async function makeTrunk(name: string): Promise<string> {
    const reply = await to(0).send('POST', 'sip-trunks', { ...TRUNK, name });
    assert.equal(reply.status, 201);
    return reply.body.data.id;
  }

  async function admin(): Promise<string> {
    const first = nodes.findIndex(({ firstToken }) => firstToken !== undefined);
    const text = await readFile(join(scratch, String(first), 'credentials.json'), 'utf8');
    return JSON.parse(text).admin_token;
  }

  it('started at once on an empty database: one migrates, one prints the first token, all serve', async () => {
    const printed = nodes.flatMap(({ firstToken }) => firstToken ?? []);
    assert.equal(printed.length, 1);
    token = printed[0]!;
    const migrated = nodes.filter(({ stderr }) => stderr().includes('"database migrated"'));
    assert.equal(migrated.length, 1);
    assert.deepEqual(
      (await rows('SELECT name FROM kysely_migration ORDER BY name')).map(({ name }) => name),
      await knownMigrations(),
    );
    assert.equal((await rows('SELECT 1 FROM environments')).length, 1);
    for (const index of nodes.keys()) {
      assert.equal((await to(index).send('GET', 'sip-trunks')).status, 200, `node ${index}`);
    }
  });

  it('twenty simultaneous requests for one number, spread over the nodes: one 201, nineteen 409, one row', async () => {
    const trunk = await makeTrunk('race');
    for (const number of ['+15559990001', '+15559990002', '+15559990003']) {
      const callers = Array.from({ length: 20 }, (_, index) => to(index));
      // Connections are open before the race, so that the requests and not the handshakes compete.
      await Promise.all(callers.map((caller) => caller.send('GET', 'sip-trunks')));
      const replies = await Promise.all(
        callers.map((caller) =>
          caller.send('POST', `sip-trunks/${trunk}/dids`, { country_code: 'US', number }),
        ),
      );
      const [created, ...others] = replies.toSorted((a, b) => a.status - b.status);
      assert.equal(created?.status, 201);
      assert.ok(others.every(({ status, body }) => status === 409 && body.code === 'DID_ALREADY_EXISTS'));
      const stored = await rows('SELECT id::text FROM dids WHERE number = $1', [number]);
      assert.deepEqual(stored, [{ id: created.body.data.id }]);
      const events = await rows(`SELECT 1 FROM events WHERE type = 'did.created' AND after->>'number' = $1`, [
        number,
      ]);
      assert.equal(events.length, 1);
    }
  });

  it('what one node wrote the others read at once', async () => {
    const trunk = await makeTrunk('shared');
    for (const index of nodes.keys()) {
      assert.equal((await to(index).send('GET', `sip-trunks/${trunk}`)).body.data.name, 'shared');
    }
  });

  it('an Idempotency-Key used on all nodes at once has one effect and one answer', async () => {
    for (const key of ['cluster-1', 'cluster-2', 'cluster-3']) {
      const callers = Array.from({ length: 12 }, (_, index) => to(index));
      await Promise.all(callers.map((caller) => caller.send('GET', 'sip-trunks')));
      const replies = await Promise.all(
        callers.map((caller) =>
          caller.send('POST', 'sip-trunks', { ...TRUNK, name: key }, { 'idempotency-key': key }),
        ),
      );
      assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]));
      assert.equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1);
      assert.equal(replies.filter(({ headers }) => headers['idempotency-replayed'] === undefined).length, 1);
      assert.equal((await rows('SELECT 1 FROM sip_trunks WHERE name = $1', [key])).length, 1);
    }
  });

  it('a token that is revoked on one node soon stops working on every other', async () => {
    const operator = to(0, await admin());
    const [environment] = await rows('SELECT id::text FROM environments');
    const path = `admin/environments/${environment!['id']}/tokens`;
    const made = await operator.send('POST', path, { name: 'short-lived', scopes: ['*'] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const holders = [...nodes.keys()].map((index) => to(index, made.body.data.token));
    for (const holder of holders) assert.equal((await holder.send('GET', 'sip-trunks')).status, 200);
    assert.equal((await operator.send('DELETE', `${path}/${made.body.data.id}`)).status, 200);
    assert.equal((await holders[0]!.send('GET', 'sip-trunks')).status, 401, 'here at once');
    for (const [index, holder] of holders.entries()) {
      await until(
        `the revocation on node ${index}`,
        async () => (await holder.send('GET', 'sip-trunks')).status === 401 || undefined,
        30_000,
      );
    }
  });

  it('an import goes on when the node that works on it is killed: every row once', async () => {
    const trunk = await makeTrunk('import');
    const wanted = 40_000;
    const lines = Array.from({ length: wanted }, (_, index) => `+1555${3_000_000 + index},US`);
    const upload = await fetch(`${nodes[0]!.url}/api/v1/sip-trunks/${trunk}/dids/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: `number,country_code\n${lines.join('\n')}\n`,
    });
    const accepted = (await upload.json()) as { data: { id: string } };
    assert.equal(upload.status, 202, JSON.stringify(accepted));
    const path = `sip-trunks/${trunk}/dids/imports/${accepted.data.id}`;
    const observer = to(1);
    const state = async () => (await observer.send('GET', path)).body.data;
    // The node that took the upload looks first; killed at once, it leaves most of the work undone.
    await until('the first rows', async () => (await state()).rows_done > 0 || undefined);
    await killServer(nodes[0]!);
    nodes.shift();
    const seen = await state();
    const done = await until('the end of the import', async () => {
      const now = await state();
      if (now.status === 'succeeded') return now;
      assert.ok(['queued', 'running'].includes(now.status), JSON.stringify(now));
      await sleep(100);
      return undefined;
    });
    assert.deepEqual(
      [done.rows_done, done.counts.created],
      [wanted, wanted],
      `at the kill: ${seen.rows_done}`,
    );
    const [stored] = await rows(
      `SELECT count(*)::int AS dids, count(DISTINCT number)::int AS numbers
       FROM dids WHERE trunk_id = $1`,
      [trunk],
    );
    assert.deepEqual([stored!['dids'], stored!['numbers']], [wanted, wanted]);
  });

  it('a node that leaves in order takes nothing with it', async () => {
    const leaving = nodes.pop()!;
    assert.deepEqual(await stopServer(leaving), { code: 0, signal: null });
    for (const index of nodes.keys()) {
      assert.equal((await to(index).send('GET', 'sip-trunks')).status, 200);
    }
  });
});
