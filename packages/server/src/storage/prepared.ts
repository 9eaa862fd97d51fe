import { CompiledQuery, type QueryResult } from 'kysely';
import type { Database } from './database.ts';

const namesByText = new Map<string, string>();

export const preparedName = (text: string): string | undefined => namesByText.get(text);

export type PreparedStatement<Row> = (
  db: Database,
  parameters: readonly unknown[],
) => Promise<QueryResult<Row>>;

/**
 * A hand-written statement for a hot path: no query building per call, and one plan per connection.
 * @param name unique in the program; appears in pg_prepared_statements.
 */
export function prepared<Row>(name: string, text: string): PreparedStatement<Row> {
  namesByText.set(text, name);
  return (db, parameters) => db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
}
