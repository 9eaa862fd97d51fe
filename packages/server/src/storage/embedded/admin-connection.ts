import { Client } from 'pg';
import { errorCode } from './errors.ts';

/** Where a cluster listens: the directory of its Unix socket and the number in the socket's name. */
export type SocketAddress = { readonly host: string; readonly port: number };

/** PostgreSQL's superuser: makes the database, and is not what the product connects as. */
export const ADMIN_USER = 'postgres';
export const APP_USER = 'tronco';
export const DATABASE = 'tronco';

/** What a cluster says when asked; `starting` also covers recovery and shutdown. */
export type Answer =
  | { readonly state: 'ready'; readonly clusterDir: string }
  | { readonly state: 'starting' }
  | { readonly state: 'silent' };

const CANNOT_CONNECT_NOW = '57P03';
const DUPLICATE_CODES = new Set(['42710', '42P04', '23505']);

async function asAdmin<T>(
  at: SocketAddress,
  timeoutMs: number,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    ...at,
    user: ADMIN_USER,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // A server that dies under an open connection must not become an uncaught exception.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await ask(client);
    await client.end();
    return result;
  } catch (error) {
    // Not awaited: a server that does not answer does not say goodbye either.
    client.end().catch(() => undefined);
    throw error;
  }
}

/** Asks a cluster which directory it serves. Any failure but "not yet" counts as silence. */
export async function askCluster(at: SocketAddress, timeoutMs: number): Promise<Answer> {
  try {
    const clusterDir = await asAdmin(at, timeoutMs, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return rows[0]?.data_directory ?? '';
    });
    return { state: 'ready', clusterDir };
  } catch (error) {
    return { state: errorCode(error) === CANNOT_CONNECT_NOW ? 'starting' : 'silent' };
  }
}

async function createUnlessThere(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!DUPLICATE_CODES.has(errorCode(error) ?? '')) throw error;
  }
}

/**
 * Creates the product's role and database where they are missing: after the first init, and after a
 * first start that was interrupted between the two. The role is no superuser, so that SQL which should
 * not have been run reaches the database and not the machine.
 */
export async function ensureDatabase(at: SocketAddress, timeoutMs: number): Promise<void> {
  await asAdmin(at, timeoutMs, async (client) => {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
      [APP_USER, DATABASE],
    );
    if (!rows[0]?.role) {
      await createUnlessThere(client, `CREATE ROLE ${APP_USER} LOGIN CREATEDB`);
    }
    if (!rows[0]?.database) {
      // We get every error of our own statements as an answer; in the log each conflict would be a line.
      await client.query(`ALTER ROLE ${APP_USER} SET log_min_messages = 'log'`);
      await createUnlessThere(client, `CREATE DATABASE ${DATABASE} OWNER ${APP_USER}`);
    }
  });
}
