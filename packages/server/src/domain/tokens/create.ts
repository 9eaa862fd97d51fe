import { CatalogueError, validationError } from '../../kernel/errors.ts';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { type Context, requireScope, transact } from '../context.ts';
import { lockEnvironment } from '../environments/store.ts';
import { issueToken } from './issue.ts';
import type { CreateAdminTokenInput, CreateTokenInput } from './schemas.ts';
import type { TokenRow } from './store.ts';

type Issued = { token: string; row: TokenRow };

/**
 * Hands out a token of an environment.
 * @throws ENVIRONMENT_NOT_FOUND, ENVIRONMENT_ARCHIVED (the token would be refused at once), VALIDATION_ERROR
 */
export async function createToken(
  context: Context,
  environmentId: string,
  input: CreateTokenInput,
): Promise<Issued> {
  requireScope(context, 'admin');
  const expiresAt = futureTime(context, input.expires_at);
  return transact(context, async (tx) => {
    const environment = await lockEnvironment(tx.db, environmentId);
    if (!environment) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
    if (environment.archived_at) throw new CatalogueError('ENVIRONMENT_ARCHIVED');
    const { name, scopes } = input;
    return issueToken({ ...tx, environmentId }, { name, scopes, expiresAt });
  });
}

/** Hands out a token that manages environments and tokens. */
export async function createAdminToken(context: Context, input: CreateAdminTokenInput): Promise<Issued> {
  requireScope(context, 'admin');
  const expiresAt = futureTime(context, input.expires_at);
  return transact(context, (tx) =>
    issueToken({ ...tx, environmentId: INSTALLATION_ID }, { name: input.name, scopes: ['admin'], expiresAt }),
  );
}

function futureTime({ clock }: Context, text: string | null | undefined): Date | undefined {
  if (text === null || text === undefined) return undefined;
  const time = new Date(text);
  if (time > clock.now()) return time;
  throw validationError({ expires_at: ['The expires at must be a date after now.'] });
}
