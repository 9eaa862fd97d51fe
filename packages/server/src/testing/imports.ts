import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../domain/context.ts';
import { IMPORT_JOB } from '../domain/did-imports/job.ts';
import { importJobs } from '../jobs/did-imports.ts';
import { createJobRunner } from '../jobs/runner.ts';
import { createLogger } from '../kernel/logger.ts';
import type { Answer, Send } from './test-app.ts';

export const CSV = { 'content-type': 'text/csv' };
export const NDJSON = { 'content-type': 'application/x-ndjson' };

const log = createLogger('silent');

export type TestRunner = {
  /** Rows of files that this node has made durable. */
  rowsImported(): number;
  stop(): Promise<void>;
};

/** A node that works on imports. @param onRows called after each batch, e.g. to stop between two */
export function startImportRunner(platform: Platform, onRows: () => void = () => {}): TestRunner {
  let rows = 0;
  const imports = importJobs(platform, {
    importedRows: (count) => {
      rows += count;
      onRows();
    },
  });
  const runner = createJobRunner({
    db: platform.db,
    log,
    handlers: { [IMPORT_JOB]: imports },
  });
  runner.start();
  return {
    rowsImported: () => rows,
    async stop() {
      await runner.stop();
      await imports.stop();
    },
  };
}

/** Uploads a file. @returns the path of its import, below /api/v1 */
export async function upload(
  send: Send,
  trunkId: string,
  body: string,
  { query = 'country_code=US', headers = CSV as Record<string, string> } = {},
): Promise<string> {
  const answer = await send('POST', `sip-trunks/${trunkId}/dids/import?${query}`, body, headers);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return `sip-trunks/${trunkId}/dids/imports/${answer.body.data.id}`;
}

/** The import once it has ended. */
export async function ended(send: Send, path: string): Promise<Answer['body']> {
  for (let i = 0; i < 600; i += 1) {
    const { status, body } = await send('GET', path);
    assert.equal(status, 200, JSON.stringify(body));
    if (!['queued', 'running'].includes(body.data.status)) return body.data;
    await sleep(50);
  }
  throw new Error('the import did not end');
}

/** `count` numbers from +1 202 555 0000 or another start on, one a line. */
export const numbers = (count: number, from = 2_025_550_000): string =>
  Array.from({ length: count }, (_, i) => `+1${from + i}\n`).join('');
