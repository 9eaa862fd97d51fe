import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown, tableLines } from './output.ts';
import { progressLine } from './progress-bar.ts';

test('a table has a heading, aligned columns and no trailing spaces', () => {
  const rows = [
    { name: 'a', active: true },
    { name: 'longer', active: null },
  ];
  assert.deepEqual(tableLines(rows, { name: (row) => row.name, active: (row) => row.active }), [
    'NAME    ACTIVE',
    'a       yes',
    'longer  -',
  ]);
});

test('escape sequences in someone’s text reach no terminal', () => {
  assert.equal(shown('a\u001b[2Jb\nc\u009b1m'), 'a\u{fffd}[2Jb\u{fffd}c\u{fffd}1m');
});

test('a progress line shows share, counts and speed, also when the total is unknown or zero', () => {
  assert.equal(
    progressLine('importing', { done: 5_000, total: 10_000, perSecond: 25_000 }),
    'importing [############------------]  50%  5,000 of 10,000, 25,000/s',
  );
  assert.equal(progressLine('uploading', { done: 1_024, total: undefined }), 'uploading  1,024');
  assert.equal(progressLine('x', { done: 0, total: 0 }), `x [${'#'.repeat(24)}] 100%  0 of 0`);
});
