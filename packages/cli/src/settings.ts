import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from './exit-codes.ts';

export type Flags = { url?: string; token?: string; env?: string };

export type Settings = {
  url: string;
  token: string;
  /** Absent: the token's own. */
  environment: string | undefined;
};

const DEFAULT_URL = 'http://127.0.0.1:8080';
const DEFAULT_ENVIRONMENT = 'default';

/**
 * Flags, then TRONCO_* variables, then the credentials that the server left in its data directory.
 * Those go only to the server that they are for.
 * @throws UsageError
 */
export async function readSettings(flags: Flags, env: NodeJS.ProcessEnv): Promise<Settings> {
  const given = (flag: string | undefined, variable: string): string | undefined =>
    flag ?? (env[variable] || undefined);
  const url = given(flags.url, 'TRONCO_URL');
  const token = given(flags.token, 'TRONCO_TOKEN');
  const environment = given(flags.env, 'TRONCO_ENVIRONMENT');
  if (url !== undefined && !URL.canParse(url)) throw new UsageError(`${url} is no address of a server`);
  const path = join(resolve(env['TRONCO_DATA_DIR'] || './data'), 'credentials.json');
  if (token !== undefined) {
    const known = url === undefined ? await readCredentials(path) : undefined;
    return { url: url ?? known?.url ?? DEFAULT_URL, token, environment };
  }
  const known = await readCredentials(path);
  if (!known) {
    throw new UsageError(
      `No token: neither --token nor TRONCO_TOKEN is set, and there is no ${path}`,
      'Set TRONCO_TOKEN, or run this in the server’s directory (or with its TRONCO_DATA_DIR).',
    );
  }
  if (url !== undefined && new URL(url).origin !== new URL(known.url).origin) {
    throw new UsageError(
      `No token for ${url}: the one in ${path} is for ${known.url}`,
      'Set TRONCO_TOKEN, or leave out --url and TRONCO_URL.',
    );
  }
  return { url: known.url, token: known.token, environment: environment ?? DEFAULT_ENVIRONMENT };
}

async function readCredentials(path: string): Promise<{ url: string; token: string } | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    const { url, admin_token: token } = JSON.parse(text) as { url: string; admin_token: string };
    if (URL.canParse(url) && typeof token === 'string') return { url, token };
  } catch {
    // Told below, like every other shape that it should not have.
  }
  throw new UsageError(`${path} is damaged`, '`tronco token recover` writes a new one.');
}
