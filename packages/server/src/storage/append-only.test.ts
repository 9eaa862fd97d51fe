import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../kernel/ids.ts';
import { type TestPostgres, testPostgres } from '../testing/postgres.ts';
import { appendEvent } from './events.ts';

const SOURCE = new URL('../', import.meta.url);
const CHANGES = /(update|delete from|truncate|merge into|alter table)\W+(table\W+|only\W+)?events\b/i;
const BUILDER_CHANGES = /(updateTable|deleteFrom|mergeInto|replaceInto)\(\s*['"`]events\b/;

describe('The audit log is append-only', () => {
  let postgres: TestPostgres;
  before(async () => {
    postgres = await testPostgres();
  });
  after(() => postgres.stop());

  it('in the source: no statement changes or removes an event', async () => {
    const offenders: string[] = [];
    for await (const file of glob('**/*.{ts,sql}', { cwd: SOURCE })) {
      if (file.endsWith('append-only.test.ts')) continue;
      const text = await readFile(new URL(file, SOURCE), 'utf8');
      if (CHANGES.test(text) || BUILDER_CHANGES.test(text)) offenders.push(file);
    }
    assert.deepEqual(offenders, []);
  });

  it('in the database: not even the owner of the table can change or remove an event', async () => {
    const { db } = await postgres.clone();
    const { rows } = await sql<{ owner: boolean; superuser: boolean }>`
      SELECT tableowner = current_user AS owner, rolsuper AS superuser
      FROM pg_tables, pg_roles WHERE tablename = 'events' AND rolname = current_user`.execute(db);
    assert.deepEqual(rows, [{ owner: true, superuser: false }]);
    await appendEvent(db, {
      environmentId: newId(),
      type: 'did.created',
      subjectType: 'did',
      subjectId: newId(),
      actor: { type: 'system', name: 'test' },
      requestId: 'test',
      at: new Date(),
    });
    for (const statement of [`UPDATE events SET type = 'x'`, 'DELETE FROM events', 'TRUNCATE events']) {
      await assert.rejects(sql.raw(statement).execute(db), { code: '42501' }, statement);
    }
    assert.equal((await db.selectFrom('events').selectAll().execute()).length, 1);
  });
});
