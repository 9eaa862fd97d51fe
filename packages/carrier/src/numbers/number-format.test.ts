import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PROFILES } from '../profiles/all.ts';
import { type DialPlan, DIAL_PLANS } from './dial-plan.ts';
import { formatNumber, isE164, type NumberFormat, type NumberStyle, readNumber } from './number-format.ts';

const STYLES: readonly NumberStyle[] = ['+e164', 'e164', '00', 'national'];

/** Any number, half of them in the country of the plan and of a length that is right there. */
function numbersOf(plan: DialPlan): fc.Arbitrary<string> {
  const digits = (min: number, max: number): fc.Arbitrary<string> =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));
  const domestic = fc
    .constantFrom(...plan.nationalLengths)
    .chain((length) => digits(length, length))
    .map((rest) => `+${plan.countryCode}${rest}`);
  const anywhere = fc
    .tuple(fc.integer({ min: 1, max: 9 }), digits(6, 14))
    .map(([first, rest]) => `+${first}${rest}`);
  return fc.oneof(domestic, anywhere);
}

describe('number formats', () => {
  for (const { name, dialPlan } of PROFILES) {
    test(`a number written by ${name} in any style, with any prefix, reads as the same number`, () => {
      const prefixes = fc.constantFrom(undefined, '', '9876', '00#', '0011');
      fc.assert(
        fc.property(
          numbersOf(dialPlan),
          fc.constantFrom(...STYLES),
          prefixes,
          (number, style, techPrefix) => {
            const format: NumberFormat = { style, techPrefix };
            const read = readNumber(formatNumber(number, format, dialPlan), [format], dialPlan);
            assert.deepEqual(read, { ok: true, number, style });
          },
        ),
      );
    });
  }

  test('nothing is read as a number that is none', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...STYLES), (text, style) => {
        const read = readNumber(text, [{ style }], DIAL_PLANS.brazil);
        assert.ok(!read.ok || isE164(read.number));
      }),
      { numRuns: 1_000 },
    );
  });

  test('numbers look as they are dialled', () => {
    const write = (number: string, style: NumberStyle, plan: DialPlan): string =>
      formatNumber(number, { style }, plan);
    assert.equal(write('+12025550100', 'national', DIAL_PLANS.nanp), '2025550100');
    assert.equal(write('+442079460001', 'national', DIAL_PLANS.nanp), '011442079460001');
    assert.equal(write('+442079460001', 'national', DIAL_PLANS.unitedKingdom), '02079460001');
    assert.equal(write('+5511987654321', 'national', DIAL_PLANS.brazil), '11987654321');
    assert.equal(write('+12025550100', 'national', DIAL_PLANS.brazil), '0012025550100');
    assert.equal(write('+12025550100', '00', DIAL_PLANS.nanp), '0012025550100');
  });

  test('a Brazilian number is understood with the code of a long-distance carrier, with 0 alone, and bare', () => {
    for (const text of ['01511987654321', '011987654321', '11987654321']) {
      const read = readNumber(text, [{ style: 'national' }], DIAL_PLANS.brazil);
      assert.equal(read.ok && read.number, '+5511987654321');
    }
  });

  test('a number in another format says which ones are accepted', () => {
    const formats: readonly NumberFormat[] = [{ style: '+e164' }, { style: 'national', techPrefix: '77' }];
    const read = readNumber('0207', formats, DIAL_PLANS.unitedKingdom);
    assert.deepEqual(read, {
      ok: false,
      detail: '"0207" is not written as +E.164 or 77 followed by a national number',
    });
  });
});
