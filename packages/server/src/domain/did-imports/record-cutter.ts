import { CHUNK_BYTES_MAX, CHUNK_ROWS_MAX, RECORD_BYTES_MAX } from './limits.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

const FIELD_START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSING = 3;

/** A run of whole records. */
export type Chunk = {
  /** Number of its first record in the file, from 1; the header and blank lines count. */
  firstRow: number;
  /** Records that are not blank; a line of nothing but delimiters is blank as well. */
  rowCount: number;
  body: Buffer;
};

export class RecordTooLong extends Error {
  readonly row: number;
  constructor(row: number) {
    super(`record ${row} is too long`);
    this.row = row;
  }
}

/**
 * Cuts a byte stream into chunks at record ends, wherever the pieces of the stream happen to end.
 * With a delimiter the records are CSV: a line end between quotes belongs to its field (RFC 4180 §2).
 * Must agree with `parseCsv` on what a record and a blank one is.
 * Works on bytes: in UTF-8 no byte of a longer character looks like a quote, delimiter or line end.
 */
export class RecordCutter {
  readonly #delimiter: number;
  #state = FIELD_START;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #recordBytes = 0;
  #blank = true;
  #firstRow: number;
  #row: number;
  #rowCount = 0;

  /** @param delimiter of CSV; undefined: every line is a record. */
  constructor(delimiter: string | undefined, firstRow: number) {
    this.#delimiter = delimiter?.charCodeAt(0) ?? -1;
    this.#firstRow = firstRow;
    this.#row = firstRow;
  }

  /** @throws RecordTooLong */
  push(piece: Buffer): Chunk[] {
    const chunks: Chunk[] = [];
    let start = 0;
    for (let i = 0; i < piece.length; i += 1) {
      if (!this.#endsRecord(piece[i] ?? 0)) continue;
      if (!this.#isFull(i + 1 - start)) continue;
      this.#keep(piece.subarray(start, i + 1));
      start = i + 1;
      chunks.push(this.#cut());
    }
    if (start < piece.length) this.#keep(piece.subarray(start));
    return chunks;
  }

  /** The records that are left; the last one needs no line end. */
  end(): Chunk | undefined {
    if (!this.#blank) this.#rowCount += 1;
    return this.#rowCount > 0 ? this.#cut() : undefined;
  }

  #endsRecord(byte: number): boolean {
    this.#recordBytes += 1;
    if (byte === LF && this.#state !== QUOTED) {
      if (!this.#blank) this.#rowCount += 1;
      this.#row += 1;
      this.#recordBytes = 0;
      this.#blank = true;
      this.#state = FIELD_START;
      return true;
    }
    if (this.#recordBytes > RECORD_BYTES_MAX) throw new RecordTooLong(this.#row);
    if (byte !== CR && byte !== SPACE && byte !== TAB && byte !== this.#delimiter) this.#blank = false;
    if (this.#delimiter !== -1) this.#state = this.#next(byte);
    return false;
  }

  /** Must agree with `parseCsv`: a quote opens a field only as its first character. */
  #next(byte: number): number {
    if (this.#state === QUOTED) return byte === QUOTE ? CLOSING : QUOTED;
    if (byte === this.#delimiter) return FIELD_START;
    if (byte !== QUOTE) return PLAIN;
    return this.#state === PLAIN ? PLAIN : QUOTED;
  }

  #isFull(newBytes: number): boolean {
    return this.#rowCount >= CHUNK_ROWS_MAX || this.#bytes + newBytes >= CHUNK_BYTES_MAX;
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  #cut(): Chunk {
    const chunk = {
      firstRow: this.#firstRow,
      rowCount: this.#rowCount,
      body: Buffer.concat(this.#pieces),
    };
    this.#pieces = [];
    this.#bytes = 0;
    this.#rowCount = 0;
    this.#firstRow = this.#row;
    return chunk;
  }
}
