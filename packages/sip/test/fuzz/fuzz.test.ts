import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

/** 1,000,000 in CI (`TRONCO_FUZZ_MESSAGES`); a share of it where somebody waits for the result. */
const COUNT = Number(process.env['TRONCO_FUZZ_MESSAGES'] ?? 100_000);

test(`${COUNT} mutated messages: no throw, no hang, no growth`, () => {
  const report = fuzz(COUNT);
  assert.equal(report.messages, COUNT);
  // Mutations that only ever broke the message would not reach what lies behind the parser.
  assert.ok(report.accepted > COUNT / 20, `only ${report.accepted} were accepted`);
});
