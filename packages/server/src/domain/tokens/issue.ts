import { INSTALLATION_ID, newId } from '../../kernel/ids.ts';
import { hashToken, mintToken, tokenPreview } from '../../kernel/token-format.ts';
import { type Context, record } from '../context.ts';
import { tokenFacts } from './present.ts';
import type { Scope } from './scopes.ts';
import { insertToken, type TokenRow } from './store.ts';

export type NewToken = {
  name: string;
  scopes: readonly Scope[];
  expiresAt?: Date | undefined;
  /** A token chosen by the operator instead of a minted one. */
  token?: string | undefined;
};

/** Writes a token of the context's environment and hands out its text: the only time it is known. */
export async function issueToken(
  context: Context,
  wanted: NewToken,
): Promise<{ token: string; row: TokenRow }> {
  requireOneKind(context.environmentId, wanted.scopes);
  const token = wanted.token ?? mintToken();
  const row: TokenRow = {
    environment_id: context.environmentId,
    id: newId(),
    name: wanted.name,
    token_hash: hashToken(token),
    preview: tokenPreview(token),
    scopes: [...wanted.scopes],
    expires_at: wanted.expiresAt ?? null,
    revoked_at: null,
    last_used_at: null,
    created_at: context.clock.now(),
  };
  if (!(await insertToken(context.db, row))) throw new Error('this token already exists');
  await record(context, {
    type: 'token.created',
    subjectType: 'token',
    subjectId: row.id,
    after: tokenFacts(row),
  });
  return { token, row };
}

/** `admin` exactly in the installation and nothing beside it: schemas say so earlier, nothing gets past here. */
function requireOneKind(environmentId: string, scopes: readonly Scope[]): void {
  const isAdmin = scopes.includes('admin');
  if (isAdmin !== (environmentId === INSTALLATION_ID) || (isAdmin && scopes.length > 1)) {
    throw new Error('admin tokens belong to the installation and hold no other scope');
  }
}
