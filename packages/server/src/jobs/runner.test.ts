import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createLogger } from '../kernel/logger.ts';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../storage/database.ts';
import { claimJob, enqueueJob, finishJob, recordProgress } from '../storage/jobs.ts';
import { testPostgres, type TestPostgres } from '../testing/postgres.ts';
import { createJobRunner, type JobHandler, type JobRunner } from './runner.ts';

const ENVIRONMENT = newId();
const log = createLogger('silent');

describe('the job runner', () => {
  let postgres: TestPostgres;
  let db: Database;

  before(async () => {
    postgres = await testPostgres();
    ({ db } = await postgres.clone());
  });
  after(() => postgres.stop());

  const enqueue = (kind: string, key = 'one') =>
    enqueueJob(db, { environmentId: ENVIRONMENT, kind, key, payload: {} });
  const jobsOf = async (kind: string) =>
    (
      await sql<{ attempts: number; last_error: string | null; lease_owner: string | null; waits: boolean }>`
      SELECT attempts, last_error, lease_owner, run_at > now() AS waits FROM jobs WHERE kind = ${kind}`.execute(
        db,
      )
    ).rows;
  const start = (kind: string, handler: Partial<JobHandler>): JobRunner => {
    const runner = createJobRunner({
      db,
      log,
      handlers: { [kind]: { run: async () => true, giveUp: async () => {}, attemptsMax: 3, ...handler } },
    });
    runner.start();
    return runner;
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await sleep(5);
  };

  it('runs a job once and removes it', async () => {
    let runs = 0;
    const runners = [1, 2, 3].map(() => start('once', { run: async () => (runs += 1) > 0 }));
    await enqueue('once');
    for (const runner of runners) runner.kick();
    await until(async () => (await jobsOf('once')).length === 0);
    await Promise.all(runners.map((runner) => runner.stop()));
    assert.equal(runs, 1);
  });

  it('tries a failing job again later, keeps the reason, and gives up after the last attempt', async () => {
    let givenUp: unknown;
    const runner = start('failing', {
      attemptsMax: 2,
      run: async () => {
        throw new Error('no luck');
      },
      giveUp: async (_job, error) => {
        givenUp = error;
      },
    });
    await enqueue('failing');
    runner.kick();
    await until(async () => (await jobsOf('failing'))[0]?.last_error === 'no luck');
    assert.equal((await jobsOf('failing'))[0]?.waits, true);
    await enqueue('failing');
    runner.kick();
    await until(async () => (await jobsOf('failing')).length === 0);
    await runner.stop();
    assert.equal((givenUp as Error).message, 'no luck');
  });

  it('runs a job again that was asked for while it ran', async () => {
    let runs = 0;
    const runner = start('again', {
      run: async () => {
        runs += 1;
        if (runs === 1) await enqueue('again');
        return true;
      },
    });
    await enqueue('again');
    runner.kick();
    await until(async () => (await jobsOf('again')).length === 0);
    await runner.stop();
    assert.equal(runs, 2);
  });

  it('interrupts its job when it stops and gives it back at once', async () => {
    const running = Promise.withResolvers<void>();
    const runner = start('stopping', {
      run: async (_job, { signal }) => {
        running.resolve();
        await until(() => signal.aborted);
        return false;
      },
    });
    await enqueue('stopping');
    runner.kick();
    await running.promise;
    await runner.stop();
    assert.deepEqual(await jobsOf('stopping'), [
      { attempts: 0, last_error: null, lease_owner: null, waits: false },
    ]);
  });

  it('takes over a job whose node has died, and the dead one can change nothing any more', async () => {
    await enqueue('dead');
    const lost = await claimJob(db, ['dead'], 'dead node', 20);
    assert.ok(lost);
    let runs = 0;
    const runner = start('dead', { run: async () => (runs += 1) > 0 });
    await until(() => runs === 1);
    assert.equal(await recordProgress(db, lost, 'dead node', 1_000), false);
    await finishJob(db, lost, 'dead node');
    await runner.stop();
  });

  it('leaves other kinds alone', async () => {
    await enqueue('foreign');
    const runner = start('known', {});
    await enqueue('known');
    runner.kick();
    await until(async () => (await jobsOf('known')).length === 0);
    await runner.stop();
    assert.equal((await jobsOf('foreign'))[0]?.attempts, 0);
  });
});
