/** The embedded PostgreSQL cannot be started; the message says what to do, with the server's last lines. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** Another running server holds the data directory. `pid` and `url` are what it said of itself. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
  readonly dataDir: string;
  readonly pid: number | undefined;
  readonly url: string | undefined;

  constructor(dataDir: string, holder: { pid?: number | undefined; url?: string | undefined }) {
    const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}`;
    const where = holder.url === undefined ? '' : ` (${holder.url})`;
    super(`The data directory ${dataDir} is in use by ${who}${where}.`);
    this.dataDir = dataDir;
    this.pid = holder.pid;
    this.url = holder.url;
  }
}

/** The two ways out that work on every machine, for the end of a message. */
export const WAYS_OUT = 'Set DATABASE_URL to a PostgreSQL of your own, or run Tronco as an ordinary user.';

/** The `code` of a Node or PostgreSQL error, such as ENOENT or 57P03. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
