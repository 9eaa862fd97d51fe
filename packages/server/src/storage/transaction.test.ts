import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type TestPostgres, testPostgres } from '../testing/postgres.ts';
import type { Database } from './database.ts';
import { afterCommit, inTransaction } from './transaction.ts';

describe('afterCommit', () => {
  let postgres: TestPostgres;
  let db: Database;
  before(async () => {
    postgres = await testPostgres();
    ({ db } = await postgres.clone());
  });
  after(() => postgres.stop());

  it('waits for the outermost transaction', async () => {
    const seen: string[] = [];
    await inTransaction(db, async (outer) => {
      await inTransaction(outer, async (inner) => afterCommit(inner, () => seen.push('committed')));
      seen.push('inside');
    });
    assert.deepEqual(seen, ['inside', 'committed']);
  });

  it('does not call back after a rollback', async () => {
    const seen: string[] = [];
    const failing = inTransaction(db, async (tx) => {
      afterCommit(tx, () => seen.push('committed'));
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(seen, []);
  });

  it('calls back once when the transaction had to be tried again', async () => {
    const seen: number[] = [];
    let attempt = 0;
    await inTransaction(db, async (tx) => {
      attempt += 1;
      const mine = attempt;
      afterCommit(tx, () => seen.push(mine));
      if (mine === 1) throw Object.assign(new Error('could not serialize'), { code: '40001' });
    });
    assert.deepEqual(seen, [2]);
  });

  it('calls back at once outside a transaction', () => {
    let called = false;
    afterCommit(db, () => {
      called = true;
    });
    assert.ok(called);
  });
});
