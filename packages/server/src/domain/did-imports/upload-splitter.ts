import { isUtf8 } from 'node:buffer';
import { type FieldErrors, validationError } from '../../kernel/errors.ts';
import { type CsvLayout, readLayout } from './layout.ts';
import { RECORD_BYTES_MAX } from './limits.ts';
import { type Chunk, RecordCutter, RecordTooLong } from './record-cutter.ts';

const LF = 0x0a;
const QUOTE = 0x22;
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const BOM_BYTES = UTF8_BOM.length;

const refuse = (sentence: string): Error => validationError({ body: [sentence] });

/**
 * Turns the pieces of an upload into chunks of whole records: takes the byte order mark off, reads the
 * CSV layout, and refuses what no row-by-row verdict could explain.
 * @throws VALIDATION_ERROR from every method
 */
export class UploadSplitter {
  readonly #format: 'csv' | 'ndjson';
  #cutter: RecordCutter | undefined;
  /** What came before the layout is known; NDJSON needs only enough to see a byte order mark. */
  #head = Buffer.alloc(0);
  layout: CsvLayout | undefined;

  constructor(format: 'csv' | 'ndjson') {
    this.#format = format;
  }

  push(piece: Buffer): Chunk[] {
    return this.#cutter ? this.#cut(this.#cutter, piece) : this.#begin(piece, false);
  }

  end(): Chunk[] {
    const chunks = this.#cutter ? [] : this.#begin(Buffer.alloc(0), true);
    const last = this.#cutter?.end();
    return last ? [...chunks, checked(last)] : chunks;
  }

  #cut(cutter: RecordCutter, piece: Buffer): Chunk[] {
    try {
      return cutter.push(piece).map(checked);
    } catch (error) {
      if (!(error instanceof RecordTooLong)) throw error;
      throw refuse(`Row ${error.row} is longer than 64 KiB. Is a closing quote missing?`);
    }
  }

  #begin(piece: Buffer, ended: boolean): Chunk[] {
    this.#head = Buffer.concat([this.#head, piece]);
    if (!ended && this.#head.length < BOM_BYTES) return [];
    const text = withoutBom(this.#head);
    if (this.#format === 'ndjson') {
      this.#cutter = new RecordCutter(undefined, 1);
      return this.#cut(this.#cutter, text);
    }
    const first = firstRecord(text, ended);
    if (!first) return [];
    const { layout, restFrom, row } = layoutOf(text, first);
    this.layout = layout;
    this.#cutter = new RecordCutter(layout.delimiter, row);
    return this.#cut(this.#cutter, text.subarray(restFrom));
  }
}

function withoutBom(head: Buffer): Buffer {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xff_fe || mark === 0xfe_ff) throw refuse('The file is UTF-16. Save it as UTF-8.');
  return head.subarray(0, BOM_BYTES).equals(UTF8_BOM) ? head.subarray(BOM_BYTES) : head;
}

type FirstRecord = { start: number; end: number; row: number };

/** Where the first record that is not blank stands; undefined while it has not all arrived. */
function firstRecord(text: Buffer, ended: boolean): FirstRecord | undefined {
  let start = 0;
  let row = 1;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === QUOTE) quoted = !quoted;
    if (text[i] !== LF || quoted) continue;
    if (text.toString('utf8', start, i).trim() !== '') return { start, end: i + 1, row };
    start = i + 1;
    row += 1;
  }
  if (text.length - start > RECORD_BYTES_MAX) {
    throw refuse('The first row is longer than 64 KiB. Is a closing quote missing?');
  }
  return ended ? { start, end: text.length, row } : undefined;
}

function layoutOf(text: Buffer, first: FirstRecord): { layout: CsvLayout; restFrom: number; row: number } {
  const record = text.subarray(first.start, first.end);
  if (!isUtf8(record)) throw refuse('The first row is not UTF-8. Save the file as UTF-8.');
  if (record.toString().trim() === '') throw refuse('The file has no rows.');
  const found = readLayout(record.toString());
  if (!found.ok) throw validationError(headerErrors(found.errors));
  return found.hasHeader
    ? { layout: found.layout, restFrom: first.end, row: first.row + 1 }
    : { layout: found.layout, restFrom: first.start, row: first.row };
}

/** `columns.note` and the like: the fields of this request are the columns of its file. */
const headerErrors = (errors: FieldErrors): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([column, list]) => [`columns.${column}`, list]));

/** PostgreSQL keeps no NUL in a text, and no text has one. Another encoding would put wrong letters into labels without a word; so it is refused as a whole. */
function checked(chunk: Chunk): Chunk {
  if (chunk.body.includes(0)) throw refuse('The file has NUL characters: it is no text in UTF-8.');
  if (isUtf8(chunk.body)) return chunk;
  let row = chunk.firstRow;
  for (let at = 0; at < chunk.body.length; row += 1) {
    const lineEnd = chunk.body.indexOf(LF, at);
    const end = lineEnd === -1 ? chunk.body.length : lineEnd + 1;
    if (!isUtf8(chunk.body.subarray(at, end))) break;
    at = end;
  }
  throw refuse(`Row ${row} or one near it is not UTF-8. Save the file as UTF-8.`);
}
