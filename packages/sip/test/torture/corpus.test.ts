import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { tortureMessage } from './corpus.ts';
import { DIGESTS } from './digests.ts';

test('the corpus is RFC 4475, whole and octet for octet', () => {
  const files = readdirSync(new URL('messages', import.meta.url)).map((file) => file.replace('.txt', ''));
  assert.deepEqual(files.sort(), Object.keys(DIGESTS).sort());
  assert.equal(files.length, 49);
  for (const [name, digest] of Object.entries(DIGESTS)) {
    assert.equal(createHash('sha256').update(tortureMessage(name)).digest('hex'), digest, name);
  }
});
