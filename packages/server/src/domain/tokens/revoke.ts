import { CatalogueError } from '../../kernel/errors.ts';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { afterCommit } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { findEnvironment } from '../environments/store.ts';
import { tokenFacts } from './present.ts';
import { findToken, lockUnrevokedTokens, revokeToken as writeRevoked } from './store.ts';

/**
 * Makes a token of an environment useless, at once on this node and within seconds on the others.
 * Revoking a revoked one changes nothing and is no error.
 * @throws ENVIRONMENT_NOT_FOUND, TOKEN_NOT_FOUND
 */
export async function revokeToken(context: Context, environmentId: string, id: string): Promise<void> {
  requireScope(context, 'admin');
  await transact(context, async (tx) => {
    if (!(await findEnvironment(tx.db, environmentId))) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
    await revoke({ ...tx, environmentId }, id);
  });
}

/**
 * The same for a token of the installation. One that works must remain, even when the last two are
 * revoked at the same moment: hence the lock on all of them.
 * @throws TOKEN_NOT_FOUND, LAST_ADMIN_TOKEN
 */
export async function revokeAdminToken(context: Context, id: string): Promise<void> {
  requireScope(context, 'admin');
  await transact(context, async (tx) => {
    const now = tx.clock.now();
    const unrevoked = await lockUnrevokedTokens(tx.db, INSTALLATION_ID);
    const working = unrevoked.filter((token) => token.expires_at === null || token.expires_at > now);
    if (working.length === 1 && working[0]?.id === id) throw new CatalogueError('LAST_ADMIN_TOKEN');
    await revoke({ ...tx, environmentId: INSTALLATION_ID }, id);
  });
}

async function revoke(tx: Context, id: string): Promise<void> {
  const revoked = await writeRevoked(tx.db, tx.environmentId, id, tx.clock.now());
  if (!revoked) {
    if (await findToken(tx.db, tx.environmentId, id)) return;
    throw new CatalogueError('TOKEN_NOT_FOUND');
  }
  await record(tx, {
    type: 'token.revoked',
    subjectType: 'token',
    subjectId: id,
    before: tokenFacts(revoked),
  });
  afterCommit(tx.db, () => tx.tokenCache.forget(id));
}
