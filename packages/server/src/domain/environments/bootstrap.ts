import { INSTALLATION_ID, newId } from '../../kernel/ids.ts';
import { type Context, type Platform, record, transact } from '../context.ts';
import { issueToken } from '../tokens/issue.ts';
import { hasEnvironments, insertEnvironment } from './store.ts';

const DEFAULT_ENVIRONMENT = 'default';

export type FirstTokens = {
  /** Full access to the environment `default`. */
  environmentToken: string;
  /** Manages environments and tokens. */
  adminToken: string;
};

/**
 * On an empty database: the environment `default`, its token and the admin token, in one transaction.
 * Of several servers starting at once exactly one does it.
 * @param givenToken becomes the environment's token instead of a minted one.
 * @returns the tokens, the only time they are known; undefined when the database is not new.
 */
export async function bootstrap(
  platform: Platform,
  givenToken: string | undefined,
): Promise<FirstTokens | undefined> {
  return transact(platform, async (tx) => {
    // Not the name decides: `default` may have been renamed since.
    if (await hasEnvironments(tx.db)) return undefined;
    const id = newId();
    const now = tx.clock.now();
    const environment = await insertEnvironment(tx.db, id, DEFAULT_ENVIRONMENT, now);
    if (!environment) return undefined;
    const context: Context = {
      ...tx,
      environmentId: id,
      actor: { type: 'system', name: 'bootstrap' },
      scopes: ['admin', '*'],
      requestId: 'bootstrap',
    };
    await record(context, {
      type: 'environment.created',
      subjectType: 'environment',
      subjectId: id,
      after: { name: DEFAULT_ENVIRONMENT },
    });
    const environmentToken = await issueToken(context, { name: 'default', scopes: ['*'], token: givenToken });
    const installation = { ...context, environmentId: INSTALLATION_ID };
    const adminToken = await issueToken(installation, { name: 'admin', scopes: ['admin'] });
    return { environmentToken: environmentToken.token, adminToken: adminToken.token };
  });
}
