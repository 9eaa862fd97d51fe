import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAuthParams, quote, token } from './auth-params.ts';

function read(text: string): Record<string, string> {
  const parsed = parseAuthParams(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return Object.fromEntries([...parsed.params].map(([name, param]) => [name, param.value]));
}

function reasonOf(text: string): string {
  const parsed = parseAuthParams(text);
  assert.ok(!parsed.ok);
  return parsed.reason;
}

test('commas, equals signs and escapes inside quotes do not split', () => {
  assert.deepEqual(read(String.raw`Digest realm="a, b=\"c\" \\ d", nonce="x=="`), {
    realm: String.raw`a, b="c" \ d`,
    nonce: 'x==',
  });
});

test('what carriers leave unquoted is read', () => {
  assert.deepEqual(read('digest  REALM=sip.example.com , nonce=AbC+/==,algorithm=MD5 , stale=FALSE,'), {
    realm: 'sip.example.com',
    nonce: 'AbC+/==',
    algorithm: 'MD5',
    stale: 'FALSE',
  });
  assert.equal(read('Digest qop=auth,auth-int, nonce="1"').qop, 'auth,auth-int');
  assert.equal(read('Digest realm="r",\r\n nonce = "folded"').nonce, 'folded');
  assert.equal(read('Digest ,, realm="",,').realm, '');
});

test('a parameter given twice is refused, whatever its case', () => {
  assert.equal(reasonOf('Digest nonce="a", NONCE="b"'), 'duplicate-parameter');
});

test('other schemes and broken lists are refused with a reason', () => {
  assert.equal(reasonOf('Basic realm="x"'), 'not-digest');
  assert.equal(reasonOf(''), 'not-digest');
  assert.equal(reasonOf('Digest'), 'malformed');
  assert.equal(reasonOf('Digest realm="open'), 'malformed');
  assert.equal(reasonOf('Digest realm="x\\'), 'malformed');
  assert.equal(reasonOf('Digest realm="a" nonce="b"'), 'malformed');
  assert.equal(reasonOf('Digest realm="a\u0000b"'), 'malformed');
  assert.equal(reasonOf('Digest realm'), 'malformed');
  assert.equal(reasonOf('Digest a=b"c'), 'malformed');
});

test('size and number of parameters are bounded', () => {
  assert.equal(reasonOf(`Digest a="${'x'.repeat(5000)}"`), 'too-large');
  const many = Array.from({ length: 40 }, (_, index) => `p${index}=1`).join(',');
  assert.equal(reasonOf(`Digest ${many}`), 'too-large');
});

test('any string without controls survives quoting', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const control = (char: string): boolean => (char < ' ' && char !== '\t') || char === '\u007f';
      const clean = [...text].map((char) => (control(char) ? ' ' : char)).join('');
      assert.equal(read(`Digest p=${quote(text)}`).p, clean);
    }),
  );
});

test('a quoted or token value can never start a new header', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.doesNotMatch(quote(text) + token(text), /[\r\n]/);
    }),
  );
});

test('arbitrary strings never throw', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseAuthParams(`Digest ${text}`)));
  const pieces = fc.constantFrom('"', '\\', ',', '=', ' ', 'qop', 'a', '\t', ';', 'é', '\r\n ');
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }),
      (parts) => void parseAuthParams(`Digest ${parts.join('')}`),
    ),
    { numRuns: 2000 },
  );
});
