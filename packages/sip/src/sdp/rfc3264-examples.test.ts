// The published examples, audio parts: RFC 3264 §10. Other media are refused with port 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffer } from './create-offer.ts';
import type { Direction, SessionDescription } from './description.ts';
import type { LocalAudio, LocalCodec } from './local-audio.ts';
import type { NegotiatedAudio } from './negotiated-audio.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveOffer } from './receive-offer.ts';
import { startSdpSession, type SdpSession } from './sdp-session.ts';
import { serializeSdp } from './serialize-sdp.ts';
import { createRandom, localAudio, PCMU, sdp } from './testing/audio-fixtures.ts';

const G723: LocalCodec = { name: 'G723', clockRate: 8000, payloadType: 4 };
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

test('RFC 3264 §10.1: audio accepted, video refused in place', () => {
  const first = answerTo(
    fresh(),
    [
      ...HEAD,
      'm=audio 49170 RTP/AVP 0',
      'a=rtpmap:0 PCMU/8000',
      'm=video 51372 RTP/AVP 31',
      'm=video 53000 RTP/AVP 32',
    ],
    { port: 49_920 },
  );
  assert.deepEqual(first.lines, [
    'm=audio 49920 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    'a=sendrecv',
    'm=video 0 RTP/AVP 31',
    'm=video 0 RTP/AVP 32',
  ]);
  // "At some point later, Bob decides to change the port": the closed lines keep their places.
  const offer = createOffer(first.session, {
    local: localAudio({ port: 65_422, codecs: [PCMU], dtmfEvents: false }),
    randomBytes,
  });
  assert.ok(offer.ok);
  assert.deepEqual(
    offer.offer.media.map((media) => `${media.kind} ${media.port}`),
    ['audio 65422', 'video 0', 'video 0'],
  );
  assert.equal(offer.offer.origin.version, '2');
  const answered = receiveAnswer(
    offer.session,
    sdp(
      ...HEAD,
      'm=audio 49170 RTP/AVP 0',
      'a=rtpmap:0 PCMU/8000',
      'm=video 0 RTP/AVP 31',
      'm=video 0 RTP/AVP 32',
    ),
  );
  assert.ok(answered.ok);
  assert.equal(answered.audio.remote.port, 49_170);
});

test('RFC 3264 §10.1: the second stream, spelled telephone-events, is refused beside the audio in use', () => {
  const first = answerTo(fresh(), [...HEAD, 'm=audio 49170 RTP/AVP 0'], {});
  const second = answerTo(
    first.session,
    [
      ...HEAD,
      'm=audio 65422 RTP/AVP 0',
      'm=audio 51434 RTP/AVP 110',
      'a=rtpmap:110 telephone-events/8000',
      'a=recvonly',
    ],
    {},
  );
  assert.deepEqual(
    second.answer.media.map((media) => media.port),
    [40_000, 0],
  );
});

test('RFC 3264 §10.2: inactive with three codecs, then locked down to one', () => {
  const first = answerTo(
    fresh(),
    [
      ...HEAD,
      'm=audio 62986 RTP/AVP 0 4 18',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:4 G723/8000',
      'a=rtpmap:18 G729/8000',
      'a=inactive',
    ],
    { port: 54_344, codecs: [PCMU, G723] },
  );
  assert.deepEqual(first.lines, [
    'm=audio 54344 RTP/AVP 0 4',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:4 G723/8000',
    'a=inactive',
  ]);
  const second = answerTo(
    first.session,
    [...HEAD, 'm=audio 62986 RTP/AVP 4', 'a=rtpmap:4 G723/8000', 'a=sendrecv'],
    { port: 54_344, codecs: [PCMU, G723] },
  );
  assert.deepEqual(second.lines, ['m=audio 54344 RTP/AVP 4', 'a=rtpmap:4 G723/8000', 'a=sendrecv']);
  assert.equal(Number(second.answer.origin.version), Number(first.answer.origin.version) + 1);
  assert.equal(second.audio?.codec.name, 'G723');
});
