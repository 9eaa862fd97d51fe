import { CatalogueError } from '../../kernel/errors.ts';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { type Context, requireScope } from '../context.ts';
import { type EnvironmentRow, findEnvironment } from '../environments/store.ts';
import type { List } from '../list.ts';
import { countTokens, findToken, listTokens as readTokens, type TokenRow } from './store.ts';

/** The tokens of an environment, archived or not. */
export async function listTokens(context: Context, environmentId: string): Promise<List<TokenRow>> {
  requireScope(context, 'admin');
  if (!(await findEnvironment(context.db, environmentId))) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
  return tokensOf(context, environmentId);
}

export function listAdminTokens(context: Context): List<TokenRow> {
  requireScope(context, 'admin');
  return tokensOf(context, INSTALLATION_ID);
}

const tokensOf = ({ db }: Context, environmentId: string): List<TokenRow> => ({
  slice: (slice) => readTokens(db, environmentId, slice),
  count: () => countTokens(db, environmentId),
});

/**
 * The caller's own token and the environment it acts in. Needs no scope: whoever holds a token may
 * know what it is.
 */
export async function describeCaller({
  db,
  environmentId,
  actor,
}: Context): Promise<{ token: TokenRow; environment: EnvironmentRow | undefined }> {
  const id = actor.type === 'token' ? actor.id : undefined;
  const [environment, own, admins] = await Promise.all([
    findEnvironment(db, environmentId),
    id === undefined ? undefined : findToken(db, environmentId, id),
    // An admin token acts in an environment that it does not belong to.
    id === undefined ? undefined : findToken(db, INSTALLATION_ID, id),
  ]);
  const token = own ?? admins;
  if (!token) throw new CatalogueError('TOKEN_NOT_FOUND');
  return { token, environment };
}
