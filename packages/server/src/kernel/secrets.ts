import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Keys that encrypt secrets we must read back (SIP passwords, provider keys).
 * The first key encrypts; all decrypt, so that a key can be rotated by prepending a new one.
 */
export type KeyRing = {
  /** `v1.<key id>.<iv>.<ciphertext>.<tag>`, bound to `place` (`table:row:column`). */
  encrypt(plaintext: string, place: string): string;
  /** Throws when the text was tampered with, moved from another place, or its key is not in the ring. */
  decrypt(sealed: string, place: string): string;
};

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** @param keys 32-byte keys, current one first. */
export function createKeyRing(keys: readonly Buffer[]): KeyRing {
  const [current] = keys;
  if (!current || keys.some((key) => key.length !== 32)) throw new Error('a key ring needs 32-byte keys');
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const currentId = keyId(current);

  return {
    encrypt(plaintext, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, iv).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      const parts = [iv, body, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return ['v1', currentId, ...parts].join('.');
    },
    decrypt(sealed, place) {
      const [version, id, iv, body, tag] = sealed.split('.');
      const key = byId.get(id ?? '');
      if (version !== 'v1' || iv === undefined || body === undefined || tag === undefined) {
        throw new Error('not a sealed secret');
      }
      if (!key) throw new Error(`no key ${id} in the key ring`);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
        .setAAD(Buffer.from(place))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(body, 'base64url', 'utf8') + decipher.final('utf8');
    },
  };
}
