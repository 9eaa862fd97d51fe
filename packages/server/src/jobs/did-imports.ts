import type { Context, Platform } from '../domain/context.ts';
import { createChecker } from '../domain/did-imports/checker.ts';
import { endImport } from '../domain/did-imports/end.ts';
import { processImport } from '../domain/did-imports/process.ts';
import { findImport } from '../domain/did-imports/store.ts';
import type { Metrics } from '../kernel/metrics.ts';
import type { Actor } from '../storage/events.ts';
import type { Job } from '../storage/jobs.ts';
import type { JobHandler } from './runner.ts';

/** Over a quarter of an hour of back-off: longer than a database needs to come back. */
const ATTEMPTS_MAX = 10;

export type ImportJobs = JobHandler & { stop(): Promise<void> };

/** Processes DID imports in the name of whoever sent them. */
export function importJobs(platform: Platform, metrics: Pick<Metrics, 'importedRows'>): ImportJobs {
  const checker = createChecker();

  return {
    attemptsMax: ATTEMPTS_MAX,
    async run(job, { signal, progress }) {
      const context = await contextOf(platform, job);
      if (!context) return true;
      return processImport(context, job.job_key, {
        checker,
        signal,
        progress: (tx) => progress(tx.db),
        rowsImported: metrics.importedRows,
      });
    },
    async giveUp(job) {
      const context = await contextOf(platform, job);
      if (!context) return;
      const error = 'The import failed several times in a row; the reason is in the log. It can be resumed.';
      await endImport(context, job.job_key, { status: 'failed', error });
    },
    stop: () => checker.stop(),
  };
}

async function contextOf(platform: Platform, job: Job): Promise<Context | undefined> {
  const row = await findImport(platform.db, job.environment_id, job.job_key);
  return (
    row && {
      ...platform,
      environmentId: job.environment_id,
      actor: row.actor as Actor,
      scopes: ['dids:write'],
      requestId: row.request_id,
    }
  );
}
