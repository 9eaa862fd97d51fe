import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUuid, newId } from './ids.ts';
import { readOrMakeKeyFile } from './key-file.ts';
import { maskNumber, maskNumbersIn } from './mask.ts';
import { createKeyRing } from './secrets.ts';
import { hashToken, isWellFormedToken, mintToken, tokenPreview } from './token-format.ts';

describe('tokens', () => {
  it('are well formed when minted, and each is new', () => {
    const tokens = Array.from({ length: 200 }, mintToken);
    assert.ok(tokens.every(isWellFormedToken));
    assert.equal(new Set(tokens).size, 200);
    assert.match(tokens[0]!, /^talq_[0-9A-Za-z]{38}$/);
  });

  it('with one character changed are refused without a query', () => {
    const position = fc.integer({ min: 5, max: 42 });
    const letter = fc.constantFrom(...'0123456789ABCxyz');
    fc.assert(
      fc.property(position, letter, (at, replacement) => {
        const token = mintToken();
        fc.pre(token[at] !== replacement);
        assert.ok(!isWellFormedToken(token.slice(0, at) + replacement + token.slice(at + 1)));
      }),
    );
  });

  it('show nine characters and are kept as a hash', () => {
    const token = mintToken();
    assert.equal(tokenPreview(token), token.slice(0, 9));
    assert.match(hashToken(token), /^[0-9a-f]{64}$/);
  });
});

describe('ids', () => {
  it('are UUIDv7, never repeat, and sort in the order of their making', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    assert.ok(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    );
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(ids.toSorted(), ids);
    assert.ok(ids.every(isUuid));
    assert.ok(Math.abs(Number.parseInt(ids[0]!.replace('-', '').slice(0, 12), 16) - Date.now()) < 60_000);
  });
});

describe('sealed secrets', () => {
  const ring = createKeyRing([randomBytes(32)]);

  it('open where they were sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        assert.equal(ring.decrypt(ring.encrypt(text, place), place), text);
      }),
    );
  });

  it('do not open in another row, after tampering, or under another key', () => {
    const sealed = ring.encrypt('secret', 'sip_trunks:1:password');
    assert.throws(() => ring.decrypt(sealed, 'sip_trunks:2:password'));
    for (let i = 12; i < sealed.length; i += 1) {
      const flipped = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1);
      if (
        Buffer.from(flipped.split('.').at(-1) ?? '', 'base64url').equals(
          Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url'),
        ) &&
        flipped.split('.').slice(0, -1).join() === sealed.split('.').slice(0, -1).join()
      )
        continue;
      assert.throws(() => ring.decrypt(flipped, 'sip_trunks:1:password'), `character ${i}`);
    }
    assert.throws(() => createKeyRing([randomBytes(32)]).decrypt(sealed, 'sip_trunks:1:password'));
    for (const junk of ['', 'v1', 'v1.a.b', 'v2.a.b.c.d']) assert.throws(() => ring.decrypt(junk, ''));
  });

  it('stay readable after a new key was put in front', () => {
    const old = randomBytes(32);
    const sealed = createKeyRing([old]).encrypt('secret', 'here');
    assert.equal(createKeyRing([randomBytes(32), old]).decrypt(sealed, 'here'), 'secret');
  });

  it('need 32-byte keys', () => {
    assert.throws(() => createKeyRing([]));
    assert.throws(() => createKeyRing([randomBytes(16)]));
  });
});

describe('the key file', () => {
  it('is made once, for its owner alone, however many servers start at the same moment', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tronco-key-'));
    const keys = await Promise.all(Array.from({ length: 20 }, () => readOrMakeKeyFile(dataDir)));
    assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 1);
    assert.deepEqual(await readdir(dataDir), ['master.key']);
    assert.equal((await stat(join(dataDir, 'master.key'))).mode & 0o777, 0o600);
    await writeFile(join(dataDir, 'master.key'), 'short');
    await assert.rejects(readOrMakeKeyFile(dataDir), /32-byte/);
    await rm(dataDir, { recursive: true });
  });
});

describe('masked numbers', () => {
  it('keep two digits in front and four behind', () => {
    assert.equal(maskNumber('+15551234567'), '+15*****4567');
    assert.equal(
      maskNumbersIn('from +15551234567 to %2B5511987654321'),
      'from +15*****4567 to %2B55*******4321',
    );
  });

  it('never show six digits in a row', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), (number) => {
        assert.doesNotMatch(maskNumbersIn(`call to ${number} failed`), /\d{6}/);
      }),
    );
  });
});
