// The published examples, audio parts: RFC 4317 §2–5. Other media are refused with port 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffer } from './create-offer.ts';
import type { Direction, SessionDescription } from './description.ts';
import type { LocalAudio } from './local-audio.ts';
import type { NegotiatedAudio } from './negotiated-audio.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveOffer } from './receive-offer.ts';
import { startSdpSession, type SdpSession } from './sdp-session.ts';
import { serializeSdp } from './serialize-sdp.ts';
import { createRandom, ILBC, localAudio, PCMA, PCMU, sdp } from './testing/audio-fixtures.ts';

const randomBytes = createRandom();
const fresh = (): SdpSession => startSdpSession({ sessionId: '2890844730', version: 1 });
const HEAD = [
  'v=0',
  'o=alice 2890844526 2890844526 IN IP4 198.51.100.1',
  's=-',
  'c=IN IP4 198.51.100.1',
  't=0 0',
];

function answerTo(
  session: SdpSession,
  lines: string[],
  overrides: Partial<LocalAudio>,
  direction?: Direction,
): { session: SdpSession; answer: SessionDescription; audio: NegotiatedAudio | undefined; lines: string[] } {
  const local = localAudio({ dtmfEvents: false, rtcpMux: false, ...overrides });
  const result = receiveOffer(session, sdp(...lines), { local, direction, randomBytes });
  assert.ok(result.ok, JSON.stringify(result));
  const text = serializeSdp(result.answer).split('\r\n');
  return { ...result, lines: text.filter((line) => /^m=|^a=(rtpmap|send|recv|inactive)/.test(line)) };
}

const AUDIO_VIDEO = [
  ...HEAD,
  'm=audio 49170 RTP/AVP 0 8 97',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:97 iLBC/8000',
  'm=video 51372 RTP/AVP 31 32',
  'a=rtpmap:31 H261/90000',
  'a=rtpmap:32 MPV/90000',
];

test('RFC 4317 §2.1: one codec of three', () => {
  const result = answerTo(fresh(), AUDIO_VIDEO, { port: 49_174, singleCodec: true });
  assert.equal(result.lines[0], 'm=audio 49174 RTP/AVP 0');
  assert.deepEqual(result.audio?.remote, {
    addressType: 'IP4',
    address: '198.51.100.1',
    port: 49_170,
    rtcpAddress: '198.51.100.1',
    rtcpPort: 49_171,
  });
});

test('RFC 4317 §2.2: two codecs, then one; the declined video stays with port 0', () => {
  const first = answerTo(fresh(), AUDIO_VIDEO, { port: 49_172 });
  assert.deepEqual(first.lines, [
    'm=audio 49172 RTP/AVP 0 8',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=sendrecv',
    'm=video 0 RTP/AVP 31 32',
  ]);
  const second = answerTo(
    first.session,
    [...HEAD, 'm=audio 51372 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 0 RTP/AVP 31'],
    { port: 49_172 },
  );
  assert.equal(second.lines[0], 'm=audio 49172 RTP/AVP 0');
  assert.equal(Number(second.answer.origin.version), Number(first.answer.origin.version) + 1);
});

test('RFC 4317 §2.3: an answer may renumber a dynamic payload type', () => {
  const offer = createOffer(fresh(), {
    local: localAudio({ codecs: [PCMU, PCMA, ILBC], dtmfEvents: false }),
    randomBytes,
  });
  assert.ok(offer.ok);
  const answered = receiveAnswer(offer.session, sdp('m=audio 49172 RTP/AVP 99', 'a=rtpmap:99 iLBC/8000'));
  assert.ok(answered.ok);
  const { codec, codecs } = answered.audio;
  assert.deepEqual([codec.name, codec.sendPayloadType, codec.receivePayloadType], ['iLBC', 99, 97]);
  assert.equal(codecs.length, 1);
});

test('RFC 4317 §2.4: audio taken, the separate telephone-event stream refused', () => {
  const result = answerTo(
    fresh(),
    [
      ...HEAD,
      'm=audio 49170 RTP/AVP 0 97',
      'a=rtpmap:97 iLBC/8000',
      'm=audio 49172 RTP/AVP 98',
      'a=rtpmap:98 telephone-event/8000',
      'a=sendonly',
    ],
    { codecs: [ILBC], dtmfEvents: '0-15' },
  );
  assert.deepEqual(
    result.answer.media.map((media) => [media.port, media.formats.join(' ')]),
    [
      [40_000, '97'],
      [0, '98'],
    ],
  );
});

test('RFC 4317 §2.5: a new address is followed, an unchanged answer keeps its version', () => {
  const lines = ['m=audio 49174 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'];
  const first = answerTo(fresh(), [...HEAD, ...lines], { codecs: [ILBC] });
  const moved = HEAD.map((line) => line.replace('c=IN IP4 198.51.100.1', 'c=IN IP4 198.51.100.99'));
  const second = answerTo(first.session, [...moved, ...lines], { codecs: [ILBC] });
  assert.equal(second.audio?.remote.address, '198.51.100.99');
  assert.equal(second.answer.origin.version, first.answer.origin.version);
});

test('RFC 4317 §2.6: the first audio stream is declined, the second with its tones accepted', () => {
  const result = answerTo(
    fresh(),
    [
      ...HEAD,
      'm=audio 49170 RTP/AVP 0',
      'm=audio 51372 RTP/AVP 97 101',
      'a=rtpmap:97 iLBC/8000',
      'a=rtpmap:101 telephone-event/8000',
    ],
    { codecs: [ILBC], dtmfEvents: '0-15' },
  );
  assert.deepEqual(result.lines, [
    'm=audio 0 RTP/AVP 0',
    'm=audio 40000 RTP/AVP 97 101',
    'a=rtpmap:97 iLBC/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
  ]);
  assert.equal(result.audio?.dtmf?.sendPayloadType, 101);
});

test('RFC 4317 §3.1: held by the answer, resumed by an offer', () => {
  const offer = createOffer(fresh(), {
    local: localAudio({ codecs: [PCMU, ILBC], dtmfEvents: false }),
    randomBytes,
  });
  assert.ok(offer.ok);
  const ilbc = ['m=audio 49172 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'];
  const held = receiveAnswer(offer.session, sdp(...HEAD, ...ilbc, 'a=sendonly'));
  assert.ok(held.ok);
  assert.deepEqual(
    [held.audio.direction, held.audio.heldByPeer, held.audio.heldByUs],
    ['recvonly', true, false],
  );
  const resumed = answerTo(held.session, [...HEAD, ...ilbc], { codecs: [PCMU, ILBC], port: 49_178 });
  assert.deepEqual([resumed.audio?.direction, resumed.audio?.heldByPeer], ['sendrecv', false]);
  assert.equal(resumed.lines[0], 'm=audio 49178 RTP/AVP 97');
});

test('RFC 4317 §4.1: a second audio stream is refused, the first undisturbed', () => {
  const ilbc = ['m=audio 49170 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'];
  const offer = createOffer(fresh(), {
    local: localAudio({ codecs: [PCMU, ILBC], dtmfEvents: false }),
    randomBytes,
  });
  assert.ok(offer.ok);
  const answered = receiveAnswer(offer.session, sdp(...HEAD, ...ilbc));
  assert.ok(answered.ok);
  const tones = [
    'm=audio 48282 RTP/AVP 98',
    'c=IN IP4 198.51.100.50',
    'a=rtpmap:98 telephone-event/8000',
    'a=recvonly',
  ];
  const second = answerTo(answered.session, [...HEAD, ...ilbc, ...tones], { codecs: [PCMU, ILBC] });
  assert.deepEqual(
    second.answer.media.map((media) => media.port),
    [40_000, 0],
  );
  assert.equal(second.audio?.remote.address, '198.51.100.1');
});

test('RFC 4317 §4.3: audio goes on when video is deleted', () => {
  const first = answerTo(fresh(), AUDIO_VIDEO, {});
  const deleted = AUDIO_VIDEO.map((line) => line.replace('m=video 51372', 'm=video 0'));
  assert.equal(answerTo(first.session, deleted, {}).audio?.direction, 'sendrecv');
});

test('RFC 4317 §5.1: no media, then audio added', () => {
  const first = answerTo(fresh(), HEAD, {});
  assert.equal(first.audio, undefined);
  assert.deepEqual(first.answer.media, []);
  const second = answerTo(first.session, [...HEAD, 'm=audio 49170 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'], {
    codecs: [ILBC],
  });
  assert.equal(second.audio?.codec.name, 'iLBC');
  assert.equal(Number(second.answer.origin.version), Number(first.answer.origin.version) + 1);
});

test('RFC 4317 §5.2 and RFC 3264 §8.4: nothing is sent to c=0.0.0.0, the answer is a normal one', () => {
  const ilbc = ['m=audio 23442 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'];
  const hole = HEAD.map((line) => line.replace('c=IN IP4 198.51.100.1', 'c=IN IP4 0.0.0.0'));
  const first = answerTo(fresh(), [...hole, ...ilbc], { codecs: [ILBC] });
  assert.equal(first.lines.at(-1), 'a=sendrecv');
  assert.deepEqual([first.audio?.direction, first.audio?.heldByPeer], ['recvonly', true]);
  const second = answerTo(first.session, [...HEAD, ...ilbc], { codecs: [ILBC] });
  assert.deepEqual([second.audio?.direction, second.audio?.heldByPeer], ['sendrecv', false]);
  assert.equal(second.answer.origin.version, first.answer.origin.version);
});

test('RFC 4317 §5.3: the answer is the black hole', () => {
  const offer = createOffer(fresh(), { local: localAudio({ codecs: [ILBC] }), randomBytes });
  assert.ok(offer.ok);
  const hole = HEAD.map((line) => line.replace('c=IN IP4 198.51.100.1', 'c=IN IP4 0.0.0.0'));
  const answered = receiveAnswer(
    offer.session,
    sdp(...hole, 'm=audio 9322 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000'),
  );
  assert.ok(answered.ok);
  assert.deepEqual([answered.audio.direction, answered.audio.heldByPeer], ['recvonly', true]);
});
