import { hash } from 'node:crypto';
import { type Context, transact } from '../domain/context.ts';
import { CatalogueError, validationError } from '../kernel/errors.ts';
import { claimKey, IDEMPOTENCY_TTL_MS, type KeyId, storeResponse } from '../storage/idempotency-keys.ts';

export type Answer = { status: number; body: unknown; headers: Record<string, string> };

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws VALIDATION_ERROR */
export function requireKey(key: string): void {
  if (KEY.test(key)) return;
  throw validationError({
    'Idempotency-Key': ['The Idempotency-Key must be 1 to 255 visible ASCII characters.'],
  });
}

/**
 * Runs a POST so that the same `Idempotency-Key` has one effect: the key, the effect and the answer
 * commit together, so a crash leaves either all of them or none. A failed request stores nothing,
 * because it changed nothing. The stored answer is sealed: it may show a token.
 */
export async function onceOnly(
  context: Context,
  tokenId: string,
  key: string,
  request: { method: string; url: string; body: unknown },
  run: (context: Context) => Promise<Answer>,
): Promise<Answer> {
  requireKey(key);
  const fingerprint = hash('sha256', JSON.stringify([request.method, request.url, request.body]));
  const keyId: KeyId = { environmentId: context.environmentId, tokenId, key };
  const place = `idempotency_keys:${tokenId}:${key}`;
  return transact(context, async (tx) => {
    const now = tx.clock.now();
    const cutoff = new Date(now.getTime() - IDEMPOTENCY_TTL_MS);
    const stored = await claimKey(tx.db, keyId, fingerprint, now, cutoff);
    if (stored) {
      if (stored.fingerprint !== fingerprint) throw new CatalogueError('IDEMPOTENCY_KEY_REUSED');
      const body: unknown = JSON.parse(tx.keyRing.decrypt(stored.response, place));
      return { status: stored.status, body, headers: { ...stored.headers, 'idempotency-replayed': 'true' } };
    }
    const answer = await run(tx);
    await storeResponse(tx.db, keyId, {
      status: answer.status,
      response: tx.keyRing.encrypt(JSON.stringify(answer.body), place),
      headers: answer.headers,
    });
    return answer;
  });
}
