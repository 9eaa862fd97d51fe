import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from './csv.ts';
import type { Chunk } from './record-cutter.ts';
import { readRows, type Row } from './rows.ts';
import { UploadSplitter } from './upload-splitter.ts';

const COLUMNS = ['number', 'label', 'note'] as const;

/** Cuts the bytes at the given places, wherever they fall. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
}

function readAll(format: 'csv' | 'ndjson', stream: readonly Buffer[]): { rows: Row[]; chunks: Chunk[] } {
  const splitter = new UploadSplitter(format);
  const chunks = [...stream.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  const settings = splitter.layout
    ? ({ format: 'csv', layout: splitter.layout } as const)
    : ({ format: 'ndjson' } as const);
  const rows = chunks.flatMap((chunk) => [...readRows(chunk.body.toString(), chunk.firstRow, settings)]);
  return { rows, chunks };
}

/** What a cell may hold: quotes, delimiters, line ends, letters of several bytes. */
const cell = fc
  .array(fc.constantFrom('a', 'é', '名', '📞', ' ', '"', ',', ';', '\t', '\n', '\r', '+1', "'"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));
const record = fc.record({ number: fc.constantFrom('+15551234567', '1', 'x y'), label: cell, note: cell });
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('reading CSV', () => {
  it('gives back any records, wherever the byte stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat()),
        (records, delimiter, lineEnd, bom, lastEnds, cuts) => {
          const lines = [
            COLUMNS.join(delimiter),
            ...records.map((each) => COLUMNS.map((name) => quote(each[name])).join(delimiter)),
          ];
          const text = (bom ? '\ufeff' : '') + lines.join(lineEnd) + (lastEnds ? lineEnd : '');
          const { rows, chunks } = readAll('csv', pieces(Buffer.from(text), cuts));
          assert.deepEqual(
            rows.map(({ row, number, label, note }) => ({ row, number, label, note })),
            records.map((each, i) => ({
              row: i + 2,
              number: each.number,
              // An apostrophe before a plus is what an export puts there; see csv-cells.test.ts.
              label: each.label.replace(/^'(?='*[+\t\r])/, ''),
              note: each.note.replace(/^'(?='*[+\t\r])/, ''),
            })),
          );
          assert.equal(
            chunks.reduce((sum, { rowCount }) => sum + rowCount, 0),
            rows.length,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('cuts and parses any bytes alike, so that every row of a chunk is counted', () => {
    const text = fc
      .array(fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', ' ', 'a', '+1', ';'), { maxLength: 60 })
      .map((parts) => `number,label\n${parts.join('')}`);
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
        const { rows, chunks } = readAll('csv', pieces(Buffer.from(whole), cuts));
        assert.equal(
          chunks.reduce((sum, { rowCount }) => sum + rowCount, 0),
          rows.length,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads NDJSON wherever the byte stream is cut', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.array(fc.nat()), (records, cuts) => {
        const text = records.map((each) => `${JSON.stringify(each)}\n`).join('');
        const { rows } = readAll('ndjson', pieces(Buffer.from(text), cuts));
        assert.deepEqual(
          rows.map(({ number, label, note }) => ({ number, label, note })),
          records.map((each) => ({ ...each })),
        );
      }),
    );
  });

  it('numbers rows as the file does: header and blank lines count, and give no row', () => {
    const { rows } = readAll('csv', [Buffer.from('\nnumber;label\r\n\r\n+1;a\n;\n  \n+2;b')]);
    assert.deepEqual(
      rows.map(({ row, number }) => [row, number]),
      [
        [4, '+1'],
        [7, '+2'],
      ],
    );
  });

  it('takes a list without a header row', () => {
    const { rows } = readAll('csv', [Buffer.from('+15551234567\n+15551234568')]);
    assert.deepEqual(
      rows.map(({ row, number }) => [row, number]),
      [
        [1, '+15551234567'],
        [2, '+15551234568'],
      ],
    );
  });

  it('says what is wrong with quotes, and goes on with the next record', () => {
    assert.deepEqual(
      [...parseCsv('"a"b,c\nd,e\n"f', ',')].map(({ fields, malformed }) => [fields, malformed !== undefined]),
      [
        [['a', 'c'], true],
        [['d', 'e'], false],
        [['f'], true],
      ],
    );
  });
});

describe('refusing a whole file', () => {
  const refusal = (bytes: string | Buffer, format: 'csv' | 'ndjson' = 'csv'): Record<string, string[]> => {
    try {
      readAll(format, [Buffer.from(bytes)]);
    } catch (error) {
      return (error as { errors: Record<string, string[]> }).errors;
    }
    throw new Error('it was accepted');
  };

  it('names unknown, repeated and missing columns, all at once', () => {
    assert.deepEqual(Object.keys(refusal('numero,label,label\n1,a,b\n')).toSorted(), [
      'columns.label',
      'columns.number',
      'columns.numero',
    ]);
  });

  it('reads header names in any case', () => {
    const { rows } = readAll('csv', [Buffer.from('NUMBER,Country Code\n+1,US\n')]);
    assert.equal(rows[0]?.country, 'US');
  });

  it('refuses other encodings and says where', () => {
    assert.match(refusal(Buffer.from('\ufeffnumber\n', 'utf16le')).body?.[0] ?? '', /UTF-16/);
    assert.match(refusal('number,label\n+1,a\0\n').body?.[0] ?? '', /NUL/);
    const latin1 = Buffer.concat([Buffer.from('number,label\n+1,a\n+2,'), Buffer.from([0xe9, 0x0a])]);
    assert.match(refusal(latin1).body?.[0] ?? '', /^Row 3 /);
  });

  it('refuses a record that never ends, before it fills the memory', () => {
    assert.match(refusal(`number,label\n+1,a\n+2,"${'x\n'.repeat(40_000)}`).body?.[0] ?? '', /^Row 3 /);
    assert.match(refusal('x'.repeat(70_000)).body?.[0] ?? '', /first row/);
    assert.match(refusal('x'.repeat(70_000), 'ndjson').body?.[0] ?? '', /^Row 1 /);
  });
});
