import type { FieldErrors } from '../../kernel/errors.ts';
import { splitTags, unguardFormula } from '../dids/csv-cells.ts';
import type { AnnotationInput } from './annotations.ts';
import { parseCsv } from './csv.ts';
import { COLUMNS, type CsvLayout } from './layout.ts';

/** A row of the file before any rule of numbers was asked. */
export type Row = AnnotationInput & {
  /** In the file, from 1; the header and blank lines count. */
  row: number;
  number: string;
  country?: string | undefined;
  /** What kept the row from being read. */
  errors?: FieldErrors;
};

export type Format = { format: 'csv'; layout: CsvLayout } | { format: 'ndjson' };

/** The rows of one chunk, blank lines left out. */
export const readRows = (body: string, firstRow: number, format: Format): Generator<Row> =>
  format.format === 'csv' ? csvRows(body, firstRow, format.layout) : jsonRows(body, firstRow);

function* csvRows(body: string, firstRow: number, { delimiter, columns }: CsvLayout): Generator<Row> {
  const at = Object.fromEntries(columns.map((column, index) => [column, index]));
  let row = firstRow - 1;
  for (const { fields, malformed, blank } of parseCsv(body, delimiter)) {
    row += 1;
    if (blank) continue;
    const cell = (column: string): string | undefined => {
      const index = at[column];
      return index === undefined ? undefined : unguardFormula(fields[index] ?? '');
    };
    const found: Row = { row, number: (cell('number') ?? '').trim() };
    const tooMany = fields.length > columns.length;
    if (malformed !== undefined) found.errors = { row: [malformed] };
    else if (tooMany) found.errors = { row: [sizeSentence(fields.length, columns.length)] };
    found.country = cell('country_code')?.trim();
    if (columns.length > 1) {
      const tags = cell('tags');
      Object.assign(found, { label: cell('label'), note: cell('note'), tags: tags ? splitTags(tags) : null });
    }
    yield found;
  }
}

const sizeSentence = (fields: number, columns: number): string =>
  `The row has ${fields} fields, but there are ${columns} columns.`;

function* jsonRows(body: string, firstRow: number): Generator<Row> {
  let row = firstRow - 1;
  let at = 0;
  while (at < body.length) {
    const found = body.indexOf('\n', at);
    const end = found === -1 ? body.length : found;
    const line = body.slice(at, end);
    at = end + 1;
    row += 1;
    if (!/^[ \t\r]*$/.test(line)) yield jsonRow(line, row);
  }
}

function jsonRow(line: string, row: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { row, number: '', errors: { row: ['The row is not valid JSON.'] } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { row, number: '', errors: { row: ['The row must be a JSON object.'] } };
  }
  const fields = value as Record<string, unknown>;
  const errors = typeProblems(fields);
  const text = (name: string): string | undefined => {
    const found = fields[name];
    return typeof found === 'string' ? found : undefined;
  };
  return {
    row,
    number: text('number') ?? '',
    country: text('country_code'),
    label: text('label') ?? null,
    note: text('note') ?? null,
    tags: isTexts(fields.tags) ? fields.tags : null,
    ...(Object.keys(errors).length > 0 && { errors }),
  };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function typeProblems(fields: Record<string, unknown>): FieldErrors {
  const errors: FieldErrors = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!(COLUMNS as readonly string[]).includes(name)) {
      errors[name.slice(0, 64)] = [`The ${name.slice(0, 64)} field is not known here.`];
    } else if (name === 'tags') {
      if (value !== null && !isTexts(value)) errors.tags = ['The tags must be an array of strings.'];
    } else if (value !== null && typeof value !== 'string') {
      errors[name] = [`The ${name.replaceAll('_', ' ')} must be a string.`];
    }
  }
  return errors;
}
