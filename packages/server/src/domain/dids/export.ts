import { type Context, requireScope } from '../context.ts';
import type { List } from '../list.ts';
import { csvField, guardFormula, joinTags } from './csv-cells.ts';
import type { DidRow } from './store.ts';

export const EXPORT_FORMATS = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

const BATCH_ROWS = 1_000;
const COLUMNS = ['number', 'country_code', 'label', 'tags', 'note'] as const;

/**
 * DIDs as a file that an import reads back unchanged, written batch by batch.
 * @param withTrunk adds the trunk of each number: where the export has several
 */
export async function* exportDids<Row extends DidRow>(
  context: Context,
  list: List<Row>,
  format: ExportFormat,
  withTrunk: boolean,
): AsyncGenerator<string> {
  requireScope(context, 'dids:read');
  const write = format === 'csv' ? csvLine : jsonLine;
  if (format === 'csv') yield `${[...COLUMNS, ...(withTrunk ? ['trunk_id'] : [])].join(',')}\r\n`;
  let rows: Row[] = [];
  do {
    rows = await list.slice({ after: rows.at(-1), limit: BATCH_ROWS });
    if (rows.length > 0) yield rows.map((row) => write(row, withTrunk)).join('');
  } while (rows.length === BATCH_ROWS);
}

function csvLine(row: DidRow, withTrunk: boolean): string {
  const cells = [
    // Starts with a plus, but holds nothing but digits: no formula, and what every reader expects.
    row.number,
    row.country_code,
    csvField(guardFormula(row.label ?? '')),
    csvField(guardFormula(joinTags(row.tags))),
    csvField(guardFormula(row.note ?? '')),
    ...(withTrunk ? [row.trunk_id] : []),
  ];
  return `${cells.join(',')}\r\n`;
}

function jsonLine(row: DidRow, withTrunk: boolean): string {
  const { number, country_code, label, tags, note, trunk_id } = row;
  return `${JSON.stringify({ number, country_code, label, tags, note, ...(withTrunk && { trunk_id }) })}\n`;
}
