import { readConfig } from '../config.ts';
import { readCredentials, writeCredentials } from '../credentials.ts';
import { type Context, transact } from '../domain/context.ts';
import { issueToken } from '../domain/tokens/issue.ts';
import { systemClock } from '../kernel/clock.ts';
import { INSTALLATION_ID } from '../kernel/ids.ts';
import { inspectDatabase } from '../storage/inspect.ts';
import { withDatabase } from './with-database.ts';

export type Recovered = { token: string; credentialsPath: string };

/** A token is a hash in a row: nothing is sealed here, and no key file may be made on the way. */
const noKeys = (): never => {
  throw new Error('the recovery of a token seals nothing');
};

/**
 * Makes another admin token without one: who may open the database may do that. The others go on
 * working. It is written to the data directory's credentials as well.
 * @throws when there is no installation to recover
 */
export async function recoverAdminToken(env: NodeJS.ProcessEnv): Promise<Recovered> {
  const config = readConfig(env);
  const token = await withDatabase(config, async (db) => {
    const { pending, keyCheck } = await inspectDatabase(db);
    if (pending.length > 0 || keyCheck === undefined) {
      throw new Error(
        'This database holds no installation of this release: check TRONCO_DATA_DIR and DATABASE_URL, or start the server once',
      );
    }
    const context: Context = {
      db,
      clock: systemClock,
      keyRing: { encrypt: noKeys, decrypt: noKeys },
      tokenCache: { forget: () => {}, forgetEnvironment: () => {} },
      environmentId: INSTALLATION_ID,
      actor: { type: 'operator', name: 'recovery' },
      scopes: ['admin'],
      requestId: 'recovery',
    };
    return transact(context, async (tx) => {
      const issued = await issueToken(tx, { name: 'recovered', scopes: ['admin'] });
      return issued.token;
    });
  });
  const url =
    (await readCredentials(config.dataDir))?.url ?? `http://${config.http.host}:${config.http.port}`;
  return { token, credentialsPath: await writeCredentials(config.dataDir, { url, adminToken: token }) };
}
