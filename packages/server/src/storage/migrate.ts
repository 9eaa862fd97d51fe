import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Numbered forward-only `.sql` files; each runs in the migrator's transaction under its lock. */
const sqlFiles = (folder: URL): MigrationProvider => ({
  async getMigrations() {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted();
    const entries = files.map(async (file): Promise<[string, Migration]> => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return [file.replace(/\.sql$/, ''), { up: async (db) => void (await sql.raw(text).execute(db)) }];
    });
    return Object.fromEntries(await Promise.all(entries));
  },
});

/**
 * Brings the schema to `target` (default: newest). Any number of processes may call this at once:
 * one applies the files, the others wait and find nothing to do.
 * @param folder another release's files, for tests
 * @returns the names applied by this call.
 */
export async function migrate(db: Database, target?: string, folder: URL = FOLDER): Promise<string[]> {
  const migrator = new Migrator({ db, provider: sqlFiles(folder) });
  const { error, results } = target ? await migrator.migrateTo(target) : await migrator.migrateToLatest();
  if (error) throw new Error(`Migration failed: ${describe(error)}`, { cause: error });
  return (results ?? []).filter((result) => result.status === 'Success').map((r) => r.migrationName);
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!/corrupted migrations/.test(message)) return message;
  return `the database was migrated by a newer release of Tronco; start that release (${message})`;
}

/** Names of the migrations in this release, oldest first. */
export const knownMigrations = async (): Promise<string[]> =>
  Object.keys(await sqlFiles(FOLDER).getMigrations()).toSorted();
