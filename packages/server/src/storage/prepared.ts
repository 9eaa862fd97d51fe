import { CompiledQuery, type Kysely } from 'kysely';
import type pg from 'pg';
import type { Schema } from './schema.ts';

const namesByText = new Map<string, string>();
const pools = new WeakMap<Kysely<Schema>, pg.Pool>();

export const preparedName = (text: string): string | undefined => namesByText.get(text);

/** Lets prepared statements outside a transaction go straight to the pool. */
export const rememberPool = (db: Kysely<Schema>, pool: pg.Pool): void => void pools.set(db, pool);

export type PreparedStatement<Row> = (
  db: Kysely<Schema>,
  parameters: readonly unknown[],
) => Promise<{ rows: Row[] }>;

/**
 * A hand-written statement for a hot path: no query building per call, and one plan per connection.
 * @param name unique in the program; appears in pg_prepared_statements.
 */
export function prepared<Row extends object>(name: string, text: string): PreparedStatement<Row> {
  namesByText.set(text, name);
  return (db, parameters) => {
    const values = [...parameters];
    const pool = pools.get(db);
    if (pool) return pool.query<Row>({ name, text, values });
    return db.executeQuery<Row>(CompiledQuery.raw(text, values));
  };
}
