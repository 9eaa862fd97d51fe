// Published examples, typed from the RFC texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenge, serializeChallenge } from './challenge.ts';
import { parseCredentials, serializeCredentials } from './credentials.ts';
import { DigestClient } from './digest-client.ts';
import { computeHa1, computeResponse, computeUserhash } from './digest-response.ts';

const MUFASA_2617 = { username: 'Mufasa', password: 'Circle Of Life' };
const MUFASA_7616 = { username: 'Mufasa', password: 'Circle of Life' };
const JASON = { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?' };

function answerOnce(
  challenges: string[],
  identity: { username: string; password: string },
  cnonce: string,
  request: { method: string; uri: string },
  userhash = false,
): string {
  const client = new DigestClient({ identityFor: () => identity, createCnonce: () => cnonce, userhash });
  const answer = client.answer('www', challenges, request);
  assert.ok(answer.ok, JSON.stringify(answer));
  assert.equal(answer.headers.length, 1);
  return answer.headers[0]!.value;
}

test('RFC 2617 §3.5', () => {
  const challenge =
    'Digest realm="testrealm@host.com", qop="auth,auth-int", ' +
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  const request = { method: 'GET', uri: '/dir/index.html' };
  const value = answerOnce([challenge], MUFASA_2617, '0a4f113b', request);
  const parsed = parseCredentials(value);
  assert.ok(parsed.ok);
  assert.equal(parsed.credentials.response, '6629fae49393a05397450978507c4ef1');
  assert.equal(parsed.credentials.opaque, '5ccc069c403ebaf9f0171e9517f40e41');
  assert.equal(parsed.credentials.nc, '00000001');
  assert.equal(parsed.credentials.algorithm, undefined);
  assert.match(value, /, qop=auth, nc=00000001/);
});

const CHALLENGE_7616 = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const CNONCE_7616 = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const GET = { method: 'GET', uri: '/dir/index.html' };

test('RFC 7616 §3.9.1, MD5', () => {
  const value = answerOnce([CHALLENGE_7616('MD5')], MUFASA_7616, CNONCE_7616, GET);
  assert.match(value, /response="8ca523f5e9506fed4657c9700eebdbec"/);
  assert.match(value, /algorithm=MD5,/);
});

test('RFC 7616 §3.9.1, SHA-256, and the stronger one is chosen wherever it stands', () => {
  for (const order of [
    ['SHA-256', 'MD5'],
    ['MD5', 'SHA-256'],
  ]) {
    const value = answerOnce(order.map(CHALLENGE_7616), MUFASA_7616, CNONCE_7616, GET);
    assert.match(value, /response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"/);
    assert.match(value, /algorithm=SHA-256,/);
  }
});

test('RFC 7616 §3.9.2, SHA-512-256 with userhash, corrected by erratum 4897', () => {
  const challenge =
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
    'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
    'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';
  const cnonce = 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v';
  const request = { method: 'GET', uri: '/doe.json' };
  const value = answerOnce([challenge], JASON, cnonce, request, true);
  assert.match(value, /username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"/);
  assert.match(value, /response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"/);
  assert.match(value, /userhash=true/);
  assert.equal(
    computeUserhash('SHA-512-256', JASON.username, 'api@example.org'),
    '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
  );
  assert.match(answerOnce([challenge], JASON, cnonce, request), /username="Jäsøn Doe"/);
});

test('RFC 3261 §22.4: a server that sent no qop gets the RFC 2069 form', () => {
  const value = answerOnce(
    ['Digest realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", algorithm=MD5'],
    { username: 'bob', password: 'zanzibar' },
    'unused',
    { method: 'REGISTER', uri: 'sip:atlanta.com' },
  );
  assert.doesNotMatch(value, /cnonce|qop|nc=/);
  const ha1 = computeHa1('MD5', 'bob', 'atlanta.com', 'zanzibar');
  const nonce = '84a4cc6f3082121f32b42a2187831a9e';
  const response = computeResponse({
    algorithm: 'MD5',
    ha1,
    method: 'REGISTER',
    uri: 'sip:atlanta.com',
    nonce,
  });
  assert.ok(value.includes(`response="${response}"`));
});

test('RFC 3261 §20.7 and §20.27 header examples parse and write back', () => {
  const authorization = parseCredentials(
    'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", ' +
      'uri="sip:atlanta.com", response="7587245234b3434cc3412213e5f113a5432"',
  );
  assert.ok(authorization.ok);
  assert.equal(authorization.credentials.username, 'Alice');
  assert.deepEqual(parseCredentials(serializeCredentials(authorization.credentials)), authorization);
  const challenge = parseChallenge(
    'Digest realm="atlanta.com", domain="sip:ss1.carrier.com", qop="auth", ' +
      'nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5',
  );
  assert.ok(challenge.ok);
  assert.equal(challenge.challenge.opaque, '');
  assert.equal(challenge.challenge.stale, false);
  assert.deepEqual(parseChallenge(serializeChallenge(challenge.challenge)), challenge);
});

test('auth-int hashes the body', () => {
  const base = {
    ha1: 'a'.repeat(32),
    method: 'INVITE',
    uri: 'sip:x@y',
    nonce: 'n',
    nc: '00000001',
    cnonce: 'c',
  };
  const withBody = computeResponse({
    ...base,
    algorithm: 'MD5',
    qop: 'auth-int',
    body: Buffer.from('v=0\r\n'),
  });
  const without = computeResponse({ ...base, algorithm: 'MD5', qop: 'auth-int' });
  assert.notEqual(withBody, without);
});

test('credentials refuse what RFC 7616 §3.4 forbids', () => {
  const base = 'realm="r", nonce="n", uri="sip:r", response="00"';
  const reason = (text: string): string => {
    const parsed = parseCredentials(text);
    assert.ok(!parsed.ok);
    return `${parsed.reason} ${parsed.detail}`;
  };
  assert.equal(reason(`Digest ${base}`), 'missing-parameter username');
  assert.equal(reason(`Digest username="a", ${base}, qop=auth, cnonce="c"`), 'missing-parameter nc');
  assert.equal(reason(`Digest username="a", ${base}, qop=auth, nc=00000001`), 'missing-parameter cnonce');
  assert.match(reason(`Digest username="a", ${base}, qop=auth, nc=1x, cnonce="c"`), /^malformed/);
  assert.match(reason(`Digest username="a", username*=UTF-8''b, ${base}`), /username/);
  assert.match(reason(`Digest username*=UTF-8''%zz, ${base}`), /username/);
  const extended = parseCredentials(`Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ${base}`);
  assert.ok(extended.ok);
  assert.equal(extended.credentials.username, JASON.username);
});
