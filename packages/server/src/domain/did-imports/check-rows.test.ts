import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FieldErrors } from '../../kernel/errors.ts';
import { updateDidInput } from '../dids/schemas.ts';
import { checkAnnotations } from './annotations.ts';
import type { Batch } from './batch.ts';
import { checkChunk } from './check-rows.ts';
import { readRange } from './ranges.ts';
import { CODES, UNDECIDED, unpackNumber } from './results.ts';
import type { Format } from './rows.ts';
import { SeenNumbers } from './seen-numbers.ts';

const NUMBERS: Format & { defaultCountry: string } = {
  format: 'csv',
  layout: { delimiter: ',', columns: ['number'] },
  defaultCountry: 'US',
};

const check = (body: string, { seen = new SeenNumbers(0), skip = 0 } = {}): Batch[] => [
  ...checkChunk({ body, firstRow: 1, skip }, NUMBERS, seen),
];

const numbersOf = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ numbers }) => [...numbers].map(unpackNumber));

describe('ranges', () => {
  it('are a pattern of X or both ends', () => {
    assert.deepEqual(readRange('+1555123XXXX'), {
      ok: true,
      range: { first: 15_551_230_000, count: 10_000, digits: 11 },
    });
    assert.deepEqual(readRange('+15551230010 - +15551230019'), {
      ok: true,
      range: { first: 15_551_230_010, count: 10, digits: 11 },
    });
    assert.equal(readRange('+15551234567'), undefined);
    assert.equal(readRange('+1555-1234567'), undefined);
  });

  for (const [why, text] of [
    ['more than 10,000 numbers', '+155512XXXXX'],
    ['more than 10,000 numbers', '+15551230000-+15551240000'],
    ['ends of different length', '+15551230000-+155512400000'],
    ['an end before the start', '+15551230001-+15551230000'],
    ['more than 15 digits', '+155512345678901XX'],
  ] as const) {
    it(`are invalid with ${why}: ${text}`, () => {
      const [batch] = check(text);
      assert.deepEqual([...(batch?.verdicts ?? [])], [CODES.invalid]);
      assert.ok(batch?.problems[0]?.errors?.number);
    });
  }

  it('hold exactly the numbers that match', () => {
    assert.deepEqual(
      numbersOf(check('+1202555012X')),
      Array.from({ length: 10 }, (_, i) => `+1202555012${i}`),
    );
  });

  it('say once what is wrong with all of them', () => {
    const [batch] = check('+44207946XXXX');
    assert.equal(batch?.verdicts.length, 1);
    assert.ok(batch?.problems[0]?.errors?.country_code);
  });

  it('come in batches of at most 5,000, and a chunk goes on where it was left', () => {
    const body = '+12025550000\n+1202556XXXX\n+12025550001\n';
    const whole = check(body);
    assert.deepEqual(
      whole.map(({ numbers }) => numbers.length),
      [5_000, 5_000, 2],
    );
    assert.deepEqual(
      whole.map(({ rowsDone, last }) => [rowsDone, last]),
      [
        [1, false],
        [0, false],
        [2, true],
      ],
    );
    for (const done of [1, 2]) {
      const skip = whole.slice(0, done).reduce((sum, { numbers }) => sum + numbers.length, 0);
      const rest = check(body, { skip });
      assert.deepEqual(numbersOf(rest), numbersOf(whole.slice(done)));
      assert.deepEqual(
        rest.map(({ rowsDone }) => rowsDone),
        whole.slice(done).map(({ rowsDone }) => rowsDone),
      );
    }
  });
});

describe('checking rows', () => {
  it('leaves the first of equal numbers to the database and names its row with the others', () => {
    const [batch] = check('+12025550123\n5551234\n+12025550123\n');
    assert.deepEqual([...(batch?.verdicts ?? [])], [UNDECIDED, CODES.invalid, CODES.duplicate_in_file]);
    assert.equal(batch?.problems.find(({ at }) => at === 2)?.first_row, 1);
    assert.equal(batch?.dids.numbers, '{+12025550123}');
  });

  it('suggests the E.164 form', () => {
    const [batch] = check('(202) 555-0123\n');
    assert.deepEqual(batch?.problems[0]?.suggestion, { number: '+12025550123' });
    assert.equal(batch?.problems[0]?.written, '(202) 555-0123');
  });

  it('has the rules of PATCH for label, note and tags', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\u0000',
      '\u001f',
      '\ud800',
      'é',
      'x'.repeat(60),
      'y'.repeat(250),
    );
    const value = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    const notBlank = value.filter((each) => each.trim() !== '');
    fc.assert(
      fc.property(
        fc.option(notBlank),
        fc.option(notBlank),
        fc.array(notBlank, { maxLength: 60 }),
        (label, note, tags) => {
          const errors: FieldErrors = {};
          const ours = checkAnnotations({ label, note, tags }, errors);
          const theirs = updateDidInput.safeParse({ label, note, tags });
          // Repeated tags count once here and each there, before they are made unique.
          if (new Set(tags.map((tag) => tag.trim())).size !== tags.length) return;
          assert.equal(Object.keys(errors).length === 0, theirs.success);
          if (!theirs.success) return;
          assert.deepEqual(ours, {
            label: theirs.data.label ?? null,
            note: theirs.data.note ?? null,
            tags: theirs.data.tags,
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('SeenNumbers', () => {
  it('remembers the first row of every number', () => {
    const entry = fc.tuple(
      fc.integer({ min: 1_000_000, max: 1_003_000 }),
      fc.integer({ min: 1, max: 1_000_000 }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 2_000 }), fc.nat(1_000), (entries, expected) => {
        const seen = new SeenNumbers(expected);
        const model = new Map<number, number>();
        for (const [number, row] of entries) {
          assert.equal(seen.add(number, row), model.get(number) ?? 0);
          if (!model.has(number)) model.set(number, row);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('grows, and tells numbers apart that differ above 32 bits', () => {
    const seen = new SeenNumbers(0);
    for (let i = 1; i <= 20_000; i += 1) assert.equal(seen.add(i * 0x1_0000_0000 + 7, i), 0);
    for (let i = 1; i <= 20_000; i += 1) assert.equal(seen.add(i * 0x1_0000_0000 + 7, 1), i);
  });
});
