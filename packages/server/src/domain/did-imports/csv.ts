/** One record: its fields, and what is wrong with its quotes. */
export type CsvRecord = { fields: string[]; malformed?: string; blank?: true };

const STRAY_QUOTE = 'The row has text after a closing quote. Double the quotes inside a quoted field.';
const OPEN_QUOTE = 'The row has a quoted field that does not end.';

/**
 * Records of RFC 4180, one after another; blank lines are marked. A quote opens a field
 * only as its first character; elsewhere it is text, as spreadsheets read it.
 */
export function* parseCsv(text: string, delimiter: string): Generator<CsvRecord> {
  let at = 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const quote = text.indexOf('"', at);
    if (quote === -1 || quote >= lineEnd) {
      const fields = withoutReturn(text.slice(at, lineEnd)).split(delimiter);
      yield fields.every(isBlank) ? { fields, blank: true } : { fields };
      at = lineEnd + 1;
    } else {
      const { record, next } = quotedRecord(text, at, delimiter);
      yield record;
      at = next;
    }
  }
}

const isBlank = (field: string): boolean => /^[ \t\r]*$/.test(field);

const endOfLine = (text: string, from: number): number => {
  const found = text.indexOf('\n', from);
  return found === -1 ? text.length : found;
};

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function quotedRecord(text: string, from: number, delimiter: string): { record: CsvRecord; next: number } {
  const record: CsvRecord = { fields: [] };
  let at = from;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at, delimiter) : plainField(text, at, delimiter);
    record.fields.push(field.value);
    if (field.malformed !== undefined) record.malformed ??= field.malformed;
    if (text[field.end] !== delimiter) return { record, next: field.end + 1 };
    at = field.end + 1;
  }
}

/** `end` is where the delimiter or the line end stands, or the length of the text. */
type Field = { value: string; end: number; malformed?: string };

function plainField(text: string, from: number, delimiter: string): Field {
  const lineEnd = endOfLine(text, from);
  const found = text.indexOf(delimiter, from);
  if (found !== -1 && found < lineEnd) return { value: text.slice(from, found), end: found };
  return { value: withoutReturn(text.slice(from, lineEnd)), end: lineEnd };
}

function quotedField(text: string, from: number, delimiter: string): Field {
  let value = '';
  let at = from + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close === -1) return { value: value + text.slice(at), end: text.length, malformed: OPEN_QUOTE };
    value += text.slice(at, close);
    if (text[close + 1] !== '"') {
      const rest = plainField(text, close + 1, delimiter);
      return rest.value === '' ? { value, end: rest.end } : { ...rest, value, malformed: STRAY_QUOTE };
    }
    value += '"';
    at = close + 2;
  }
}
