import { sql } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from './database.ts';

export type Job = {
  environment_id: string;
  id: string;
  kind: string;
  job_key: string;
  payload: Record<string, unknown>;
  /** Claims since the job last made progress. */
  attempts: number;
  requests: number;
};

export type NewJob = {
  environmentId: string;
  kind: string;
  /** One live job per kind and key; enqueueing it again moves `run_at`, or has it run once more. */
  key: string;
  payload: Record<string, unknown>;
  /** Absent: at once, by the database's clock. */
  runAt?: Date;
};

/** Enqueues in the caller's transaction, so that the job exists exactly when its cause does. */
export async function enqueueJob(db: Database, job: NewJob): Promise<void> {
  const runAt = job.runAt ?? sql<Date>`now()`;
  await db
    .insertInto('jobs')
    .values({
      environment_id: job.environmentId,
      id: newId(),
      kind: job.kind,
      job_key: job.key,
      payload: JSON.stringify(job.payload),
      run_at: runAt,
      created_at: sql<Date>`now()`,
      lease_until: null,
      lease_owner: null,
      last_error: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'kind', 'job_key'])
        .doUpdateSet({ run_at: runAt, requests: sql`jobs.requests + 1` }),
    )
    .execute();
}

/**
 * Takes the oldest due job that nobody holds, for `leaseMs`. Leases instead of held transactions:
 * a worker that dies is replaced when its lease ends, and a long job occupies no connection.
 * The database's clock decides, so that nodes with skewed clocks cannot both hold a job.
 */
export async function claimJob(
  db: Database,
  kinds: readonly string[],
  owner: string,
  leaseMs: number,
): Promise<Job | undefined> {
  const { rows } = await sql<Job>`
    UPDATE jobs SET lease_owner = ${owner}, lease_until = now() + ${leaseMs} * interval '1 millisecond',
      attempts = attempts + 1
    WHERE (environment_id, id) IN (
      SELECT environment_id, id FROM jobs
      WHERE kind = ANY(${kinds}) AND run_at <= now() AND (lease_until IS NULL OR lease_until < now())
      ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING environment_id, id, kind, job_key, payload, attempts, requests`.execute(db);
  return rows[0];
}

const mine = (db: Database, job: Job, owner: string) =>
  db
    .selectFrom('jobs')
    .select('id')
    .where('environment_id', '=', job.environment_id)
    .where('id', '=', job.id)
    .where('lease_owner', '=', owner);

/** @returns false when the lease was lost to another worker: stop at once. */
export async function renewLease(db: Database, job: Job, owner: string, leaseMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ lease_until: sql`now() + ${leaseMs} * interval '1 millisecond'` })
    .where('id', 'in', mine(db, job, owner))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The lease again, in the transaction of a step that the job has taken: the step commits only while
 * the job is still held, and what went wrong before it is forgotten.
 * @returns false when the lease was lost to another worker: roll back.
 */
export async function recordProgress(
  db: Database,
  job: Job,
  owner: string,
  leaseMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ lease_until: sql`now() + ${leaseMs} * interval '1 millisecond'`, attempts: 0 })
    .where('id', 'in', mine(db, job, owner))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Removes the job, or gives it back when it was asked for again after this run had begun. */
export async function finishJob(db: Database, job: Job, owner: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('jobs')
    .where('id', 'in', mine(db, job, owner).where('requests', '=', job.requests))
    .executeTakeFirst();
  if (numDeletedRows === 0n) await releaseJob(db, job, owner);
}

/** Gives the job back untried, e.g. because this node stops. */
export async function releaseJob(db: Database, job: Job, owner: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ lease_until: null, lease_owner: null, attempts: 0 })
    .where('id', 'in', mine(db, job, owner))
    .execute();
}

/** Gives the job back, to be tried again after `delayMs`. */
export async function retryJob(
  db: Database,
  job: Job,
  owner: string,
  delayMs: number,
  error: string,
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({
      lease_until: null,
      lease_owner: null,
      last_error: error.slice(0, 2_000),
      run_at: sql`now() + ${delayMs} * interval '1 millisecond'`,
    })
    .where('id', 'in', mine(db, job, owner))
    .execute();
}
