import { data, type Example, IDS, TIME } from './example.ts';

const queued = {
  id: IDS.import,
  trunk_id: IDS.trunk,
  status: 'queued',
  dry_run: false,
  format: 'csv',
  country_code: null,
  rows_total: 10_003,
  rows_done: 0,
  percent: 0,
  counts: { created: 0, unchanged: 0, conflict: 0, duplicate_in_file: 0, invalid: 0 },
  rows_per_second: null,
  error: null,
  created_at: TIME,
  started_at: null,
  finished_at: null,
};

const finished = {
  ...queued,
  status: 'succeeded',
  rows_done: 10_003,
  percent: 100,
  counts: { ...queued.counts, created: 10_002, invalid: 1 },
  rows_per_second: 27_400,
  started_at: TIME,
  finished_at: TIME,
};

const invalid = {
  row: 5,
  number: '+447911123456',
  verdict: 'invalid',
  errors: { country_code: ['The country code US has calling code +1, but the number has +44.'] },
};

export const IMPORT_EXAMPLES: Record<string, Example> = {
  importSipTrunkDids: data(queued),
  listDidImports: data([finished]),
  getDidImport: data(finished),
  cancelDidImport: data({ ...queued, status: 'cancelled', finished_at: TIME }),
  resumeDidImport: data(queued),
  listDidImportRows: data([invalid]),
};
