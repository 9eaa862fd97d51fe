import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CounterMode } from './counter-mode.ts';
import { deriveKey, deriveSessionKeys } from './derive-keys.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import { suiteFacts } from './suites.ts';
import { hex } from './testing/packets.ts';

test('key derivation gives the keys of RFC 3711 Appendix B.3', () => {
  const key = hex('E1F97A0D3E018BE0D64FA32C06DE4139');
  const salt = hex('0EC675AD498AFEEBB6960B3AABE6');
  assert.deepEqual(deriveKey(key, salt, 0, 16), hex('C61E7A93744F39EE10734AFE3FF7A087'));
  assert.deepEqual(deriveKey(key, salt, 2, 14), hex('30CBBC08863D8C85D49DB34A9AE1'));
  const authKey = hex(
    'CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE',
    'E049646C43D9327AD175578EF7227098 6371C10C9A369AC2F94A8C5FBCDDDC25',
    '6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2',
  );
  assert.deepEqual(deriveKey(key, salt, 1, 94), authKey);
  const { rtp } = deriveSessionKeys(suiteFacts('AES_CM_128_HMAC_SHA1_80'), key, salt);
  assert.deepEqual(rtp.authKey, authKey.subarray(0, 20));
  assert.deepEqual(rtp.salt, hex('30CBBC08863D8C85D49DB34A9AE1'));
});

test('key derivation gives the 256-bit keys of RFC 6188 §7.2', () => {
  const { rtp } = deriveSessionKeys(
    suiteFacts('AES_256_CM_HMAC_SHA1_80'),
    hex('f0f04914b513f2763a1b1fa130f10e29 98f6f6e43e4309d1e622a0e332b9f1b6'),
    hex('3b04803de51ee7c96423ab5b78d2'),
  );
  assert.deepEqual(rtp.cipherKey, hex('5ba1064e30ec51613cad926c5a28ef73 1ec7fb397f70a960653caf06554cd8c4'));
  assert.deepEqual(rtp.salt, hex('fa31791685ca444a9e07c6c64e93'));
  assert.deepEqual(rtp.authKey, hex('fd9c32d39ed5fbb5a9dc96b30818454d1313dc05'));
});

test('SRTP and SRTCP, cipher, authentication and salt all have keys of their own', () => {
  for (const suite of ['AES_256_CM_HMAC_SHA1_80', 'AEAD_AES_128_GCM'] as const) {
    const facts = suiteFacts(suite);
    const { rtp, rtcp } = deriveSessionKeys(
      facts,
      Buffer.alloc(facts.keyBytes, 1),
      Buffer.alloc(facts.saltBytes, 2),
    );
    const starts = [rtp, rtcp].flatMap((keys) =>
      [keys.cipherKey, keys.authKey, keys.salt].map((key) => key.toString('hex', 0, 12)),
    );
    assert.equal(new Set(starts).size, 6, suite);
  }
});

/** 65282 blocks, as both RFCs give the first three and the last three of them. */
const SEGMENT_BYTES = 1_044_512;

const KEYSTREAMS = [
  {
    name: 'RFC 3711 Appendix B.2',
    key: '2B7E151628AED2A6ABF7158809CF4F3C',
    first:
      'E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0',
    last: 'EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44',
  },
  {
    name: 'RFC 6188 §7.1',
    key: '57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98',
    first:
      '92bdd28a93c3f52511c677d08b5515a4 9da71b2378a854f67050756ded165bac 63c4868b7096d88421b563b8c94c9a31',
    last: 'cea518c90fd91ced9cbb18c078a54711 3dbc4814f4da5f00a08772b63c6a046d 6eb246913062a16891433e97dd01a57f',
  },
] as const;

for (const { name, key, first, last } of KEYSTREAMS) {
  test(`the counter mode keystream is that of ${name}`, () => {
    const stream = Buffer.alloc(SEGMENT_BYTES);
    new CounterMode(hex(key), hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD')).apply(stream, 0, SEGMENT_BYTES, 0, 0);
    assert.deepEqual(stream.subarray(0, 48), hex(first));
    assert.deepEqual(stream.subarray(-48), hex(last));
  });
}

test('counter mode is what a CTR cipher at the IV of RFC 3711 §4.1.1 gives, whatever came before', () => {
  const key = Buffer.alloc(16, 7);
  const salt = hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD');
  const mode = new CounterMode(key, salt);
  const packet = fc.record({
    ssrc: fc.nat(2 ** 32 - 1),
    index: fc.nat({ max: 2 ** 48 - 1 }),
    start: fc.nat(20),
    data: fc.uint8Array({ maxLength: 400 }),
  });
  fc.assert(
    fc.property(packet, ({ ssrc, index, start, data }) => {
      const from = Math.min(start, data.length);
      const iv = BigInt(`0x${salt.toString('hex')}0000`) ^ (BigInt(ssrc) << 64n) ^ (BigInt(index) << 16n);
      const cipher = createCipheriv('aes-128-ctr', key, hex(iv.toString(16).padStart(32, '0')));
      const expected = Buffer.concat([data.subarray(0, from), cipher.update(data.subarray(from))]);
      const actual = Buffer.from(data);
      mode.apply(actual, from, actual.length, ssrc, index);
      assert.deepEqual(actual, expected);
    }),
  );
});

test('HMAC-SHA1 gives the digests of RFC 2202 §3', () => {
  const digest = (key: Buffer, data: Buffer): string =>
    new HmacSha1(key).digest(data, data.length).toString('hex');
  assert.equal(
    digest(Buffer.alloc(20, 0x0b), Buffer.from('Hi There')),
    'b617318655057264e28bc0b6fb378c8ef146be00',
  );
  assert.equal(
    digest(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')),
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  );
  assert.equal(
    digest(Buffer.alloc(20, 0xaa), Buffer.alloc(50, 0xdd)),
    '125d7342b9ac11cd91a39af48aa17b4f63f175d3',
  );
});

test('HMAC-SHA1 is what the platform computes, message after message, with and without a suffix', () => {
  const key = Buffer.alloc(20, 9);
  const hmac = new HmacSha1(key);
  const suffix = fc.option(fc.nat(2 ** 32 - 1), { nil: undefined });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4000 }), suffix, fc.nat(10), (bytes, suffix, behind) => {
      const tail = Buffer.alloc(suffix === undefined ? 0 : 4);
      if (suffix !== undefined) tail.writeUInt32BE(suffix);
      const expected = createHmac('sha1', key).update(bytes).update(tail).digest();
      const message = Buffer.concat([bytes, Buffer.alloc(behind)]);
      assert.deepEqual(hmac.digest(message, bytes.length, suffix), expected);
    }),
  );
  assert.throws(() => new HmacSha1(Buffer.alloc(65)), RangeError);
});
