import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { preparedName, rememberPool } from './prepared.ts';
import type { Schema } from './schema.ts';

/** The pool, or the transaction that a verb joined: verbs cannot tell and need not. */
export type Database = Kysely<Schema>;

export type ConnectionSettings = string | { host: string; port: number; user: string; database: string };

const POOL_MAX = 10;

/**
 * Opens a pool of at most 10 connections. Statements made with `prepared()` are sent by name, so that
 * PostgreSQL parses and plans them once per connection.
 */
export function openDatabase(settings: ConnectionSettings, onIdleError: (error: Error) => void): Database {
  const connection = typeof settings === 'string' ? { connectionString: settings } : settings;
  const pool = new pg.Pool({
    ...connection,
    max: POOL_MAX,
    application_name: 'tronco',
    connectionTimeoutMillis: 5_000,
  });
  // A server that goes away breaks idle connections: the pool drops them, nobody must crash for it.
  pool.on('error', onIdleError);
  // The pool listens only while a connection is idle. One that breaks between two statements of a
  // transaction tells nobody else, and an error event that nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => namingClient(await pool.connect()),
        end: () => pool.end(),
        options: {},
      },
    }),
  });
  rememberPool(db, pool);
  return db;
}

/** Kysely sends bare text; this adds the statement name where the text is a prepared one. */
function namingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: unknown, values?: readonly unknown[]): unknown => {
    const name = typeof text === 'string' ? preparedName(text) : undefined;
    if (name === undefined) return Reflect.apply(client.query, client, [text, values]);
    return client.query({ name, text: text as string, values: values ? [...values] : [] });
  };
  return { query, release: () => client.release() } as PostgresPoolClient;
}
