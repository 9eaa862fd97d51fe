import type { EnvironmentRow } from '../environments/store.ts';
import type { CreatedToken, CurrentToken, TokenResource } from './schemas.ts';
import type { TokenRow } from './store.ts';

const common = (row: TokenRow) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  preview: row.preview,
  expires_at: row.expires_at?.toISOString() ?? null,
});

export const presentCreatedToken = (token: string, row: TokenRow): CreatedToken => ({
  token,
  ...common(row),
});

export const presentToken = (row: TokenRow): TokenResource => ({
  ...common(row),
  last_used_at: row.last_used_at?.toISOString() ?? null,
  revoked_at: row.revoked_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

export const presentCurrentToken = (
  row: TokenRow,
  environment: EnvironmentRow | undefined,
): CurrentToken => ({
  ...common(row),
  environment: environment ? { id: environment.id, name: environment.name } : null,
});

/** What the audit log keeps of a token: never its text, never its hash. */
export const tokenFacts = ({ name, scopes, expires_at, preview }: TokenRow): object => ({
  name,
  scopes,
  expires_at,
  preview,
});
