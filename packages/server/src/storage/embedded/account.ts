import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, errorText, WAYS_OUT } from './errors.ts';

const run = promisify(execFile);

/** The account that PostgreSQL runs under when we ourselves are root, which it refuses to be. */
export type Account = { readonly uid: number; readonly gid: number };

const SYSTEM_ACCOUNT = 'tronco';

async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const uid = Number((await run('id', ['-u', name])).stdout);
    const gid = Number((await run('id', ['-g', name])).stdout);
    return Number.isInteger(uid) && uid > 0 ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function createSystemAccount(): Promise<Account> {
  const rest = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  let problem = 'it did not appear';
  try {
    await run('useradd', ['--system', '--user-group', ...rest, SYSTEM_ACCOUNT], {
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
  } catch (error) {
    problem = errorText(error);
  }
  // Looked up even after a failure: another first start may have created it a moment before.
  const account = await lookUp(SYSTEM_ACCOUNT);
  if (account) return account;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, there is no account "postgres" to run it under, ` +
      `and "${SYSTEM_ACCOUNT}" cannot be created: ${problem.trim()}. ${WAYS_OUT}`,
  );
}

async function ownerOf(path: string): Promise<Account | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

/**
 * Chooses the account to drop to.
 * @param clusterDir a cluster that exists already keeps its owner
 * @returns undefined when we are an ordinary user and PostgreSQL can run as ourselves
 * @throws EmbeddedPostgresError when there is none, or the cluster is another user's
 */
export async function chooseAccount(clusterDir: string): Promise<Account | undefined> {
  const uid = process.getuid?.();
  const owner = await ownerOf(clusterDir);
  if (uid === 0) {
    if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
    return (await lookUp('postgres')) ?? (await lookUp(SYSTEM_ACCOUNT)) ?? createSystemAccount();
  }
  if (owner && uid !== undefined && owner.uid !== uid) {
    throw new EmbeddedPostgresError(
      `The database in ${clusterDir} belongs to user id ${owner.uid} and we run as ${uid}. ` +
        `Start as that user or as root, or choose another data directory.`,
    );
  }
  return undefined;
}
