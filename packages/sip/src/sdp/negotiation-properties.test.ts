import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTelephoneEvent, readAudioFormats, sameCodec } from './audio-format.ts';
import { createOffer } from './create-offer.ts';
import type { Direction, SessionDescription } from './description.ts';
import type { LocalAudio } from './local-audio.ts';
import type { NegotiatedAudio } from './negotiated-audio.ts';
import { parseSdp } from './parse-sdp.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveOffer } from './receive-offer.ts';
import { startSdpSession, type SdpSession } from './sdp-session.ts';
import { serializeSdp } from './serialize-sdp.ts';
import { DEFAULT_SUITES } from './srtp-suites.ts';
import { createRandom, G722, G729, ILBC, localAudio, OPUS, PCMA, PCMU } from './testing/audio-fixtures.ts';

const randomBytes = createRandom();
const codecs = [PCMU, PCMA, G722, G729, ILBC, OPUS];

const local = fc
  .record({
    codecs: fc.shuffledSubarray(codecs, { minLength: 1 }),
    dtmfEvents: fc.constantFrom<string | false>('0-15', '0-16', '0-11', false),
    srtp: fc.constantFrom<LocalAudio['srtp']>('off', 'optional', 'required'),
    suites: fc.shuffledSubarray([...DEFAULT_SUITES], { minLength: 1 }),
    rtcpMux: fc.boolean(),
    codecOrder: fc.constantFrom<'offerer' | 'local'>('offerer', 'local'),
    singleCodec: fc.boolean(),
    ptimeMs: fc.constantFrom(10, 20, 30),
  })
  .map((overrides) => localAudio(overrides));

/** Numbers dynamic types differently on each side. */
const renumber = (audio: LocalAudio, by: number): LocalAudio => ({
  ...audio,
  codecs: audio.codecs.map((codec) =>
    codec.payloadType < 96 ? codec : { ...codec, payloadType: codec.payloadType + by },
  ),
});

const direction = fc.constantFrom<Direction>('sendrecv', 'sendonly', 'recvonly', 'inactive');

/** Through text, as on the wire. */
function transmit(description: SessionDescription): SessionDescription {
  const parsed = parseSdp(Buffer.from(serializeSdp(description)));
  assert.ok(parsed.ok);
  return parsed.description;
}

function assertPaired(a: NegotiatedAudio, b: NegotiatedAudio): void {
  const table = (audio: NegotiatedAudio, of: 'sendPayloadType' | 'receivePayloadType') =>
    audio.codecs
      .map((codec) => `${codec[of]} ${codec.name.toUpperCase()} ${codec.clockRate}/${codec.channels}`)
      .sort();
  assert.deepEqual(table(a, 'sendPayloadType'), table(b, 'receivePayloadType'));
  assert.deepEqual(table(b, 'sendPayloadType'), table(a, 'receivePayloadType'));
  assert.equal(a.dtmf?.sendPayloadType, b.dtmf?.receivePayloadType);
  assert.equal(a.dtmf?.events, b.dtmf?.events);
  assert.equal(
    a.direction
      .replace(/send|recv/g, (part) => (part === 'send' ? 'recv' : 'send'))
      .replace('recvsend', 'sendrecv'),
    b.direction,
  );
  assert.equal(a.rtcpMux, b.rtcpMux);
  assert.equal(a.srtp?.suite, b.srtp?.suite);
  assert.deepEqual(a.srtp?.localKey.key, b.srtp?.remoteKeys[0]?.key);
  assert.deepEqual(b.srtp?.localKey.key, a.srtp?.remoteKeys[0]?.key);
  assert.deepEqual(a.srtp?.localKey.salt, b.srtp?.remoteKeys[0]?.salt);
}

interface Pair {
  readonly offerer: SdpSession;
  readonly answerer: SdpSession;
}

/** One exchange; undefined when it was refused. */
function exchange(
  pair: Pair,
  offering: LocalAudio,
  answering: LocalAudio,
  wanted: Direction,
  accepted: Direction,
) {
  const offer = createOffer(pair.offerer, { local: offering, direction: wanted, randomBytes });
  assert.ok(offer.ok);
  const answer = receiveOffer(pair.answerer, transmit(offer.offer), {
    local: answering,
    direction: accepted,
    randomBytes,
  });
  if (!answer.ok) return undefined;
  const done = receiveAnswer(offer.session, transmit(answer.answer));
  assert.ok(done.ok, JSON.stringify(done));
  assert.ok(answer.audio);
  return {
    offer: offer.offer,
    answer: answer.answer,
    ours: done,
    theirs: { ...answer, audio: answer.audio },
  };
}

const start = (): Pair => ({
  offerer: startSdpSession({ sessionId: '1' }),
  answerer: startSdpSession({ sessionId: '2' }),
});

test('every accepted pair decodes symmetrically and the answer names nothing that was not offered', () => {
  fc.assert(
    fc.property(
      local,
      local,
      fc.integer({ min: 0, max: 20 }),
      direction,
      direction,
      (a, b, by, wanted, accepted) => {
        const result = exchange(start(), renumber(a, by), b, wanted, accepted);
        if (!result) return;
        assertPaired(result.ours.audio, result.theirs.audio);
        const [offered, answered] = [result.offer.media[0]!, result.answer.media[0]!];
        const formats = readAudioFormats(offered);
        for (const format of readAudioFormats(answered)) {
          const same = formats.find((candidate) => candidate.payloadType === format.payloadType);
          assert.ok(same && (isTelephoneEvent(same) || sameCodec(same, format)));
        }
        assert.equal(result.answer.media.length, result.offer.media.length);
        assert.equal(answered.protocol, offered.protocol);
        if (a.srtp === 'required' || b.srtp === 'required') assert.ok(result.ours.audio.srtp);
        if (a.srtp === 'off' || b.srtp === 'off') assert.equal(result.ours.audio.srtp, undefined);
      },
    ),
    { numRuns: 500 },
  );
});

test('any run of offers from either side keeps both ends in step and versions rising', () => {
  const step = fc.tuple(fc.boolean(), direction, direction);
  fc.assert(
    fc.property(local, local, fc.array(step, { minLength: 1, maxLength: 6 }), (a, b, steps) => {
      const sides = [
        { local: a, session: startSdpSession({ sessionId: '1' }) },
        { local: renumber(b, 9), session: startSdpSession({ sessionId: '2' }) },
      ] as const;
      const sessions = [sides[0].session, sides[1].session];
      const meanings = [new Map<string, string>(), new Map<string, string>()];
      for (const [fromFirst, wanted, accepted] of steps) {
        const [from, to] = fromFirst ? [0, 1] : [1, 0];
        const versions = sessions.map((session) => session.version);
        const pair = { offerer: sessions[from]!, answerer: sessions[to]! };
        const result = exchange(pair, sides[from]!.local, sides[to]!.local, wanted, accepted);
        if (!result) return;
        assertPaired(result.ours.audio, result.theirs.audio);
        sessions[from] = result.ours.session;
        sessions[to] = result.theirs.session;
        for (const [index, session] of sessions.entries()) {
          assert.ok(session.version - versions[index]! <= 1 && session.version >= versions[index]!);
        }
        for (const [index, description] of [
          [from!, result.offer],
          [to!, result.answer],
        ] as const) {
          for (const format of readAudioFormats(description.media[0]!)) {
            const meaning = `${format.name.toUpperCase()}/${format.clockRate}`;
            const before = meanings[index]!.get(`${format.payloadType}`);
            assert.ok(
              before === undefined || before === meaning,
              `${format.payloadType}: ${before} → ${meaning}`,
            );
            meanings[index]!.set(`${format.payloadType}`, meaning);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

const BASE = serializeSdp(
  (() => {
    const offer = createOffer(startSdpSession({ sessionId: '1' }), {
      local: localAudio({ codecs, srtp: 'optional' }),
      randomBytes,
    });
    assert.ok(offer.ok);
    return offer.offer;
  })(),
);

test('a mutated offer or answer never throws, and never yields a codec we do not have', () => {
  const edit = fc.record({ at: fc.nat(BASE.length), cut: fc.nat(12), text: fc.string({ maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 4 }), local, (edits, audio) => {
      let text = BASE;
      for (const { at, cut, text: inserted } of edits)
        text = text.slice(0, at) + inserted + text.slice(at + cut);
      const parsed = parseSdp(text);
      if (!parsed.ok) return;
      const session = startSdpSession({ sessionId: '2' });
      const answer = receiveOffer(session, parsed.description, { local: audio, randomBytes });
      const names = audio.codecs.map((codec) => codec.name.toUpperCase());
      if (answer.ok && answer.audio) {
        for (const codec of answer.audio.codecs) assert.ok(names.includes(codec.name.toUpperCase()));
        assert.ok(parseSdp(serializeSdp(answer.answer)).ok);
      }
      const mine = createOffer(session, { local: audio, randomBytes });
      assert.ok(mine.ok);
      const done = receiveAnswer(mine.session, parsed.description);
      if (done.ok) for (const codec of done.audio.codecs) assert.ok(names.includes(codec.name.toUpperCase()));
    }),
    { numRuns: 1500 },
  );
});
