import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffer, type OfferResult } from './create-offer.ts';
import { attributeValues, type Direction, type SessionDescription } from './description.ts';
import { holdDirection } from './direction.ts';
import type { LocalAudio } from './local-audio.ts';
import { previewAnswer, receiveAnswer } from './receive-answer.ts';
import { receiveOffer, refuseEveryLine, type AnswerResult } from './receive-offer.ts';
import { everywhere, refuseSdp } from './refusal.ts';
import { startSdpSession, withdrawOffer, type SdpSession } from './sdp-session.ts';
import { serializeSdp } from './serialize-sdp.ts';
import { createRandom, G722, G729, localAudio, OPUS, PCMA, PCMU, sdp } from './testing/audio-fixtures.ts';

const randomBytes = createRandom();
const fresh = (): SdpSession => startSdpSession({ sessionId: '77', version: 5 });

function offerOf(session: SdpSession, overrides: Partial<LocalAudio> = {}, direction?: Direction) {
  const result: OfferResult = createOffer(session, { local: localAudio(overrides), direction, randomBytes });
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

function answerOf(
  session: SdpSession,
  offer: SessionDescription,
  overrides: Partial<LocalAudio> = {},
  direction?: Direction,
) {
  const result: AnswerResult = receiveOffer(session, offer, {
    local: localAudio(overrides),
    direction,
    randomBytes,
  });
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

function refusalOf(offer: SessionDescription, overrides: Partial<LocalAudio> = {}) {
  const result = receiveOffer(fresh(), offer, { local: localAudio(overrides), randomBytes });
  assert.ok(!result.ok);
  return result.refusal;
}

const attributes = (description: SessionDescription, name: string): string[] =>
  attributeValues(description.media[0]?.attributes ?? [], name);

const PLAIN = [
  'm=audio 6000 RTP/AVP 0 8 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:30',
];

test('an offer lists codecs in our order, one telephone-event per clock rate, ptime and rtcp-mux', () => {
  const { offer } = offerOf(fresh(), { codecs: [OPUS, G722, PCMA], rtcpPort: 50_000 });
  assert.deepEqual(offer.media[0]?.formats, ['96', '9', '8', '101', '97']);
  assert.deepEqual(attributes(offer, 'rtpmap'), [
    '96 opus/48000/2',
    '9 G722/8000',
    '8 PCMA/8000',
    '101 telephone-event/48000',
    '97 telephone-event/8000',
  ]);
  assert.deepEqual(attributes(offer, 'fmtp'), ['96 useinbandfec=1', '101 0-15', '97 0-15']);
  assert.deepEqual([attributes(offer, 'ptime'), attributes(offer, 'rtcp')], [['20'], ['50000']]);
  assert.equal(attributes(offer, 'rtcp-mux').length, 1);
});

test('the first offer carries the version it was started with', () => {
  assert.equal(offerOf(fresh()).offer.origin.version, '5');
  assert.equal(offerOf(fresh()).session.phase, 'offered');
});

test('an answer keeps the offerer order, echoes payload types and meets DTMF events', () => {
  const { answer, audio } = answerOf(fresh(), sdp(...PLAIN), { codecs: [PCMA, PCMU] });
  assert.deepEqual(answer.media[0]?.formats, ['0', '8', '101']);
  assert.deepEqual(attributes(answer, 'fmtp'), ['101 0-15']);
  assert.equal(audio?.codec.name, 'PCMU');
  assert.deepEqual([audio?.dtmf?.sendPayloadType, audio?.dtmf?.events], [101, '0-15']);
  assert.deepEqual([audio?.sendPtimeMs, audio?.receivePtimeMs], [30, 30]);
  const ours = answerOf(fresh(), sdp(...PLAIN), { codecs: [PCMA, PCMU], codecOrder: 'local' });
  assert.equal(ours.audio?.codec.name, 'PCMA');
});

test('a packet time we cannot follow is answered with ours, maxptime bounds what we send', () => {
  const offer = sdp('m=audio 6000 RTP/AVP 0', 'a=ptime:55', 'a=maxptime:40');
  const { answer, audio } = answerOf(fresh(), offer);
  assert.deepEqual(attributes(answer, 'ptime'), ['20']);
  assert.equal(audio?.sendPtimeMs, 40);
});

test('DTMF goes with the clock rate of the codec, or with what there is', () => {
  const both = sdp(
    'm=audio 6000 RTP/AVP 96 97 98',
    'a=rtpmap:96 opus/48000/2',
    'a=rtpmap:97 telephone-event/8000',
    'a=rtpmap:98 telephone-event/48000',
  );
  assert.equal(answerOf(fresh(), both, { codecs: [OPUS] }).audio?.dtmf?.sendPayloadType, 98);
  const only = sdp(
    'm=audio 6000 RTP/AVP 96 97',
    'a=rtpmap:96 opus/48000/2',
    'a=rtpmap:97 telephone-event/8000',
  );
  assert.equal(answerOf(fresh(), only, { codecs: [OPUS] }).audio?.dtmf?.sendPayloadType, 97);
  const none = answerOf(fresh(), both, { codecs: [OPUS], dtmfEvents: false });
  assert.deepEqual([none.audio?.dtmf, none.answer.media[0]?.formats], [undefined, ['96']]);
});

test('rtcp-mux needs both sides (RFC 5761 §5.1.1)', () => {
  const mux = sdp(...PLAIN, 'a=rtcp-mux', 'a=rtcp:7000');
  assert.equal(answerOf(fresh(), mux).audio?.remote.rtcpPort, 6000);
  assert.equal(answerOf(fresh(), mux, { rtcpMux: false }).audio?.remote.rtcpPort, 7000);
  assert.equal(answerOf(fresh(), sdp(...PLAIN)).audio?.rtcpMux, false);
});

test('delayed offer: offer in the 200, answer in the ACK', () => {
  const uas = offerOf(fresh());
  const uac = answerOf(startSdpSession({ sessionId: '1' }), uas.offer);
  const done = receiveAnswer(uas.session, uac.answer);
  assert.ok(done.ok);
  assert.equal(done.session.phase, 'stable');
  assert.equal(done.audio.direction, 'sendrecv');
});

test('an unacceptable offer in a 200 still gets an answer for the ACK', () => {
  const offer = sdp('m=audio 6000 RTP/AVP 3', 'm=video 1 RTP/AVP 31');
  const { answer, audio } = refuseEveryLine(fresh(), offer, localAudio());
  assert.equal(audio, undefined);
  assert.deepEqual(
    answer.media.map((media) => [media.port, media.formats.join()]),
    [
      [0, '3'],
      [0, '31'],
    ],
  );
});

test('hold and resume from our side: version rises, payload types and other lines stay', () => {
  const start = answerOf(fresh(), sdp(...PLAIN, 'm=video 9 RTP/AVP 31'));
  const hold = offerOf(start.session, {}, holdDirection('sendrecv', true));
  assert.equal(hold.offer.origin.version, '6');
  assert.equal(attributes(hold.offer, 'sendonly').length, 1);
  assert.deepEqual(hold.offer.media[1]?.port, 0);
  const held = receiveAnswer(hold.session, sdp(...PLAIN, 'a=recvonly', 'm=video 0 RTP/AVP 31'));
  assert.ok(held.ok);
  assert.deepEqual(
    [held.audio.direction, held.audio.heldByUs, held.audio.heldByPeer],
    ['sendonly', true, false],
  );
  const resume = offerOf(held.session);
  assert.equal(resume.offer.origin.version, '7');
  const resumed = receiveAnswer(resume.session, sdp(...PLAIN, 'm=video 0 RTP/AVP 31'));
  assert.ok(resumed.ok);
  assert.deepEqual([resumed.audio.direction, resumed.audio.heldByUs], ['sendrecv', false]);
});

test('held by the peer in every form', () => {
  const hold = (...lines: string[]) => answerOf(fresh(), sdp(...PLAIN, ...lines));
  const cases: [string, string, Direction][] = [
    ['a=sendonly', 'recvonly', 'recvonly'],
    ['a=inactive', 'inactive', 'inactive'],
    ['c=IN IP4 0.0.0.0', 'sendrecv', 'recvonly'],
  ];
  for (const [line, written, direction] of cases) {
    const { answer, audio } = hold(line);
    assert.equal(attributes(answer, written).length, 1, line);
    assert.deepEqual([audio?.direction, audio?.heldByPeer], [direction, true], line);
  }
  const both = answerOf(fresh(), sdp(...PLAIN, 'a=sendonly'), {}, 'sendonly');
  assert.deepEqual(
    [both.audio?.direction, both.audio?.heldByPeer, both.audio?.heldByUs],
    ['inactive', true, true],
  );
});

test('who holds is remembered while our own hold hides it', () => {
  const start = answerOf(fresh(), sdp(...PLAIN, 'a=sendonly'));
  const hold = offerOf(start.session, {}, holdDirection('recvonly', true));
  const held = receiveAnswer(hold.session, sdp(...PLAIN, 'a=inactive'));
  assert.ok(held.ok);
  assert.deepEqual([held.audio.heldByPeer, held.audio.heldByUs], [true, true]);
});

test('an unchanged re-offer (session timer) changes nothing, not even the version', () => {
  const first = answerOf(fresh(), sdp(...PLAIN));
  const again = answerOf(first.session, sdp(...PLAIN));
  assert.equal(serializeSdp(again.answer), serializeSdp(first.answer));
  assert.deepEqual(again.audio, first.audio);
});

test('a payload type keeps its meaning for the whole session (RFC 3264 §8.3.2)', () => {
  const offer = sdp('m=audio 6000 RTP/AVP 0 96', 'a=rtpmap:96 telephone-event/8000');
  const first = answerOf(fresh(), offer, { codecs: [OPUS, PCMU] });
  const mine = offerOf(first.session, { codecs: [OPUS, PCMU] });
  assert.deepEqual(attributes(mine.offer, 'rtpmap'), [
    '97 opus/48000/2',
    '0 PCMU/8000',
    '101 telephone-event/48000',
    '96 telephone-event/8000',
  ]);
});

test('offers that cross are glare; a failed offer leaves the agreement and its version counts', () => {
  const start = answerOf(fresh(), sdp(...PLAIN));
  const mine = offerOf(start.session, {}, 'inactive');
  const theirs = receiveOffer(mine.session, sdp(...PLAIN), { local: localAudio(), randomBytes });
  assert.ok(!theirs.ok);
  assert.deepEqual([theirs.refusal.code, theirs.refusal.status], ['glare', 491]);
  const second = createOffer(mine.session, { local: localAudio(), randomBytes });
  assert.ok(!second.ok);
  assert.equal(second.refusal.code, 'offer-pending');
  const back = withdrawOffer(mine.session);
  assert.equal(back.phase, 'stable');
  assert.deepEqual(back.audio, start.audio);
  assert.equal(offerOf(back).offer.origin.version, '7');
  assert.equal(withdrawOffer(offerOf(fresh()).session).phase, 'idle');
});

test('early media from several forks is read without completing the offer', () => {
  const mine = offerOf(fresh());
  for (const address of ['203.0.113.1', '203.0.113.2']) {
    const preview = previewAnswer(mine.session, sdp('m=audio 7000 RTP/AVP 8', `c=IN IP4 ${address}`));
    assert.ok(preview.ok);
    assert.equal(preview.audio.remote.address, address);
  }
  const final = receiveAnswer(mine.session, sdp('m=audio 7100 RTP/AVP 0'));
  assert.ok(final.ok);
  assert.equal(final.audio.remote.port, 7100);
  assert.ok(!receiveAnswer(final.session, sdp('m=audio 7100 RTP/AVP 0')).ok);
  assert.ok(!previewAnswer(final.session, sdp('m=audio 7100 RTP/AVP 0')).ok);
});

test('answers that cannot be used are refused with a reason and withdraw the offer', () => {
  const mine = offerOf(fresh());
  const code = (...lines: string[]): string => {
    const result = receiveAnswer(mine.session, sdp(...lines));
    assert.ok(!result.ok);
    assert.equal(result.session.pending, undefined);
    return result.refusal.code;
  };
  assert.equal(code('m=audio 0 RTP/AVP 0'), 'peer-refused-audio');
  assert.equal(code('m=video 6000 RTP/AVP 31'), 'answer-mismatch');
  assert.equal(code('m=audio 6000 RTP/AVP 0', 'm=audio 6002 RTP/AVP 0'), 'answer-mismatch');
  assert.equal(code('m=audio 6000 RTP/AVP 3'), 'no-common-codec');
  assert.equal(code('m=audio 6000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'), 'no-common-codec');
  assert.equal(code('m=audio 6000 UDP/TLS/RTP/SAVP 0'), 'unsupported-transport');
  assert.equal(code('m=audio 6000 RTP/AVP 0', 'c=IN IP6 2001:db8::1'), 'unsupported-address');
});

test('an answer may rely on the rtpmap of the offer', () => {
  const mine = offerOf(fresh(), { codecs: [OPUS, PCMU] });
  const done = receiveAnswer(mine.session, sdp('m=audio 6000 RTP/AVP 96 101'));
  assert.ok(done.ok);
  assert.deepEqual([done.audio.codec.name, done.audio.dtmf?.clockRate], ['opus', 48_000]);
});

test('refusals carry a status, a warning and words a person can act on', () => {
  const codec = refusalOf(sdp('m=audio 6000 RTP/AVP 3 101', 'a=rtpmap:101 telephone-event/8000'), {
    codecs: [G729, PCMA],
  });
  assert.deepEqual([codec.status, codec.code, codec.warningCode], [488, 'no-common-codec', 305]);
  assert.equal(codec.reason, 'no common codec: offered GSM/8000; here G729/8000, PCMA/8000');
  assert.equal(everywhere(codec).status, 606);
  assert.equal(refusalOf(sdp('m=video 6000 RTP/AVP 31')).code, 'no-audio');
  assert.equal(refusalOf(sdp('m=audio 6000 RTP/AVP 0', 'c=IN IP6 ::1')).warningCode, 301);
  assert.equal(
    refusalOf(sdp('m=audio 6000 RTP/AVP 0', 'c=IN IP4 224.0.0.1/127')).code,
    'unsupported-address',
  );
  assert.equal(refusalOf(sdp('m=audio 6000 UDP/TLS/RTP/SAVPF 0')).code, 'unsupported-transport');
  const noAddress = sdp('v=0', 'o=- 1 1 IN IP4 a', 'm=audio 6000 RTP/AVP 0');
  assert.equal(refusalOf(noAddress).status, 400);
  const bad = refuseSdp({ code: 'bad-media', line: 3, message: 'broken' });
  assert.deepEqual(
    [bad.status, bad.reason],
    [400, 'the session description cannot be read: broken (line 3)'],
  );
  assert.equal(everywhere(bad).status, 400);
});

test('IPv6 both ways', () => {
  const { answer, audio } = answerOf(fresh(), sdp('m=audio 6000 RTP/AVP 0', 'c=IN IP6 2001:db8::7'), {
    address: '2001:db8::10',
  });
  assert.match(serializeSdp(answer), /o=- 77 5 IN IP6 2001:db8::10\r\n.*c=IN IP6 2001:db8::10\r\n/s);
  assert.equal(audio?.remote.address, '2001:db8::7');
});

test('a peer that closes audio leaves none; a later offer of ours reopens its line', () => {
  const start = answerOf(fresh(), sdp(...PLAIN));
  const closed = answerOf(start.session, sdp('m=audio 0 RTP/AVP 0'));
  assert.equal(closed.audio, undefined);
  assert.equal(closed.answer.media[0]?.port, 0);
  assert.equal(offerOf(closed.session).offer.media.length, 1);
});
