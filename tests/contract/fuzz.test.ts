import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { sql } from '../../packages/server/src/testing/sql.ts';
import { startTestApp, type TestApp } from '../../packages/server/src/testing/test-app.ts';
import { count } from '../support/count.ts';
import { dumpRows, tablesOf } from '../support/schema-dump.ts';
import { IdPick } from './arbitraries.ts';
import { type Document, type Operation, readDocument } from './document.ts';
import { comparable, createJudge, type Judge } from './judge.ts';
import { type Plan, planFor, wellFormed } from './plan.ts';
import { aim, fire, type Hit, isForeign, prepare, type Shot } from './send.ts';
import { spoiled } from './systematic.ts';
import { makeWorld, type Pool, type World } from './world.ts';

const REQUESTS = count('TRONCO_TEST_FUZZ_REQUESTS', 20_000);
const SEED = count('TRONCO_TEST_FUZZ_SEED', Math.floor(Math.random() * 2 ** 31));

/** Operations that may not reach a class of status here, with the reason. */
const NEVER: Record<string, { status: '2xx' | '4xx'; because: string }> = {
  getHealth: { status: '4xx', because: 'it takes nothing that could be wrong and needs no token' },
};

const TITLE = `every operation of the document under ${REQUESTS} odd requests, seed ${SEED}`;

describe(TITLE, { timeout: 30 * 60_000 }, () => {
  let test: TestApp;
  let world: World;
  let document: Document;
  let judge: Judge;
  let tables: string[];
  let before_: string;
  let sent = 0;
  const reached = new Map<string, Set<string>>();
  const statuses = new Map<number, number>();

  before(async () => {
    test = await startTestApp();
    await test.app.ready();
    world = await makeWorld(test);
    document = readDocument(test.app.openApiDocument());
    judge = createJudge(document);
    tables = await tablesOf(test.platform.db);
    await populate();
    before_ = await foreignRows();
  });
  after(() => test.stop());

  /** Everything the other environment has, as one text. */
  async function foreignRows(): Promise<string> {
    const dumps = tables.map(async (table) => [
      table,
      await dumpRows(test.platform.db, table, world.other.id),
    ]);
    return JSON.stringify(await Promise.all(dumps));
  }

  async function rowCounts(): Promise<string> {
    const parts = tables.map(
      (table) => sql`SELECT ${table} AS name, count(*)::int AS n FROM ${sql.table(table)}`,
    );
    const { rows } = await sql`${sql.join(parts, sql` UNION ALL `)}`.execute(test.platform.db);
    return JSON.stringify(rows);
  }

  /** The other environment's things, made by the same generators. */
  async function populate(): Promise<void> {
    const mine = { ...world, live: world.foreign };
    mine.authorization = () => `Bearer ${world.other.token}`;
    const writes = document.operations.filter(
      ({ method, scope }) => method !== 'DELETE' && scope !== 'admin',
    );
    for (let pass = 1; pass <= 12; pass += 1) {
      for (const operation of writes) {
        for (const plan of fc.sample(wellFormed(operation, document), { numRuns: 2, seed: pass })) {
          const shot = aim(mine, prepare(plan), 'missing');
          learn(mine.live, operation, shot, await fire(test, shot));
        }
      }
    }
    assert.ok(mine.live.all.size > 20, 'the other environment has things');
  }

  /** Where a new or listed resource will be found, by what the document says about paths. */
  function learn(pool: Pool, operation: Operation, shot: Shot, hit: Hit): void {
    if (hit.status >= 300) return;
    if (operation.method === 'DELETE') return pool.remove(shot.params);
    const { location } = hit.headers;
    if (typeof location === 'string') learnLocation(pool, location);
    if (operation.scope === 'admin' && operation.method !== 'POST') return;
    if (!hit.text.startsWith('{"success":true')) return;
    const { data } = JSON.parse(hit.text);
    const child = document.operations.find(
      ({ path }) =>
        path.startsWith(`${operation.path}/{`) && path.slice(operation.path.length + 1).indexOf('/') === -1,
    );
    const name = child?.params.at(-1);
    if (name === undefined) return;
    for (const one of [data].flat()) if (one?.id !== undefined) pool.add({ ...shot.params, [name]: one.id });
  }

  function learnLocation(pool: Pool, location: string): void {
    for (const { path } of document.operations) {
      const pattern = new RegExp(`^/api/v1${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[0-9a-f-]{36})')}$`);
      const found = pattern.exec(location)?.groups;
      if (found) pool.add({ ...found });
    }
  }

  async function shoot(plan: Plan, foreignAs: 'itself' | 'missing'): Promise<Hit> {
    const shot = aim(world, plan, foreignAs);
    sent += 1;
    const hit = await fire(test, shot);
    try {
      judge(plan.operation, hit);
    } catch (error) {
      const request = JSON.stringify({ ...shot, payload: String(shot.payload).slice(0, 2_000) });
      throw new Error(
        `${(error as Error).message}\nrequest: ${request}\nanswer: ${hit.text.slice(0, 2_000)}`,
        {
          cause: error,
        },
      );
    }
    statuses.set(hit.status, (statuses.get(hit.status) ?? 0) + 1);
    const classes = reached.get(plan.operation.id) ?? new Set();
    reached.set(plan.operation.id, classes.add(`${Math.floor(hit.status / 100)}xx`));
    learn(world.live, plan.operation, shot, hit);
    return hit;
  }

  async function check(given: Plan): Promise<void> {
    const plan = prepare(given);
    const operator = plan.identity === 'other-kind' && plan.headers['tronco-environment'] === '$FOREIGN';
    // An operator who names that environment is allowed in it, and an admin endpoint sees them all.
    if (operator || (plan.operation.scope === 'admin' && isForeign(plan))) return;
    const counts = plan.watch && plan.operation.method !== 'GET' ? await rowCounts() : undefined;
    const hit = await shoot(plan, 'itself');
    if (counts !== undefined && hit.status >= 400) {
      assert.equal(await rowCounts(), counts, `a ${hit.status} changed something: ${describePlan(plan)}`);
    }
    if (isForeign(plan)) await compareWithMissing(plan, hit);
    refusesUnknown(plan, hit);
  }

  /** Somebody else's things answer like things that do not exist: status, headers and body. */
  async function compareWithMissing(plan: Plan, hit: Hit): Promise<void> {
    // A replayed Idempotency-Key tells of its first request, not of this one.
    if (plan.headers['idempotency-key'] !== undefined) return;
    const twin = await shoot(plan, 'missing');
    assert.deepEqual(comparable(hit), comparable(twin), `foreign and missing differ: ${describePlan(plan)}`);
    const path = plan.path.some((pick) => pick instanceof IdPick && pick.origin === 'foreign');
    if (path) assert.ok(hit.status >= 400, `somebody else's resource answered ${hit.status}`);
  }

  function refusesUnknown(plan: Plan, hit: Hit): void {
    const field = plan.payload.unknownField ?? plan.unknownQuery;
    const askedFor = plan.identity === 'good' && plan.path.every((pick) => pick instanceof IdPick);
    if (field === undefined || !askedFor || Object.keys(plan.headers).length > 0) return;
    if (plan.payload.unknownField === undefined && !plan.payload.pristine) return;
    if (plan.operation.scope === undefined) return;
    assert.equal(hit.status, 422, `${field} was not refused: ${describePlan(plan)}`);
    assert.ok(Object.hasOwn(JSON.parse(hit.text).errors, field), `${field} is not named: ${hit.text}`);
  }

  const describePlan = ({ operation, ...plan }: Plan): string =>
    `${operation.id} ${JSON.stringify(plan).slice(0, 3_000)}`;

  /** Runs all plans and reports every kind of problem once, the first of its kind in full. */
  async function checkAll(plans: Iterable<Plan>): Promise<void> {
    const problems = new Map<string, string>();
    for (const plan of plans) {
      await check(plan).catch((error: Error) => {
        const kind = `${plan.operation.id}: ${error.message.split('\n')[0]?.slice(0, 80)}`;
        if (!problems.has(kind)) problems.set(kind, error.message);
      });
    }
    assert.equal(problems.size, 0, [...problems].map(([kind, text]) => `\n== ${kind}\n${text}`).join('\n'));
  }

  /** @returns well-formed requests to the operation that succeed, at most `wanted` */
  async function thatSucceed(operation: Operation, wanted: number): Promise<Plan[]> {
    const found: Plan[] = [];
    for (const plan of fc.sample(wellFormed(operation, document), { numRuns: 10, seed: 1 })) {
      if (found.length < wanted && (await shoot(prepare(plan), 'itself')).status < 300) found.push(plan);
    }
    return found;
  }

  it('each nasty value in each place of a request that works: no 5xx, no refusal changes a row', async (context) => {
    const makers = document.operations.filter(({ method, scope }) => method === 'POST' && scope !== 'admin');
    for (let pass = 0; pass < 3; pass += 1) for (const maker of makers) await thatSucceed(maker, 5);
    const plans: Plan[] = [];
    for (const operation of document.operations) plans.push(...(await thatSucceed(operation, 2)));
    await checkAll(plans.flatMap(spoiled));
    context.diagnostic(`${sent} requests`);
  });

  it('no 5xx, every answer inside the document, and somebody else’s things do not exist', async (context) => {
    context.diagnostic(`TRONCO_TEST_FUZZ_SEED=${SEED}`);
    const any = fc.oneof(...document.operations.map((operation) => planFor(operation, document)));
    // Not fc.assert: the world moves on with every request, so a shrunk case would be another case.
    await checkAll(fc.sample(any, { numRuns: REQUESTS, seed: SEED }));
    const spread = [...statuses].toSorted().map(([status, n]) => `${status}: ${n}`);
    context.diagnostic(`${sent} requests to ${document.operations.length} operations; ${spread.join(', ')}`);
    assert.ok(sent >= REQUESTS, `${sent} requests`);
  });

  /** Some successes need several right requests in a row: what is made here is used by the next. */
  async function succeed(missed: Operation[]): Promise<void> {
    const makers = document.operations.filter(
      ({ method, scope }) => method !== 'DELETE' && scope !== 'admin',
    );
    for (const operation of [...makers, ...missed]) {
      const [plan] = fc.sample(wellFormed(operation, document), { numRuns: 1, seed: SEED + sent });
      if (plan) await shoot(prepare(plan), 'itself');
    }
  }

  it('every operation succeeded at least once and refused at least once', async () => {
    const unreached = () => document.operations.filter(({ id }) => !reached.get(id)?.has('2xx'));
    for (let pass = 0; pass < 60 && unreached().length > 0; pass += 1) await succeed(unreached());
    const missed = document.operations.flatMap(({ id }) =>
      (['2xx', '4xx'] as const)
        .filter((status) => !reached.get(id)?.has(status) && NEVER[id]?.status !== status)
        .map((status) => `${id} never answered ${status}`),
    );
    assert.deepEqual(missed, []);
  });

  it('the other environment is byte for byte what it was', async () => {
    assert.ok(before_.length > 10_000);
    assert.equal(await foreignRows(), before_);
  });

  it('what is listed after all this is the environment’s own', async () => {
    const foreign = world.foreign.all;
    for (const { path, method, params, scope } of document.operations) {
      if (method !== 'GET' || params.length > 0 || scope === 'admin') continue;
      const { payload } = await test.app.inject({
        url: `/api/v1${path}`,
        headers: { authorization: world.authorization('good', { scope } as Operation) ?? '' },
      });
      for (const id of foreign) assert.ok(!payload.includes(id), `${path} shows ${id}`);
    }
  });
});
