import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SessionDescription } from './description.ts';
import { parseSdp, SDP_LIMITS } from './parse-sdp.ts';
import { serializeSdp } from './serialize-sdp.ts';

const HEAD = 'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\n';

function read(text: string | Uint8Array): SessionDescription {
  const parsed = parseSdp(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.description;
}

function errorOf(text: string | Uint8Array): string {
  const parsed = parseSdp(text);
  assert.ok(!parsed.ok);
  return `${parsed.error.code} ${parsed.error.line}`;
}

test('every field of a usual carrier description', () => {
  const description = read(
    `${HEAD}c=IN IP4 192.0.2.2\r\nb=AS:84\r\nt=0 0\r\na=sendrecv\r\n` +
      'm=audio 49170 RTP/AVP 0 101\r\nc=IN IP6 2001:db8::9\r\na=rtpmap:101 telephone-event/8000\r\na=x-odd\r\n',
  );
  assert.deepEqual(description.origin, {
    username: '-',
    sessionId: '1',
    version: '2',
    addressType: 'IP4',
    address: '192.0.2.1',
  });
  assert.deepEqual(description.connection, { addressType: 'IP4', address: '192.0.2.2', suffix: undefined });
  assert.deepEqual(description.other, [{ type: 'b', value: 'AS:84' }]);
  assert.deepEqual(description.attributes, [{ name: 'sendrecv' }]);
  const [media] = description.media;
  assert.deepEqual(media?.formats, ['0', '101']);
  assert.equal(media?.connection?.address, '2001:db8::9');
  assert.deepEqual(media?.attributes, [
    { name: 'rtpmap', value: '101 telephone-event/8000' },
    { name: 'x-odd' },
  ]);
});

test('what sloppy peers send is read', () => {
  const loose = read(
    'v=0\no=My Gateway 1 a IN IP4 pbx.example\na=recvonly\nc=in ip4 192.0.2.2  \n\nm=AUDIO 4000/2  rtp/avp 8 \ns=late\n',
  );
  assert.equal(loose.origin.username, 'My Gateway');
  assert.equal(loose.name, 'late');
  assert.deepEqual(loose.times, ['0 0']);
  assert.equal(loose.connection?.addressType, 'IP4');
  assert.deepEqual(
    [loose.media[0]?.kind, loose.media[0]?.protocol, loose.media[0]?.portCount],
    ['audio', 'RTP/AVP', 2],
  );
  assert.equal(read('\r\nv=0\ro=- 1 1 IN IP4 a\rs= \r').name, '-');
  assert.deepEqual(read(Buffer.from(HEAD)).media, []);
  assert.equal(read(`${HEAD}c=IN IP4 224.2.1.1/127/3\r\n`).connection?.suffix, '127/3');
});

test('errors say what and where', () => {
  assert.equal(errorOf(''), 'not-sdp 0');
  assert.equal(errorOf('\r\n\r\n'), 'not-sdp 0');
  assert.equal(errorOf('hello'), 'not-sdp 1');
  assert.equal(errorOf('v=1\r\n'), 'bad-version 1');
  assert.equal(errorOf('v=0\r\ns=-\r\n'), 'bad-origin 0');
  assert.equal(errorOf('v=0\r\no=- 1 1 IN IP4\r\n'), 'bad-origin 2');
  assert.equal(errorOf(`${HEAD}o=- 1 1 IN IP4 a\r\n`), 'bad-origin 4');
  assert.equal(errorOf(`${HEAD}c=IN IP4\r\n`), 'bad-connection 4');
  assert.equal(errorOf(`${HEAD}c=IN IP4 a\tb\r\n`), 'bad-connection 4');
  assert.equal(errorOf(`${HEAD}m=audio 65536 RTP/AVP 0\r\n`), 'bad-media 4');
  assert.equal(errorOf(`${HEAD}m=audio -1 RTP/AVP 0\r\n`), 'bad-media 4');
  assert.equal(errorOf(`${HEAD}m=audio\r\n`), 'bad-media 4');
  assert.equal(errorOf(`${HEAD}A=x\r\n`), 'bad-line 4');
  assert.equal(errorOf(`${HEAD}a=x\0y\r\n`), 'bad-line 4');
});

test('size, lines, line length, m= lines and formats are bounded', () => {
  assert.equal(errorOf('v'.repeat(SDP_LIMITS.bytes + 1)), 'too-large 0');
  assert.equal(errorOf(HEAD + 'a=x\r\n'.repeat(SDP_LIMITS.lines)), 'too-large 0');
  assert.equal(errorOf(`${HEAD}a=${'x'.repeat(SDP_LIMITS.lineChars)}\r\n`), 'too-large 4');
  assert.match(errorOf(HEAD + 'm=audio 1 RTP/AVP 0\r\n'.repeat(SDP_LIMITS.media + 1)), /^too-large/);
  assert.equal(errorOf(`${HEAD}m=audio 1 RTP/AVP${' 0'.repeat(200)}\r\n`), 'bad-media 4');
});

test('lines are written in the order of RFC 8866 §5 whatever order they came in', () => {
  const text = serializeSdp(
    read('v=0\r\no=- 1 1 IN IP4 a\r\na=x\r\nt=0 0\r\nb=AS:1\r\nc=IN IP4 a\r\nz=1\r\ni=info\r\n'),
  );
  assert.equal(text.replace(/=[^\r]*\r\n/g, ''), 'vosicbtza');
});

test('a value with line breaks cannot add lines', () => {
  const description = { ...read(HEAD), name: 'x\r\nm=audio 1 RTP/AVP 0' };
  assert.equal(read(serializeSdp(description)).media.length, 0);
});

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
const word = fc.stringMatching(/^[A-Za-z0-9.+-]{1,12}$/);
const attribute = fc.oneof(
  record({ name: word }),
  record({ name: word, value: fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/) }),
);
const connection = record({
  addressType: fc.constantFrom('IP4', 'IP6'),
  address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
  suffix: fc.constantFrom(undefined, '127', '127/2'),
});
const media = record({
  kind: fc.constantFrom('audio', 'video', 'image'),
  port: fc.integer({ min: 0, max: 65_535 }),
  portCount: fc.integer({ min: 1, max: 9 }),
  protocol: fc.constantFrom('RTP/AVP', 'RTP/SAVP', 'UDPTL', 'UDP/TLS/RTP/SAVPF'),
  formats: fc.array(word, { minLength: 1, maxLength: 6 }),
  connection,
  other: fc.constantFrom([], [{ type: 'b', value: 'AS:64' }]),
  attributes: fc.array(attribute, { maxLength: 6 }),
});
const description = record({
  origin: record({
    username: word,
    sessionId: word,
    version: word,
    addressType: fc.constantFrom('IP4', 'IP6'),
    address: fc.ipV4(),
  }),
  name: word,
  connection,
  times: fc.constantFrom(['0 0'], ['1 2', '3 4']),
  other: fc.constantFrom(
    [],
    [
      { type: 'i', value: 'x' },
      { type: 'k', value: 'clear:y' },
    ],
  ),
  attributes: fc.array(attribute, { maxLength: 4 }),
  media: fc.array(media, { maxLength: 4 }),
});

test('a description survives writing and reading', () => {
  fc.assert(
    fc.property(description, (original) => {
      assert.deepEqual(read(serializeSdp(original)), original);
    }),
    { numRuns: 300 },
  );
});

const fragment = fc.oneof(
  fc.constantFrom(
    'v=0',
    'o=- 1 1 IN IP4 a',
    's=',
    'c=IN IP4 1.2.3.4',
    'm=audio 9 RTP/AVP 0',
    'a=:',
    'a=a:',
    'b=',
    '=',
  ),
  fc.string({ maxLength: 20 }),
);

test('arbitrary text and bytes never throw; what is read once reads the same again', () => {
  const property = (text: string): void => {
    const first = parseSdp(text);
    if (!first.ok) return;
    const written = serializeSdp(first.description);
    assert.equal(serializeSdp(read(written)), written);
  };
  fc.assert(fc.property(fc.array(fragment), (lines) => property(lines.join('\n'))));
  fc.assert(
    fc.property(fc.array(fragment), (lines) =>
      property(`${HEAD}${lines.map((line) => `${line}\r\n`).join('')}`),
    ),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void parseSdp(bytes)));
});
