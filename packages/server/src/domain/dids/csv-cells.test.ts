import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../did-imports/csv.ts';
import { csvField, guardFormula, joinTags, splitTags, unguardFormula } from './csv-cells.ts';

const text = fc
  .array(fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\\', 'a', 'é', '\n', '\t'), {
    maxLength: 10,
  })
  .map((parts) => parts.join(''));

describe('CSV cells', () => {
  it('never begin with what a spreadsheet runs', () => {
    for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', "'=1"]) {
      assert.match(guardFormula(formula), /^'/);
    }
    assert.equal(guardFormula('a=1'), 'a=1');
  });

  it('come back as they were, through quoting and guarding', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const line = [a, b].map((each) => csvField(guardFormula(each))).join(',');
        const [record] = parseCsv(`${line}\r\n`, ',');
        assert.deepEqual(record?.fields.map(unguardFormula), [a, b]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('hold any list of tags', () => {
    const tags = fc.array(
      text.filter((tag) => tag !== ''),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(tags, (list) => assert.deepEqual(splitTags(joinTags(list)), list)),
      { numRuns: 1_000 },
    );
  });

  it('leave a backslash alone that escapes nothing', () => {
    assert.deepEqual(splitTags(String.raw`a\b;c`), [String.raw`a\b`, 'c']);
  });
});
