export type Cell = string | number | boolean | null | undefined;
/** Heading and what stands under it. */
export type Columns<Row> = Record<string, (row: Row) => Cell>;

export type Printer = {
  readonly json: boolean;
  /** One line for a person; nothing with --json. */
  line(text: string): void;
  /** The data itself with --json; otherwise the table. */
  table<Row>(rows: readonly Row[], columns: Columns<Row>): void;
  /** One thing: the data itself with --json; otherwise a line per fact. */
  record(data: object, facts?: Record<string, Cell>): void;
  /** The outcome of a change that has no data of its own. */
  done(message: string): void;
};

/** Results go to stdout; everything else a command has to say goes to stderr. */
export function createPrinter(json: boolean): Printer {
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const writeJson = (data: unknown): void => write(JSON.stringify(data, null, 2));
  return {
    json,
    line: (text) => {
      if (!json) write(text);
    },
    table: (rows, columns) => {
      if (json) return writeJson(rows);
      if (rows.length === 0) process.stderr.write('None.\n');
      else for (const line of tableLines(rows, columns)) write(line);
    },
    record: (data, facts) => {
      if (json) return writeJson(data);
      const entries = Object.entries(facts ?? flat(data));
      const width = Math.max(0, ...entries.map(([name]) => name.length));
      for (const [name, value] of entries) write(`${name.padEnd(width)}  ${shown(value)}`);
    },
    done: (message) => (json ? writeJson({ message }) : write(message)),
  };
}

export function tableLines<Row>(rows: readonly Row[], columns: Columns<Row>): string[] {
  const headings = Object.keys(columns).map((heading) => heading.toUpperCase());
  const cells = rows.map((row) => Object.values(columns).map((cell) => shown(cell(row))));
  const widths = headings.map((heading, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), heading.length),
  );
  return [headings, ...cells].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What others wrote may hold escape sequences; a terminal must not obey them. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

export function shown(value: Cell): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value).replace(CONTROL, '\u{fffd}');
}

function flat(data: object): Record<string, Cell> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, cellOf(value)]));
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean' || value === undefined) return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return list(value);
  return JSON.stringify(value);
}

/** `2026-01-15T14:00:00.000Z` → `2026-01-15 14:00:00`. */
export const time = (value: string | null | undefined): Cell => value?.slice(0, 19).replace('T', ' ');

export const list = (values: readonly string[]): Cell => values.join(', ');
