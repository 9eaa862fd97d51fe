import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSrtpKey, parseCrypto, serializeCrypto, unusableSessionParam } from './crypto-attribute.ts';
import { DEFAULT_SUITES, suiteFacts } from './srtp-suites.ts';

const RFC_KEY = 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';

function read(value: string) {
  const parsed = parseCrypto(value);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.crypto;
}

function reasonOf(value: string): string {
  const parsed = parseCrypto(value);
  assert.ok(!parsed.ok);
  return parsed.reason;
}

test('the example of RFC 4568 §6.1: key, salt, lifetime, MKI', () => {
  const crypto = read(`1 AES_CM_128_HMAC_SHA1_80 inline:${RFC_KEY}|2^20|1:4`);
  const [key] = crypto.keys;
  assert.equal(key?.key.toString('hex'), '774466766726542b2978473740666235');
  assert.equal(key?.salt.toString('hex'), '6a552c5261417d5c7c7030252a23');
  assert.equal(key?.lifetime, 2 ** 20);
  assert.equal(key?.mki?.toString('hex'), '00000001');
  assert.equal(serializeCrypto(crypto), `1 AES_CM_128_HMAC_SHA1_80 inline:${RFC_KEY}|1048576|1:4`);
});

test('lifetime and MKI are each optional', () => {
  const [mkiOnly] = read(`1 AES_CM_128_HMAC_SHA1_80 inline:${RFC_KEY}|1066:4`).keys;
  assert.deepEqual([mkiOnly?.lifetime, mkiOnly?.mki?.toString('hex')], [undefined, '0000042a']);
  const [lifetimeOnly] = read(`1 AES_CM_128_HMAC_SHA1_80 inline:${RFC_KEY}|2^31`).keys;
  assert.deepEqual([lifetimeOnly?.lifetime, lifetimeOnly?.mki], [2 ** 31, undefined]);
});

test('several keys need MKIs of one length (RFC 4568 §6.1)', () => {
  const key = (tail: string): string => `inline:${RFC_KEY}${tail}`;
  const line = (...keys: string[]): string => `1 AES_CM_128_HMAC_SHA1_80 ${keys.join(';')}`;
  assert.equal(read(line(key('|1:4'), key('|2:4'))).keys.length, 2);
  assert.match(reasonOf(line(key(''), key(''))), /MKI/);
  assert.match(reasonOf(line(key('|1:4'), key('|2:2'))), /MKI/);
});

test('every suite with its key length, old and new names of AES-256', () => {
  for (const suite of DEFAULT_SUITES) {
    const key = createSrtpKey(suite, (length) => Buffer.alloc(length, 5));
    const crypto = { tag: 7, suite, suiteName: suite, keys: [key], sessionParams: [] };
    const parsed = read(serializeCrypto(crypto));
    assert.equal(parsed.suite, suite);
    assert.equal(parsed.keys[0]?.key.length, suiteFacts(suite).keyBytes);
    assert.equal(parsed.keys[0]?.salt.length, suiteFacts(suite).saltBytes);
  }
  const long = Buffer.alloc(46, 1).toString('base64');
  assert.equal(read(`1 AES_CM_256_HMAC_SHA1_80 inline:${long}`).suite, 'AES_256_CM_HMAC_SHA1_80');
  assert.equal(read(`1 AES_CM_256_HMAC_SHA1_80 inline:${long}`).suiteName, 'AES_CM_256_HMAC_SHA1_80');
});

test('malformed lines are refused with a reason, not half read', () => {
  const bad = (tail: string): string => reasonOf(`1 AES_CM_128_HMAC_SHA1_80 ${tail}`);
  assert.match(bad(`inline:${RFC_KEY}|0:4`.replace('0:4', '2^49')), /lifetime/);
  assert.match(bad(`inline:${RFC_KEY}|1:0`), /MKI/);
  assert.match(bad(`inline:${RFC_KEY}|256:1`), /MKI/);
  assert.match(bad(`inline:${RFC_KEY}|1:129`), /MKI/);
  assert.match(bad(`inline:${RFC_KEY}|0`), /lifetime/);
  assert.match(bad(`inline:${RFC_KEY}|1:4|2^20`), /too many|lifetime/);
  assert.match(bad('inline:QUJD'), /3 octets/);
  assert.match(bad('inline:'), /base64/);
  assert.match(bad('inline:%%%'), /base64/);
  assert.match(bad('uri:http://x'), /inline/);
  assert.match(bad(''), /inline/);
  assert.match(reasonOf('1 NULL_HMAC_SHA1_80 inline:x'), /not supported/);
  assert.match(reasonOf('x AES_CM_128_HMAC_SHA1_80 inline:x'), /tag/);
});

test('session parameters: the window hint is harmless, the rest is not ours to ignore', () => {
  const param = (text: string) =>
    unusableSessionParam(read(`1 AES_CM_128_HMAC_SHA1_80 inline:${RFC_KEY} ${text}`));
  assert.equal(param('WSH=64'), undefined);
  assert.equal(param('-X-LATER=1'), undefined);
  assert.equal(param('WSH=64 UNENCRYPTED_SRTP'), 'UNENCRYPTED_SRTP');
  assert.equal(param('KDR=4'), 'KDR=4');
});

test('arbitrary values never throw', () => {
  const piece = fc.oneof(
    fc.constantFrom('|', ':', ';', '^', 'inline:', RFC_KEY, ' ', '2^20', '9'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      parseCrypto(parts.join(''));
      parseCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${parts.join('')}`);
    }),
    { numRuns: 500 },
  );
});
