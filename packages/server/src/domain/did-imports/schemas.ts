import { z } from 'zod';
import { normalizeCountry } from '../dids/number.ts';
import { resourceId, timestamp } from '../fields.ts';
import { VERDICTS } from './results.ts';

export const importQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .optional()
    .transform((value) => value === 'true')
    .describe('Gives every row the verdict that a real import would give, and creates nothing'),
  country_code: z
    .string()
    .min(1)
    .refine((value) => normalizeCountry(value) !== undefined, {
      error: 'The selected country code is invalid.',
    })
    .transform((value) => value.toUpperCase())
    .optional()
    .describe('Country of the rows that name none'),
});
export type ImportQuery = z.output<typeof importQuery>;

export const listImportsQuery = z.strictObject({});

export const importRowsQuery = z.strictObject({
  verdict: z.enum(VERDICTS).optional().describe('Only rows with this verdict'),
  format: z.enum(['json', 'ndjson']).optional().describe('Default: json, or what the Accept header asks for'),
});

const count = z.int().min(0);

export const didImport = z
  .object({
    id: resourceId,
    trunk_id: resourceId,
    status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    dry_run: z.boolean(),
    format: z.enum(['csv', 'ndjson']),
    country_code: z.string().nullable().describe('Country of the rows that name none'),
    rows_total: count.describe('Rows of the file, without the header and blank lines'),
    rows_done: count,
    percent: z.number().min(0).max(100),
    counts: z
      .object({
        created: count.describe('In a dry run: would be created'),
        unchanged: count.describe('Already on this trunk; left as they are'),
        conflict: count.describe('Registered on another trunk of the environment'),
        duplicate_in_file: count,
        invalid: count,
      })
      .describe('Per number: a row with a range counts once for each of its numbers'),
    rows_per_second: z.int().nullable().describe('From the start to the end, or to now'),
    error: z.string().nullable().describe('Why a failed import stopped'),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    finished_at: timestamp.nullable(),
  })
  .meta({ id: 'DidImport' });
export type DidImport = z.output<typeof didImport>;

export const importRow = z
  .object({
    row: z.int().min(1).describe('In the file, from 1; the header and blank lines count'),
    number: z.string().describe('E.164 as stored, or what the file has where it is none'),
    verdict: z.enum(VERDICTS),
    did_id: resourceId
      .nullable()
      .optional()
      .describe('With created: the DID, null when it is gone or in a dry run. With conflict: who has it'),
    trunk_id: resourceId.optional().describe('With conflict: the trunk that has the number'),
    first_row: z.int().optional().describe('With duplicate_in_file: the row that has the number first'),
    errors: z.record(z.string(), z.array(z.string())).optional(),
    suggestion: z.object({ number: z.string() }).optional(),
  })
  .meta({ id: 'DidImportRow' });
export type DidImportRow = z.output<typeof importRow>;
