import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Database, openDatabase } from '../storage/database.ts';
import { startEmbeddedPostgres } from '../storage/embedded/embedded.ts';
import { migrate } from '../storage/migrate.ts';

type Address = { host: string; port: number; user: string };

/** Set by `scripts/test.ts`: one PostgreSQL for the whole run, so that each file only clones. */
const SHARED = 'TRONCO_TEST_POSTGRES';
const TEMPLATE = 'tronco_template';

export type TestPostgres = {
  /** A migrated database of its own. */
  clone(): Promise<{ db: Database; settings: Address & { database: string } }>;
  /** An empty database of its own. */
  empty(): Promise<Address & { database: string }>;
  stop(): Promise<void>;
};

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** Starts a PostgreSQL for a whole run and prepares the template. */
export async function startSharedPostgres(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tronco-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: quiet });
  const address = pick(postgres.connection);
  await prepareTemplate(address);
  return {
    env: { [SHARED]: JSON.stringify(address) },
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const pick = ({ host, port, user }: Address): Address => ({ host, port, user });

async function prepareTemplate(address: Address): Promise<void> {
  await onServer(address, `CREATE DATABASE ${TEMPLATE}`);
  const db = openDatabase({ ...address, database: TEMPLATE }, () => {});
  await migrate(db);
  await db.destroy();
}

async function onServer(address: Address, statement: string): Promise<void> {
  const client = new pg.Client({ ...address, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The run's PostgreSQL, or one of this file's own when the file is run alone. */
export async function testPostgres(): Promise<TestPostgres> {
  const given = process.env[SHARED];
  const own = given === undefined ? await startSharedPostgres() : undefined;
  const address = JSON.parse(given ?? own?.env[SHARED] ?? '') as Address;
  const made: { name: string; db?: Database }[] = [];
  const create = async (template: string): Promise<string> => {
    const name = `test_${randomBytes(8).toString('hex')}`;
    await onServer(address, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY wal_log`);
    return name;
  };
  return {
    async clone() {
      const name = await create(TEMPLATE);
      const settings = { ...address, database: name };
      const db = openDatabase(settings, () => {});
      made.push({ name, db });
      return { db, settings };
    },
    async empty() {
      const name = await create('template0');
      made.push({ name });
      return { ...address, database: name };
    },
    async stop() {
      await Promise.all(made.map(({ db }) => db?.destroy()));
      for (const { name } of made) await onServer(address, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await own?.stop();
    },
  };
}
