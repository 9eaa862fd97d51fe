import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameCodec } from './audio-format.ts';
import { isUnspecified, readAllAudio, readAudioMedia, type AudioMedia } from './audio-media.ts';
import { holdDirection, intersectDirections, mirrorDirection } from './direction.ts';
import {
  answerParameters,
  commonEvents,
  compatibleParameters,
  formatEvents,
  readEvents,
} from './format-parameters.ts';
import { decideIncomingOffer, glareRetryDelayMs, mayOffer } from './glare.ts';
import { parseSdp } from './parse-sdp.ts';
import { addressScope, checkMediaReach, isLocalAddress } from './private-address.ts';
import { sdp } from './testing/audio-fixtures.ts';

function audio(...lines: string[]): AudioMedia {
  const media = readAudioMedia(sdp(...lines), 0);
  assert.ok(media);
  return media;
}

test('static payload types need no rtpmap, dynamic ones without it are left out', () => {
  const media = audio(
    'm=audio 4000 RTP/AVP 0 8 9 18 96 97 0 200 x',
    'a=rtpmap:97 opus/48000/2',
    'a=fmtp:97 cbr=1',
  );
  assert.deepEqual(
    media.formats.map(({ payloadType, name, clockRate, channels }) => [
      payloadType,
      name,
      clockRate,
      channels,
    ]),
    [
      [0, 'PCMU', 8000, 1],
      [8, 'PCMA', 8000, 1],
      [9, 'G722', 8000, 1],
      [18, 'G729', 8000, 1],
      [97, 'opus', 48000, 2],
    ],
  );
  assert.equal(media.formats.at(-1)?.fmtp, 'cbr=1');
});

test('media level overrides session level for address, direction and ptime', () => {
  const head = ['v=0', 'o=- 1 1 IN IP4 a', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', 'a=sendonly', 'a=ptime:30'];
  const inherited = audio(...head, 'm=audio 4000 RTP/AVP 0');
  assert.deepEqual(
    [inherited.connection?.address, inherited.direction, inherited.ptimeMs],
    ['192.0.2.1', 'sendonly', 30],
  );
  const own = audio(
    ...head,
    'm=audio 4000 RTP/AVP 0',
    'c=IN IP6 2001:db8::1',
    'a=recvonly',
    'a=ptime:20.5',
    'a=maxptime:60',
  );
  assert.deepEqual(
    [own.connection?.address, own.direction, own.ptimeMs, own.maxptimeMs],
    ['2001:db8::1', 'recvonly', 20, 60],
  );
  assert.equal(audio('m=audio 4000 RTP/AVP 0').direction, 'sendrecv');
});

test('rtcp, rtcp-mux, candidates and fingerprints', () => {
  const media = audio(
    'm=audio 4000 RTP/AVP 0',
    'a=rtcp:4010 IN IP4 192.0.2.99',
    'a=rtcp-mux',
    'a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host',
    'a=fingerprint:sha-256 AA:BB',
  );
  assert.deepEqual(media.rtcp, { port: 4010, address: '192.0.2.99' });
  assert.equal(media.rtcpMux, true);
  assert.equal(media.candidates.length, 1);
  assert.equal(media.fingerprints[0], 'sha-256 AA:BB');
  assert.equal(audio('m=audio 4000 RTP/AVP 0', 'a=rtcp:0').rtcp, undefined);
  assert.equal(audio('m=audio 4000 RTP/AVP 0', 'a=rtcp:99999').rtcp, undefined);
});

test('an unusable crypto line does not hide a usable one', () => {
  const media = audio(
    'm=audio 4000 RTP/SAVP 0',
    'a=crypto:1 F8_128_HMAC_SHA1_80 inline:x',
    'a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
  );
  assert.deepEqual(
    media.crypto.map((crypto) => crypto.tag),
    [2],
  );
  assert.match(media.unusableCrypto.join(), /F8_128/);
});

test('every spelling of the null address is a hold', () => {
  for (const address of ['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '0::0'])
    assert.ok(isUnspecified(address), address);
  for (const address of ['10.0.0.0', '::1', '0.0.0.0.example', '0:0'])
    assert.ok(!isUnspecified(address), address);
});

test('G.722 is one codec under both clock rates, other codecs differ by rate and channels', () => {
  assert.ok(sameCodec({ name: 'g722', clockRate: 16000 }, { name: 'G722', clockRate: 8000 }));
  assert.ok(!sameCodec({ name: 'L16', clockRate: 16000 }, { name: 'L16', clockRate: 8000 }));
  assert.ok(!sameCodec({ name: 'opus', clockRate: 48000, channels: 2 }, { name: 'opus', clockRate: 48000 }));
});

test('telephone-event ranges: read, met, written short', () => {
  assert.equal(formatEvents(readEvents('0-15,32,36')), '0-15,32,36');
  assert.equal(formatEvents(readEvents(undefined)), '0-15');
  assert.equal(formatEvents(readEvents('nonsense')), '0-15');
  assert.equal(formatEvents(readEvents('events=0-11')), '0-11');
  assert.equal(commonEvents('0-16', '0-15'), '0-15');
  assert.equal(commonEvents('0-15', '0-16'), '0-15');
  assert.equal(commonEvents(undefined, '0-16'), '0-15');
  assert.equal(commonEvents('32', '0-15'), undefined);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 }),
      (events) => {
        assert.deepEqual(
          [...readEvents(formatEvents(events))],
          [...events].sort((a, b) => a - b),
        );
      },
    ),
  );
});

test('parameters that must agree do', () => {
  assert.equal(answerParameters('G729', undefined, 'annexb=no'), 'annexb=no');
  assert.equal(answerParameters('G729', 'annexb=no', undefined), 'annexb=no');
  assert.equal(answerParameters('G729', 'annexb=yes', undefined), undefined);
  assert.equal(answerParameters('iLBC', 'mode=20', 'mode=20'), 'mode=20');
  assert.equal(answerParameters('iLBC', 'mode=20', undefined), 'mode=30');
  assert.equal(answerParameters('opus', 'stereo=1', 'useinbandfec=1'), 'useinbandfec=1');
  assert.ok(!compatibleParameters('AMR', 'octet-align=1', undefined));
  assert.ok(compatibleParameters('AMR', 'mode-set=7; octet-align=1', 'octet-align=1'));
});

test('directions mirror and meet', () => {
  const all = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
  assert.deepEqual(all.map(mirrorDirection), ['sendrecv', 'recvonly', 'sendonly', 'inactive']);
  for (const a of all) {
    assert.equal(mirrorDirection(mirrorDirection(a)), a);
    assert.equal(intersectDirections(a, 'sendrecv'), a);
    for (const b of all) assert.equal(intersectDirections(a, b), intersectDirections(b, a));
  }
  assert.equal(holdDirection('sendrecv', true), 'sendonly');
  assert.equal(holdDirection('sendrecv', false), 'inactive');
  assert.equal(holdDirection('recvonly', true), 'inactive');
});

test('the retry delay after 491 keeps to RFC 3261 §14.1', () => {
  assert.equal(
    glareRetryDelayMs(true, () => 0),
    2100,
  );
  assert.equal(
    glareRetryDelayMs(false, () => 0),
    0,
  );
  fc.assert(
    fc.property(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (owner, random) => {
      const delay = glareRetryDelayMs(owner, () => random);
      assert.equal(delay % 10, 0);
      assert.ok(owner ? delay >= 2100 && delay <= 4000 : delay >= 0 && delay <= 2000);
    }),
  );
});

test('crossing offers: 491 while ours is out, 500 while theirs is unanswered', () => {
  const decide = (localPending: boolean, remotePending: boolean, random = 0.5) =>
    decideIncomingOffer({ localPending, remotePending }, () => random);
  assert.deepEqual(decide(false, false), { action: 'accept' });
  assert.deepEqual(decide(true, false), { action: 'refuse', status: 491 });
  assert.deepEqual(decide(false, true), { action: 'refuse', status: 500, retryAfterSeconds: 5 });
  assert.deepEqual(decide(true, true, 0.999), { action: 'refuse', status: 500, retryAfterSeconds: 10 });
  assert.ok(mayOffer({ localPending: false, remotePending: false }));
  assert.ok(!mayOffer({ localPending: false, remotePending: true }));
});

test('address scopes', () => {
  const scopes: [string, string][] = [
    ['8.8.8.8', 'public'],
    ['10.1.2.3', 'private'],
    ['172.15.0.1', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'shared'],
    ['100.128.0.1', 'public'],
    ['127.0.0.1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['0.0.0.0', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['192.0.2.1', 'documentation'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fd00::1', 'private'],
    ['[fe80::1%eth0]', 'link-local'],
    ['ff02::1', 'multicast'],
    ['::ffff:10.0.0.1', 'private'],
    ['2001:db8::1', 'documentation'],
    ['2a00:1450::1', 'public'],
    ['pbx.example', 'name'],
    ['', 'name'],
  ];
  for (const [address, scope] of scopes) assert.equal(addressScope(address), scope, address);
});

test('a private media address behind public signalling is reported, both private is not', () => {
  const reach = checkMediaReach('192.168.1.5', '203.0.113.9');
  assert.ok(!reach.reachable);
  assert.match(reach.detail, /192\.168\.1\.5 .*203\.0\.113\.9/);
  assert.ok(checkMediaReach('192.168.1.5', '10.0.0.1').reachable);
  assert.ok(checkMediaReach('198.51.100.1', '203.0.113.9').reachable);
  assert.ok(checkMediaReach('media.example', '203.0.113.9').reachable);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => void isLocalAddress(address)),
  );
});

test('reading audio never throws on any description that parses', () => {
  const names = fc.constantFrom(
    'rtpmap',
    'fmtp',
    'crypto',
    'rtcp',
    'ptime',
    'maxptime',
    'candidate',
    'rtcp-mux',
  );
  const value = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('97 opus/48000/2', '101 0-15', '99999', '1 '),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, value), { maxLength: 12 }), (attributes) => {
      const lines = attributes.map(([name, text]) => `a=${name}:${text.replace(/[\r\n\0]/g, '')}\r\n`);
      const parsed = parseSdp(`v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 9 RTP/AVP 0 97 101\r\n${lines.join('')}`);
      if (parsed.ok) readAllAudio(parsed.description);
    }),
    { numRuns: 500 },
  );
});
