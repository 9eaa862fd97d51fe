import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the `tronco` command reads when it is told nothing else. */
export type Credentials = { url: string; adminToken: string };

const pathIn = (dataDir: string): string => join(dataDir, 'credentials.json');

/** So that the `tronco` command works on this machine without a flag; readable by its owner alone. */
export async function writeCredentials(dataDir: string, { url, adminToken }: Credentials): Promise<string> {
  const path = pathIn(dataDir);
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${JSON.stringify({ url, admin_token: adminToken }, null, 2)}\n`, { mode: 0o600 });
  // The mode above holds for a new file only.
  await chmod(path, 0o600);
  return path;
}

/** @returns undefined when there are none, or none that can be read */
export async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  try {
    const { url, admin_token: adminToken } = JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof url === 'string' && typeof adminToken === 'string' ? { url, adminToken } : undefined;
  } catch {
    return undefined;
  }
}

/** The port may be another one than at the last start. */
export async function updateCredentialsUrl(dataDir: string, url: string): Promise<void> {
  const known = await readCredentials(dataDir);
  if (known && known.url !== url) await writeCredentials(dataDir, { ...known, url });
}
