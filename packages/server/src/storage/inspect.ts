import { sql } from 'kysely';
import type { Database } from './database.ts';
import { knownMigrations } from './migrate.ts';

export type DatabaseFacts = {
  /** e.g. `18.4`. */
  version: string;
  /** e.g. 180004. */
  versionNumber: number;
  now: Date;
  /** Migrations of this release that the database does not have yet. */
  pending: string[];
  /** Migrations that the database has and this release does not know. */
  unknown: string[];
  /** The sealed mark of the master key; undefined before the first start. */
  keyCheck: string | undefined;
};

/** Reads, and changes nothing: also on a database that nothing was done to yet. */
export async function inspectDatabase(db: Database): Promise<DatabaseFacts> {
  const { rows } = await sql<{
    version: string;
    number: number;
    now: Date;
    migrated: boolean;
    marked: boolean;
  }>`
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
      clock_timestamp() AS now, to_regclass('kysely_migration') IS NOT NULL AS migrated,
      to_regclass('installation') IS NOT NULL AS marked`.execute(db);
  const [facts] = rows;
  if (!facts) throw new Error('the database answered nothing');
  const applied = facts.migrated
    ? (await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)).rows.map(
        ({ name }) => name,
      )
    : [];
  const known = await knownMigrations();
  const mark = facts.marked
    ? await db.selectFrom('installation').select('key_check').executeTakeFirst()
    : undefined;
  return {
    version: facts.version,
    versionNumber: facts.number,
    now: facts.now,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
    keyCheck: mark?.key_check,
  };
}
