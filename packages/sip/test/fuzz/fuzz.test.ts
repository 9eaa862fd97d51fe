import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

/** A million in CI; a tenth of it where somebody waits for the result. `TRONCO_FUZZ_MESSAGES` overrides. */
const COUNT = Number(process.env['TRONCO_FUZZ_MESSAGES'] ?? (process.env['CI'] ? 1_000_000 : 100_000));

test(`${COUNT} mutated messages: no throw, no hang, no growth`, () => {
  const report = fuzz(COUNT);
  assert.equal(report.messages, COUNT);
  // Mutations that only ever broke the message would not reach what lies behind the parser.
  assert.ok(report.accepted > COUNT / 20, `only ${report.accepted} were accepted`);
});
