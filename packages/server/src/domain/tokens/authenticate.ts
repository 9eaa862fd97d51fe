import type { Clock } from '../../kernel/clock.ts';
import { CatalogueError } from '../../kernel/errors.ts';
import { hashToken, isWellFormedToken } from '../../kernel/token-format.ts';
import type { Database } from '../../storage/database.ts';
import { findTokenByHash, type TokenWithEnvironment, touchTokens } from './store.ts';

/** How long a revocation made on another node may take to be noticed here. */
const FRESH_MS = 5_000;
const CACHED_MAX = 10_000;

export type Authenticator = {
  /** @throws INVALID_TOKEN, TOKEN_EXPIRED, ENVIRONMENT_ARCHIVED */
  authenticate(token: string): Promise<TokenWithEnvironment>;
  /** Forgets a token, so that a revocation works at once on this node. */
  forget(tokenId: string): void;
  /** Writes the last uses to the database. */
  flushUses(): Promise<void>;
};

type Cached = { row: TokenWithEnvironment | undefined; readAtMs: number };

/**
 * Token to principal: checksum first (a mistyped token costs no query), then the hash in a short-lived
 * cache, then one query. Absent tokens are cached as well, so that guessing cannot load the database.
 */
export function createAuthenticator(db: Database, clock: Clock): Authenticator {
  const cache = new Map<string, Cached>();
  const uses = new Map<string, Date>();

  async function find(hash: string, nowMs: number): Promise<TokenWithEnvironment | undefined> {
    const known = cache.get(hash);
    if (known && nowMs - known.readAtMs < FRESH_MS) return known.row;
    const row = await findTokenByHash(db, hash);
    cache.delete(hash);
    if (cache.size >= CACHED_MAX) cache.delete(cache.keys().next().value ?? '');
    cache.set(hash, { row, readAtMs: nowMs });
    return row;
  }

  return {
    async authenticate(token) {
      if (!isWellFormedToken(token)) throw new CatalogueError('INVALID_TOKEN');
      const now = clock.now();
      const row = await find(hashToken(token), now.getTime());
      if (!row || row.revoked_at) throw new CatalogueError('INVALID_TOKEN');
      if (row.expires_at && row.expires_at <= now) throw new CatalogueError('TOKEN_EXPIRED');
      if (row.environment_archived) throw new CatalogueError('ENVIRONMENT_ARCHIVED');
      uses.set(row.id, now);
      return row;
    },
    forget(tokenId) {
      for (const [hash, { row }] of cache) if (row?.id === tokenId) cache.delete(hash);
    },
    async flushUses() {
      const batch = new Map(uses);
      uses.clear();
      await touchTokens(db, batch);
    },
  };
}
