import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { mintToken } from '../../packages/server/src/kernel/token-format.ts';
import { TRUNK } from '../../packages/server/src/testing/fixtures.ts';
import { type Client, connect, NoAnswer, type Reply } from '../support/client.ts';
import { count } from '../support/count.ts';
import {
  askDatabase,
  type DataDirectory,
  makeDataDirectory,
  postmasterPid,
} from '../support/embedded-directory.ts';
import { killServer, type RunningServer, startServer, stopServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { attempt, type Ledger, newLedger, post, write } from './ledger.ts';

const ROUNDS = count('TRONCO_TEST_CRASH_ROUNDS', 20);
const WRITERS = 6;
const TRUNKS_PER_KILL = 4;

describe(`kill -9 in the middle of writes, ${ROUNDS} rounds`, { timeout: 30 * 60_000 }, () => {
  const token = mintToken();
  const ledger: Ledger = newLedger();
  /** Idempotency-Key of a trunk to the ids that its 201s gave. */
  const trunks = new Map<string, Set<string>>();
  let directory: DataDirectory;
  let server: RunningServer;
  let trunkId: string;
  let broken: unknown;
  let down = false;

  async function start(): Promise<RunningServer> {
    const settings = { TRONCO_DATA_DIR: directory.path, TRONCO_BOOTSTRAP_TOKEN: token };
    const started = await startServer(settings);
    down = false;
    void started.ended.then(() => (down = true));
    return started;
  }

  async function using<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = connect(server.url, token);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }

  before(async () => {
    directory = await makeDataDirectory();
    server = await start();
    trunkId = await using(async (client) => (await client.send('POST', 'sip-trunks', TRUNK)).body.data.id);
  });
  after(async () => {
    await stopServer(server);
    await directory[Symbol.asyncDispose]();
  });

  async function createTrunk(key: string): Promise<boolean> {
    const reply = await using((client) =>
      client.send('POST', 'sip-trunks', { ...TRUNK, name: key }, { 'idempotency-key': key }),
    ).catch((error: unknown) => {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    });
    if (reply?.status !== 201) return false;
    trunks.get(key)?.add(reply.body.data.id);
    return true;
  }

  /** Writers at full speed, trunks being created, and the kill somewhere in between. */
  async function interrupt(round: number, kill: () => Promise<void>, resume: () => Promise<void>) {
    const stop = new AbortController();
    const clients = Array.from({ length: WRITERS }, () => connect(server.url, token));
    const writing = clients.map((client, index) =>
      write({ client, trunkId, ledger, keyed: index % 2 === 1, signal: stop.signal }),
    );
    const settled = Promise.all(writing);
    // A writer that meets an answer it must not get ends the round at once.
    settled.catch((error: unknown) => (broken = error));
    await untilWritesWork();
    await sleep((round * 37) % 100);
    const keys = Array.from({ length: TRUNKS_PER_KILL }, (_, index) => `trunk-${round}-${index}`);
    for (const key of keys) trunks.set(key, new Set());
    const creating = keys.map((key) => createTrunk(key));
    await sleep(round % 5);
    await kill();
    await Promise.all(creating);
    await resume();
    stop.abort();
    await settled;
    for (const client of clients) client.close();
    for (const key of keys) await until('the trunk', async () => (await createTrunk(key)) || undefined);
  }

  async function killPostmaster(): Promise<void> {
    const pid = await postmasterPid(directory.path);
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
  }

  async function untilWritesWork(): Promise<void> {
    const known = ledger.acknowledged.size;
    await until('writes', () => {
      if (broken !== undefined) throw broken;
      if (down) throw new Error(`the server ended: ${server.stderr()}`);
      return ledger.acknowledged.size > known + WRITERS || undefined;
    });
  }

  /** Every key that is owed an answer gets it; every open number turns out to be there or not. */
  async function settle(): Promise<void> {
    const owed = [...ledger.owed.keys()].values();
    const open = [...ledger.open].values();
    const work = async (client: Client): Promise<void> => {
      for (const number of owed) {
        await until(
          'the keyed retry',
          async () => (await attempt(client, trunkId, ledger, number)) || undefined,
        );
      }
      for (const number of open) {
        const reply = await post(client, trunkId, number, undefined);
        assert.ok(reply && [201, 409].includes(reply.status), JSON.stringify(reply));
        ledger.open.delete(number);
        if (reply.status === 201) ledger.acknowledged.set(number, reply.body.data.id);
      }
    };
    // Several workers share the two iterators.
    await Promise.all(Array.from({ length: WRITERS }, () => using(work)));
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    const victim = round % 2 === 0 ? 'the server' : 'PostgreSQL';
    it(`round ${round + 1}: ${victim} is killed; nothing acknowledged is lost and nothing is twice`, async () => {
      if (victim === 'the server') {
        await interrupt(
          round,
          () => killServer(server),
          async () => {
            server = await start();
          },
        );
      } else await interrupt(round, killPostmaster, untilWritesWork);
      await settle();
      await assertWhole();
    });
  }

  async function assertWhole(): Promise<void> {
    const rows = await askDatabase<{ id: string; number: string }>(
      directory.path,
      'SELECT id, number FROM dids',
    );
    const byNumber = Map.groupBy(rows, ({ number }) => number);
    for (const [number, id] of ledger.acknowledged) {
      const found = byNumber.get(number) ?? [];
      assert.deepEqual(
        found.map((row) => row.id),
        [id],
        `${number} was acknowledged as ${id}`,
      );
    }
    assert.equal(byNumber.size, rows.length, 'no number is there twice');
    const halves = await askDatabase(
      directory.path,
      `SELECT d.id AS did, e.events FROM dids d
       FULL JOIN (SELECT subject_id, count(*) AS events, min(after->>'number') AS number
                  FROM events WHERE type = 'did.created' GROUP BY subject_id) e ON e.subject_id = d.id
       WHERE d.id IS NULL OR e.events IS DISTINCT FROM 1 OR e.number IS DISTINCT FROM d.number`,
    );
    assert.deepEqual(halves, [], 'every DID has one event and every event its DID');
    const unfinished = await askDatabase(
      directory.path,
      'SELECT key FROM idempotency_keys WHERE status IS NULL OR response IS NULL OR status <> 201',
    );
    assert.deepEqual(unfinished, [], 'a key is there with its answer or not at all');
  }

  it('a trunk whose creation was interrupted exists once, under every answer that was given', async () => {
    const rows = await askDatabase<{ name: string; ids: string[] }>(
      directory.path,
      `SELECT name, array_agg(id::text) AS ids FROM sip_trunks WHERE name LIKE 'trunk-%' GROUP BY name`,
    );
    assert.deepEqual(rows.map(({ name }) => name).toSorted(), [...trunks.keys()].toSorted());
    for (const { name, ids } of rows) assert.deepEqual(ids, [...(trunks.get(name) ?? [])], name);
  });

  it('an Idempotency-Key still answers what it answered before all the crashes', async () => {
    const sample = [...ledger.keyed].filter((_, index) => index % Math.ceil(ledger.keyed.size / 50) === 0);
    assert.ok(sample.length > 0);
    await using(async (client) => {
      for (const [number, key] of sample) {
        const reply = await post(client, trunkId, number, key);
        assert.deepEqual([reply?.status, reply?.body.data.id], [201, ledger.acknowledged.get(number)]);
        assert.equal(reply?.headers['idempotency-replayed'], 'true');
      }
    });
  });

  it('the API lists exactly the numbers that are there', async () => {
    const listed = await using(async (client): Promise<Reply> =>
      client.send('GET', `sip-trunks/${trunkId}/dids`),
    );
    const numbers = listed.body.data.map((did: { number: string }) => did.number);
    assert.equal(new Set(numbers).size, numbers.length);
    for (const number of ledger.acknowledged.keys()) assert.ok(numbers.includes(number), number);
  });

  it('while PostgreSQL was away the answer was 503 with Retry-After', (context) => {
    context.diagnostic(`${ledger.acknowledged.size} acknowledged, ${ledger.unavailable} answers 503`);
    assert.ok(ROUNDS < 2 || ledger.unavailable > 0);
  });
});
