import type { KeyRing } from '../kernel/secrets.ts';
import type { Database } from './database.ts';

const PLACE = 'installation:1:key_check';

/**
 * Whether this node can open what the others sealed. The first node leaves the mark; later ones must
 * be able to read it. A wrong key is noticed at the start and not at the first call.
 */
export async function masterKeyMatches(db: Database, keyRing: KeyRing): Promise<boolean> {
  await db
    .insertInto('installation')
    .values({ id: 1, key_check: keyRing.encrypt('tronco', PLACE) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const { key_check } = await db.selectFrom('installation').select('key_check').executeTakeFirstOrThrow();
  return opensKeyCheck(key_check, keyRing);
}

/** Whether the ring holds the key that the mark was made with. */
export function opensKeyCheck(keyCheck: string, keyRing: KeyRing): boolean {
  try {
    return keyRing.decrypt(keyCheck, PLACE) === 'tronco';
  } catch {
    return false;
  }
}
