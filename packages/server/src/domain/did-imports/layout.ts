import type { FieldErrors } from '../../kernel/errors.ts';
import { parseCsv } from './csv.ts';

/** Columns that an import reads. `trunk_id` is what an export of several trunks adds: the path decides. */
export const COLUMNS = ['number', 'country_code', 'label', 'tags', 'note', 'trunk_id'] as const;
export type Column = (typeof COLUMNS)[number];

export type CsvLayout = { delimiter: string; columns: Column[] };

export type LayoutResult =
  | { ok: true; layout: CsvLayout; hasHeader: boolean }
  | { ok: false; errors: FieldErrors };

const DELIMITERS = [',', ';', '\t'] as const;
const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);

/**
 * Reads the layout from the first record: a header row, or the first number of a single-column list.
 * The delimiter is the one that splits it most.
 */
export function readLayout(firstRecord: string): LayoutResult {
  const split = DELIMITERS.map((delimiter) => ({ delimiter, fields: fieldsOf(firstRecord, delimiter) }));
  const { delimiter, fields } = split.reduce((a, b) => (b.fields.length > a.fields.length ? b : a));
  const names = fields.map((field) =>
    field
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
  if (!names.includes('number') && fields.length === 1 && looksLikeNumber(fields[0] ?? '')) {
    return { ok: true, layout: { delimiter: ',', columns: ['number'] }, hasHeader: false };
  }
  const errors = problemsOf(names);
  if (errors) return { ok: false, errors };
  return { ok: true, layout: { delimiter, columns: names.filter(isColumn) }, hasHeader: true };
}

const fieldsOf = (record: string, delimiter: string): string[] =>
  parseCsv(record, delimiter).next().value?.fields ?? [];

const looksLikeNumber = (field: string): boolean => /^[\s'"(]*(\+|\d|tel:|sips?:)/i.test(field);

function problemsOf(names: readonly string[]): FieldErrors | undefined {
  const errors: FieldErrors = {};
  for (const name of names) {
    if (!isColumn(name)) errors[name || 'header'] = [`The column ${name || '(empty)'} is not known here.`];
    else if (names.indexOf(name) !== names.lastIndexOf(name)) {
      errors[name] = [`The column ${name} stands twice in the header row.`];
    }
  }
  if (!names.includes('number')) {
    errors.number = [
      'The first row must name the columns, among them number; only a plain list of numbers needs no header row.',
    ];
  }
  return Object.keys(errors).length > 0 ? errors : undefined;
}
