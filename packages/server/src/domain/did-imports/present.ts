import { NO_COUNTS } from './results.ts';
import type { DidImport } from './schemas.ts';
import type { ImportRow } from './store.ts';

export function presentImport(row: ImportRow, now: Date): DidImport {
  return {
    id: row.id,
    trunk_id: row.trunk_id,
    status: row.status as DidImport['status'],
    dry_run: row.dry_run,
    format: row.format,
    country_code: row.default_country_code,
    rows_total: row.rows_total,
    rows_done: row.rows_done,
    // Never 100 before it is true.
    percent: Math.floor((row.rows_done / Math.max(1, row.rows_total)) * 1_000) / 10,
    counts: { ...NO_COUNTS, ...row.counts },
    rows_per_second: rowsPerSecond(row, now),
    error: row.error,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

function rowsPerSecond(row: ImportRow, now: Date): number | null {
  if (!row.started_at) return null;
  const seconds = ((row.finished_at ?? now).getTime() - row.started_at.getTime()) / 1_000;
  return seconds > 0 ? Math.round(row.rows_done / seconds) : null;
}

/** What the audit log keeps of an import. */
export const importFacts = (row: ImportRow): object => ({
  trunk_id: row.trunk_id,
  status: row.status,
  dry_run: row.dry_run,
  format: row.format,
  rows_total: row.rows_total,
  rows_done: row.rows_done,
  counts: { ...NO_COUNTS, ...row.counts },
  ...(row.error !== null && { error: row.error }),
});
