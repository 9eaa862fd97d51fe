import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffer } from './create-offer.ts';
import { createSrtpKey, parseCrypto, serializeCrypto } from './crypto-attribute.ts';
import { attributeValues, type SessionDescription } from './description.ts';
import type { LocalAudio } from './local-audio.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveOffer } from './receive-offer.ts';
import { startSdpSession } from './sdp-session.ts';
import type { SrtpSuite } from './srtp-suites.ts';
import { createRandom, localAudio, sdp } from './testing/audio-fixtures.ts';

const randomBytes = createRandom();

function line(tag: number, suite: SrtpSuite, params: string[] = []): string {
  const key = createSrtpKey(suite, randomBytes);
  return `a=crypto:${serializeCrypto({ tag, suite, suiteName: suite, keys: [key], sessionParams: params })}`;
}

const CM80 = line(1, 'AES_CM_128_HMAC_SHA1_80');
const GCM = line(2, 'AEAD_AES_256_GCM');
const PLAIN = 'm=audio 6000 RTP/AVP 0';
const SECURE = 'm=audio 6000 RTP/SAVP 0';

const cryptoOf = (description: SessionDescription, index = 0): string[] =>
  attributeValues(description.media[index]?.attributes ?? [], 'crypto');

function answer(lines: string[], overrides: Partial<LocalAudio>) {
  const session = startSdpSession({ sessionId: '1' });
  return receiveOffer(session, sdp(...lines), { local: localAudio(overrides), randomBytes });
}

function outcome(lines: string[], overrides: Partial<LocalAudio>): string {
  const result = answer(lines, overrides);
  if (!result.ok) return result.refusal.code;
  const protocol = result.answer.media.find((media) => media.port !== 0)?.protocol;
  return `${protocol} ${result.audio?.srtp?.suite ?? 'plain'}`;
}

test('what each policy makes of each kind of offer', () => {
  const table: [string[], LocalAudio['srtp'], string][] = [
    [[PLAIN], 'off', 'RTP/AVP plain'],
    [[PLAIN], 'optional', 'RTP/AVP plain'],
    [[PLAIN], 'required', 'srtp-required'],
    [[SECURE, CM80], 'off', 'srtp-disabled'],
    [[SECURE, CM80], 'optional', 'RTP/SAVP AES_CM_128_HMAC_SHA1_80'],
    [[SECURE, CM80], 'required', 'RTP/SAVP AES_CM_128_HMAC_SHA1_80'],
    [[SECURE], 'optional', 'no-common-suite'],
    [[PLAIN, CM80], 'off', 'RTP/AVP plain'],
    [[PLAIN, CM80], 'optional', 'RTP/AVP AES_CM_128_HMAC_SHA1_80'],
    [[PLAIN, CM80], 'required', 'RTP/AVP AES_CM_128_HMAC_SHA1_80'],
    [[SECURE, GCM, CM80], 'required', 'RTP/SAVP AEAD_AES_256_GCM'],
    [[PLAIN, SECURE, CM80], 'optional', 'RTP/SAVP AES_CM_128_HMAC_SHA1_80'],
    [[SECURE, CM80, PLAIN], 'off', 'RTP/AVP plain'],
    [['m=audio 6000 RTP/SAVPF 0', CM80], 'optional', 'RTP/SAVPF AES_CM_128_HMAC_SHA1_80'],
  ];
  for (const [lines, srtp, expected] of table)
    assert.equal(outcome(lines, { srtp }), expected, `${lines} ${srtp}`);
});

test('the answer repeats tag and suite name with a key of its own', () => {
  const result = answer([SECURE, GCM], { srtp: 'required' });
  assert.ok(result.ok);
  const parsed = parseCrypto(cryptoOf(result.answer)[0] ?? '');
  assert.ok(parsed.ok);
  assert.deepEqual([parsed.crypto.tag, parsed.crypto.suite], [2, 'AEAD_AES_256_GCM']);
  assert.deepEqual(result.audio?.srtp?.localKey.key, parsed.crypto.keys[0]?.key);
  assert.notDeepEqual(result.audio?.srtp?.localKey.key, result.audio?.srtp?.remoteKeys[0]?.key);
});

test('suites we do not want and session parameters we cannot do are passed over, and named when nothing is left', () => {
  assert.equal(
    outcome([SECURE, CM80, GCM], { srtp: 'required', suites: ['AEAD_AES_256_GCM'] }),
    'RTP/SAVP AEAD_AES_256_GCM',
  );
  const odd = answer([SECURE, line(3, 'AES_CM_128_HMAC_SHA1_80', ['UNENCRYPTED_SRTP'])], {
    srtp: 'required',
  });
  assert.ok(!odd.ok);
  assert.match(odd.refusal.reason, /crypto 3: UNENCRYPTED_SRTP/);
  const dtls = answer([SECURE, 'a=fingerprint:sha-256 AA'], { srtp: 'required' });
  assert.ok(!dtls.ok);
  assert.match(dtls.refusal.reason, /DTLS-SRTP only/);
});

test('our offers: no line when off, RTP/AVP with lines when optional, RTP/SAVP when required', () => {
  const offer = (srtp: LocalAudio['srtp']) => {
    const result = createOffer(startSdpSession({ sessionId: '1' }), {
      local: localAudio({ srtp }),
      randomBytes,
    });
    assert.ok(result.ok);
    return `${result.offer.media[0]?.protocol} ${cryptoOf(result.offer).length}`;
  };
  assert.equal(offer('off'), 'RTP/AVP 0');
  assert.equal(offer('optional'), 'RTP/AVP 6');
  assert.equal(offer('required'), 'RTP/SAVP 6');
});

test('both sides end with crossed keys', () => {
  for (const srtp of ['optional', 'required'] as const) {
    const offer = createOffer(startSdpSession({ sessionId: '1' }), {
      local: localAudio({ srtp }),
      randomBytes,
    });
    assert.ok(offer.ok);
    const theirs = receiveOffer(startSdpSession({ sessionId: '2' }), offer.offer, {
      local: localAudio({ srtp, suites: ['AEAD_AES_128_GCM'] }),
      randomBytes,
    });
    assert.ok(theirs.ok);
    const ours = receiveAnswer(offer.session, theirs.answer);
    assert.ok(ours.ok);
    assert.equal(ours.audio.srtp?.suite, 'AEAD_AES_128_GCM');
    assert.deepEqual(ours.audio.srtp?.localKey.key, theirs.audio?.srtp?.remoteKeys[0]?.key);
    assert.deepEqual(theirs.audio?.srtp?.localKey.key, ours.audio.srtp?.remoteKeys[0]?.key);
  }
});

test('an answer without SRTP, or with a line never offered, is judged by the policy', () => {
  const code = (srtp: LocalAudio['srtp'], ...lines: string[]): string => {
    const offer = createOffer(startSdpSession({ sessionId: '1' }), {
      local: localAudio({ srtp }),
      randomBytes,
    });
    assert.ok(offer.ok);
    const result = receiveAnswer(offer.session, sdp(...lines));
    return result.ok ? `ok ${result.audio.srtp?.suite ?? 'plain'}` : result.refusal.code;
  };
  assert.equal(code('optional', PLAIN), 'ok plain');
  assert.equal(code('required', PLAIN), 'srtp-required');
  assert.equal(code('optional', SECURE), 'answer-mismatch');
  assert.equal(code('required', SECURE, line(1, 'AEAD_AES_256_GCM')), 'answer-mismatch');
  assert.equal(code('off', SECURE, CM80), 'answer-mismatch');
  assert.equal(code('off', PLAIN, CM80), 'ok plain');
  assert.equal(code('optional', PLAIN, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUJD'), 'answer-mismatch');
  assert.equal(code('required', SECURE, CM80), 'ok AES_CM_128_HMAC_SHA1_80');
});

test('re-offers keep our keys (RFC 4568 §7.1.4)', () => {
  const first = answer([SECURE, CM80], { srtp: 'required' });
  assert.ok(first.ok);
  const held = receiveOffer(first.session, sdp(SECURE, CM80, 'a=sendonly'), {
    local: localAudio({ srtp: 'required' }),
    randomBytes,
  });
  assert.ok(held.ok);
  assert.deepEqual(held.audio?.srtp?.localKey, first.audio?.srtp?.localKey);
  const mine = createOffer(held.session, { local: localAudio({ srtp: 'required' }), randomBytes });
  assert.ok(mine.ok);
  assert.ok(cryptoOf(mine.offer).some((value) => value === cryptoOf(first.answer)[0]));
});
