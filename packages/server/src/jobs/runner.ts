import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../kernel/logger.ts';
import type { Database } from '../storage/database.ts';
import {
  claimJob,
  finishJob,
  type Job,
  recordProgress,
  releaseJob,
  renewLease,
  retryJob,
} from '../storage/jobs.ts';

const POLL_MS = 250;
const LEASE_MS = 15_000;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 5 * 60_000;

export type JobControl = {
  /** Aborted when the node stops or the lease is lost: return as soon as what is begun is whole. */
  signal: AbortSignal;
  /** Renews the lease in the transaction of a step; throws when another worker has the job. */
  progress(db: Database): Promise<void>;
};

export type JobHandler = {
  /** @returns false when interrupted: the job is given back as it is */
  run(job: Job, control: JobControl): Promise<boolean>;
  /** How often a job may fail without any progress in between. */
  attemptsMax: number;
  /** After the last attempt; the job is then removed. */
  giveUp(job: Job, error: unknown): Promise<void>;
};

export type JobRunner = {
  /** Begins to take jobs. */
  start(): void;
  /** A job was enqueued by this process: look at once. */
  kick(): void;
  /** Takes no more jobs and waits until the current ones have reached a whole step. */
  stop(): Promise<void>;
};

export type RunnerOptions = {
  db: Database;
  log: Logger;
  /** One job of a kind at a time on this node; kinds run side by side. */
  handlers: Record<string, JobHandler>;
};

class LeaseLost extends Error {}

/** Runs the jobs of this node's kinds: any number of nodes may do so, each job is held by one. */
export const createJobRunner = (options: RunnerOptions): JobRunner => new Runner(options);

class Runner implements JobRunner {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #handlers: RunnerOptions['handlers'];
  readonly #owner = randomUUID();
  readonly #stopping = new AbortController();
  readonly #wakers = new Set<() => void>();
  /** A kick that comes while a lane is looking must have it look again. */
  #kicks = 0;
  #lanes: Promise<void>[] = [];

  constructor({ db, log, handlers }: RunnerOptions) {
    this.#db = db;
    this.#log = log;
    this.#handlers = handlers;
  }

  start(): void {
    this.#lanes = Object.entries(this.#handlers).map(([kind, handler]) => this.#lane(kind, handler));
  }

  // A property, so that it can be handed on alone.
  readonly kick = (): void => {
    this.#kicks += 1;
    for (const wake of this.#wakers) wake();
  };

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.kick();
    await Promise.all(this.#lanes);
  }

  async #lane(kind: string, handler: JobHandler): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const kicksBefore = this.#kicks;
      try {
        const job = await claimJob(this.#db, [kind], this.#owner, LEASE_MS);
        if (job) await this.#run(job, handler);
        else if (this.#kicks === kicksBefore) await this.#idle();
      } catch (error) {
        // The database is away: the lease ends by itself, and nothing is lost.
        this.#log.warn({ err: error, kind }, 'jobs wait for the database');
        await this.#idle();
      }
    }
  }

  /** Until the next poll, a kick or the stop. */
  async #idle(): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#wakers.add(wake);
    const waitMs = this.#stopping.signal.aborted ? 0 : POLL_MS;
    await sleep(waitMs, undefined, { signal: woken.signal }).catch(() => {});
    this.#wakers.delete(wake);
  }

  async #run(job: Job, handler: JobHandler): Promise<void> {
    const lost = new AbortController();
    const control = {
      signal: AbortSignal.any([this.#stopping.signal, lost.signal]),
      progress: async (tx: Database) => {
        if (!(await recordProgress(tx, job, this.#owner, LEASE_MS))) throw new LeaseLost();
      },
    };
    const renewal = this.#keepLease(job, lost);
    try {
      const done = await handler.run(job, control);
      await (done ? finishJob : releaseJob)(this.#db, job, this.#owner);
    } catch (error) {
      if (!(error instanceof LeaseLost)) await this.#fail(job, handler, error);
    } finally {
      clearInterval(renewal);
    }
  }

  #keepLease(job: Job, lost: AbortController): NodeJS.Timeout {
    return setInterval(() => {
      renewLease(this.#db, job, this.#owner, LEASE_MS).then(
        (held) => held || lost.abort(),
        (error: unknown) => this.#log.warn({ err: error, job: job.id }, 'lease not renewed'),
      );
    }, LEASE_MS / 3);
  }

  async #fail(job: Job, handler: JobHandler, error: unknown): Promise<void> {
    const { id, kind, attempts } = job;
    this.#log.error({ err: error, job: id, kind, attempt: attempts }, 'job failed');
    if (attempts >= handler.attemptsMax) {
      await handler.giveUp(job, error);
      await finishJob(this.#db, job, this.#owner);
      return;
    }
    const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempts - 1));
    const reason = error instanceof Error ? error.message : String(error);
    await retryJob(this.#db, job, this.#owner, delayMs, reason);
  }
}
