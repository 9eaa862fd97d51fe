/** A DATABASE_URL for a server behind a Unix socket, which is how the tests' PostgreSQL listens. */
export function databaseUrl(at: { host: string; port: number; user: string; database: string }): string {
  const query = new URLSearchParams({ host: at.host, port: String(at.port) });
  return `postgres://${at.user}@/${at.database}?${query}`;
}
