import type { Clock } from '../../kernel/clock.ts';
import { CatalogueError } from '../../kernel/errors.ts';
import { hashToken, isWellFormedToken } from '../../kernel/token-format.ts';
import type { Database } from '../../storage/database.ts';
import { findTokenByHash, type TokenWithEnvironment, touchTokens } from './store.ts';

/** How long a revocation made on another node may take to be noticed here. */
const FRESH_MS = 5_000;
const CACHED_MAX = 10_000;

/** So that a change works at once on this node. Call it once the change is committed. */
export type TokenCache = {
  /** After a revocation. */
  forget(tokenId: string): void;
  /** After the environment was renamed, archived or restored. */
  forgetEnvironment(environmentId: string): void;
};

export type Authenticator = TokenCache & {
  /** @throws INVALID_TOKEN, TOKEN_EXPIRED, ENVIRONMENT_ARCHIVED */
  authenticate(token: string): Promise<TokenWithEnvironment>;
  /** Writes the last uses to the database. */
  flushUses(): Promise<void>;
};

type Cached = { row: TokenWithEnvironment | undefined; readAtMs: number };

/**
 * Token to principal: the hash in a short-lived cache, else the checksum (a mistyped token costs no
 * query), else one query. Absent tokens are cached as well, so that guessing cannot load the database.
 */
export function createAuthenticator(db: Database, clock: Clock): Authenticator {
  const cache = new Map<string, Cached>();
  const uses = new Map<string, Date>();
  let timesForgotten = 0;

  async function find(token: string, nowMs: number): Promise<TokenWithEnvironment | undefined> {
    const hash = hashToken(token);
    const known = cache.get(hash);
    if (known && nowMs - known.readAtMs < FRESH_MS) return known.row;
    if (!isWellFormedToken(token)) return undefined;
    const before = timesForgotten;
    const row = await findTokenByHash(db, hash);
    // Read before a revocation, back after it: good for this request, but not to be remembered.
    if (before !== timesForgotten) return row;
    cache.delete(hash);
    if (cache.size >= CACHED_MAX) cache.delete(cache.keys().next().value ?? '');
    cache.set(hash, { row, readAtMs: nowMs });
    return row;
  }

  function forgetWhere(matches: (row: TokenWithEnvironment) => boolean): void {
    timesForgotten += 1;
    for (const [hash, { row }] of cache) if (row && matches(row)) cache.delete(hash);
  }

  return {
    async authenticate(token) {
      const now = clock.now();
      const row = await find(token, now.getTime());
      if (!row || row.revoked_at) throw new CatalogueError('INVALID_TOKEN');
      if (row.expires_at && row.expires_at <= now) throw new CatalogueError('TOKEN_EXPIRED');
      if (row.environment_archived) throw new CatalogueError('ENVIRONMENT_ARCHIVED');
      uses.set(row.id, now);
      return row;
    },
    forget: (tokenId) => forgetWhere((row) => row.id === tokenId),
    forgetEnvironment: (environmentId) => forgetWhere((row) => row.environment_id === environmentId),
    async flushUses() {
      const batch = new Map(uses);
      uses.clear();
      try {
        await touchTokens(db, batch);
      } catch (error) {
        // Kept for the next time; a later use that came in meanwhile stands.
        for (const [id, at] of batch) if (!uses.has(id)) uses.set(id, at);
        throw error;
      }
    },
  };
}
