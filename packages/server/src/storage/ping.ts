import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Whether the database answers. */
export async function ping(db: Database): Promise<boolean> {
  try {
    await sql`SELECT 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}

/** Thrown at the start only; its message is one line for a person and holds no password. */
export class DatabaseUnreachable extends Error {}

/**
 * The first thing asked of a database, so that a wrong address is told as such.
 * @throws DatabaseUnreachable
 */
export async function requireDatabase(db: Database): Promise<void> {
  try {
    await sql`SELECT 1`.execute(db);
  } catch (error) {
    throw new DatabaseUnreachable(`The database at DATABASE_URL cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** A host name with several addresses fails with one error per address and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
