import { readConfig } from '../config.ts';
import { migrate } from '../storage/migrate.ts';
import { type Reached, withDatabase } from './with-database.ts';

/** Brings the database to this release's schema. The server does the same when it starts. */
export function migrateDatabase(env: NodeJS.ProcessEnv): Promise<{ applied: string[]; reached: Reached }> {
  return withDatabase(
    readConfig(env),
    async (db, reached) => ({ applied: await migrate(db), reached }),
    'when missing',
  );
}
