import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { CounterModeTransform } from './counter-mode-transform.ts';
import { deriveSessionKeys, type SessionKeys } from './derive-keys.ts';
import { GcmTransform } from './gcm-transform.ts';
import { SrtpSender } from './srtp-sender.ts';
import { suiteFacts } from './suites.ts';
import { hex, masterKey, rtcp, rtp, sealRtcp, sealRtp } from './testing/packets.ts';

const NO_MKI = Buffer.alloc(0);
const NO_AUTH_KEY = Buffer.alloc(0);

/** RFC 7714 §16 and §17 give session keys, so the vectors start behind the key derivation. */
const GCM_SALT = hex('517569642070726f2071756f');
const GCM_KEYS = {
  AEAD_AES_128_GCM: hex('000102030405060708090a0b0c0d0e0f'),
  AEAD_AES_256_GCM: hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
} as const;

function gcm(suite: keyof typeof GCM_KEYS): GcmTransform {
  const keys: SessionKeys = { cipherKey: GCM_KEYS[suite], authKey: NO_AUTH_KEY, salt: GCM_SALT };
  return new GcmTransform(suiteFacts(suite), keys, keys);
}

const RTP_HEADER = '8040f17b8041f8d35501a0b2';
const RTP_PLAIN = hex(
  RTP_HEADER,
  '47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573',
);
const RTP_INDEX = 0xf17b;

const RTCP_HEADER = '81c8000d4d617273';
const RTCP_BODY = '4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef';
const RTCP_PLAIN = hex(RTCP_HEADER, RTCP_BODY);
const RTCP_INDEX = 0x5d4;

const VECTORS = [
  {
    suite: 'AEAD_AES_128_GCM',
    rtp: 'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833 899d7f27beb16a9152cf765ee4390cce',
    rtcp: '63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b c84aa45896cf4d2fc5abf87245d9eade',
    taggedRtcp: '841dd9683dd78ec92ae58790125f62b3',
  },
  {
    suite: 'AEAD_AES_256_GCM',
    rtp: '32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b 7aa3db36dfffd6b0f9bb7878d7a76c13',
    rtcp: 'd50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad 1d1eb30c4446839f57ff6f6cb26ac3be',
    taggedRtcp: '91db4afbfeee5a978fab4393ed2615fe',
  },
] as const;

for (const vector of VECTORS) {
  test(`${vector.suite} makes and reads the SRTP packet of RFC 7714 §16`, () => {
    const sealed = hex(RTP_HEADER, vector.rtp);
    const packet = Buffer.concat([RTP_PLAIN, Buffer.alloc(16)]);
    const transform = gcm(vector.suite);
    assert.equal(transform.sealRtp(packet, 12, RTP_PLAIN.length, NO_MKI, RTP_INDEX), sealed.length);
    assert.deepEqual(packet, sealed);
    assert.equal(transform.openRtp(packet, 12, sealed.length, 0, RTP_INDEX), RTP_PLAIN.length);
    assert.deepEqual(packet.subarray(0, RTP_PLAIN.length), RTP_PLAIN);
  });

  test(`${vector.suite} makes and reads the SRTCP packet of RFC 7714 §17`, () => {
    const sealed = hex(RTCP_HEADER, vector.rtcp, '800005d4');
    const packet = Buffer.concat([RTCP_PLAIN, Buffer.alloc(20)]);
    const transform = gcm(vector.suite);
    assert.equal(transform.sealRtcp(packet, RTCP_PLAIN.length, NO_MKI, RTCP_INDEX), sealed.length);
    assert.deepEqual(packet, sealed);
    assert.equal(transform.openRtcp(packet, sealed.length, 0), RTCP_PLAIN.length);
    assert.deepEqual(packet.subarray(0, RTCP_PLAIN.length), RTCP_PLAIN);
  });

  test(`${vector.suite} reads the tagged, unencrypted SRTCP packet of RFC 7714 §17`, () => {
    const sealed = hex(RTCP_HEADER, RTCP_BODY, vector.taggedRtcp, '000005d4');
    assert.equal(gcm(vector.suite).openRtcp(sealed, sealed.length, 0), RTCP_PLAIN.length);
    assert.deepEqual(sealed.subarray(0, RTCP_PLAIN.length), RTCP_PLAIN);
  });
}

/** The same packet by the platform's CTR cipher and Hmac, written from RFC 3711 §4.1.1 and §4.2. */
function reference(
  keys: SessionKeys,
  plain: Buffer,
  clearBytes: number,
  ssrc: number,
  index: number,
): Buffer {
  const salt = BigInt(`0x${keys.salt.toString('hex')}0000`);
  const iv = salt ^ (BigInt(ssrc) << 64n) ^ (BigInt(index) << 16n);
  const algorithm = keys.cipherKey.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr';
  const cipher = createCipheriv(algorithm, keys.cipherKey, hex(iv.toString(16).padStart(32, '0')));
  return Buffer.concat([plain.subarray(0, clearBytes), cipher.update(plain.subarray(clearBytes))]);
}

const sha1 = (key: Buffer, ...parts: Buffer[]): Buffer =>
  createHmac('sha1', key).update(Buffer.concat(parts)).digest();

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

for (const suite of ['AES_CM_128_HMAC_SHA1_32', 'AES_256_CM_HMAC_SHA1_80'] as const) {
  test(`${suite} lays out SRTP and SRTCP with MKI, CSRCs and extension as RFC 3711 §3.1 and §3.4 draw them`, () => {
    const mki = hex('f3a14671');
    const master = masterKey(suite, 5, { mki });
    const facts = suiteFacts(suite);
    const keys = deriveSessionKeys(facts, master.key, master.salt);
    const sender = new SrtpSender(suite, [master]);
    const plain = rtp({ sequence: 65_535, csrcs: 2, extensionWords: 3 });
    const next = rtp({ sequence: 0, csrcs: 2, extensionWords: 3 });
    sealRtp(sender, plain);
    const cipherText = reference(keys.rtp, next, 36, 0xcafe_babe, 65_536);
    const tag = sha1(keys.rtp.authKey, cipherText, word(1)).subarray(0, facts.rtpTagBytes);
    assert.deepEqual(sealRtp(sender, next), Buffer.concat([cipherText, mki, tag]));

    sealRtcp(sender, rtcp());
    const control = Buffer.concat([reference(keys.rtcp, rtcp(), 8, 0xcafe_babe, 1), word(0x8000_0001)]);
    const controlTag = sha1(keys.rtcp.authKey, control).subarray(0, 10);
    assert.deepEqual(sealRtcp(sender, rtcp()), Buffer.concat([control, mki, controlTag]));
  });
}

test('an unencrypted SRTCP packet is authenticated and taken as it is (RFC 3711 §3.4, E flag)', () => {
  const suite = 'AES_CM_128_HMAC_SHA1_80';
  const master = masterKey(suite);
  const facts = suiteFacts(suite);
  const { rtp: rtpKeys, rtcp: rtcpKeys } = deriveSessionKeys(facts, master.key, master.salt);
  const body = Buffer.concat([rtcp(), word(77)]);
  const packet = Buffer.concat([body, sha1(rtcpKeys.authKey, body).subarray(0, 10)]);
  const transform = new CounterModeTransform(facts, rtpKeys, rtcpKeys);
  assert.equal(transform.openRtcp(packet, packet.length, 0), rtcp().length);
  assert.deepEqual(packet.subarray(0, rtcp().length), rtcp());
});
