import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  parseMessage,
  serializeErrorResponse,
  serializeMessage,
  type SipParseError,
} from '../../src/index.ts';
import { CARRIER_INVITE } from '../fuzz/samples.ts';

const LINES = [
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
  'From: <sip:a@example.com>;tag=1',
  'To: <sip:b@example.com>',
  'Call-ID: c1',
  'CSeq: 1 OPTIONS',
];

function wire(startLine: string, lines: readonly string[] = LINES, body = ''): Buffer {
  return Buffer.from(`${[startLine, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

function without(name: string): readonly string[] {
  return LINES.filter((line) => !line.startsWith(name));
}

function refusal(bytes: Buffer, limits = {}): SipParseError {
  const result = parseMessage(bytes, { limits });
  assert.ok(!result.ok);
  return result.error;
}

const OPTIONS = 'OPTIONS sip:b@example.com SIP/2.0';

describe('datagrams', () => {
  test('CRLFs before the start line are skipped (RFC 3261 §7.5)', () => {
    assert.ok(parseMessage(Buffer.concat([Buffer.from('\r\n\r\n'), CARRIER_INVITE])).ok);
  });

  test('a datagram without Content-Length has the rest as its body (RFC 3261 §18.3)', () => {
    const result = parseMessage(wire(OPTIONS, LINES, 'hello'));
    assert.ok(result.ok);
    assert.equal(result.message.body.toString(), 'hello');
    assert.equal(result.message.contentLength, undefined);
  });

  test('the same Content-Length twice is no conflict', () => {
    const result = parseMessage(wire(OPTIONS, [...LINES, 'l: 2', 'Content-Length: 2'], 'hello'));
    assert.ok(result.ok);
    assert.equal(result.message.body.toString(), 'he');
  });

  test('the version is compared without case (RFC 3261 §7.1)', () => {
    assert.ok(parseMessage(wire('OPTIONS sip:b@example.com sip/2.0')).ok);
  });

  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['CRLF CRLF', Buffer.from('\r\n\r\n')],
    ['four zero octets', Buffer.alloc(4)],
  ] as const) {
    test(`${name} is a keep-alive, which is not answered`, () => {
      const error = refusal(bytes);
      assert.equal(error.code, 'keep-alive');
      assert.equal(error.answerable, false);
    });
  }

  test('what is not SIP is dropped', () => {
    for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\u0000\u0001binary', 'hello', '\r\nx']) {
      const error = refusal(Buffer.from(text));
      assert.equal(error.code, 'not-sip', text);
      assert.equal(error.answerable, false);
    }
  });

  test('a header section in Latin-1 is read as the phone meant it', () => {
    const latin1 = wire(OPTIONS, [...LINES, 'Subject: João']).toString('utf8');
    const result = parseMessage(Buffer.from(latin1, 'latin1'));
    assert.ok(result.ok);
    assert.equal(result.message.headers.first('Subject'), 'João');
  });

  test('a replacement character that was sent as such stays', () => {
    const result = parseMessage(wire(OPTIONS, [...LINES, 'Subject: a\uFFFDé']));
    assert.ok(result.ok);
    assert.equal(result.message.headers.first('Subject'), 'a\uFFFDé');
  });
});

describe('errors carry what is needed to answer', () => {
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    test(`${name} is mandatory (RFC 3261 §8.1.1)`, () => {
      const error = refusal(wire(OPTIONS, without(name)));
      assert.equal(error.code, 'missing-header');
      assert.equal(error.status, 400);
      assert.equal(error.header, name);
      assert.equal(error.reasonPhrase, `Bad Request (${name}: the header is missing)`);
      assert.equal(error.method, 'OPTIONS');
      assert.equal(error.via?.branch, 'z9hG4bK1');
      assert.ok(error.answerable);
    });
  }

  test('without a Via there is nobody to answer', () => {
    const error = refusal(wire(OPTIONS, without('Via')));
    assert.equal(error.answerable, false);
  });

  test('the answer is a response that parses, to the sender, with a To tag', () => {
    const error = refusal(wire(OPTIONS, [...without('CSeq'), 'CSeq: x OPTIONS', 'Broken line']));
    assert.ok(error.via !== undefined);
    const top = error.via.withParam('received', '198.51.100.9');
    const bytes = serializeErrorResponse(error, 'tt', top);
    assert.equal(
      bytes?.toString(),
      [
        'SIP/2.0 400 Bad Request (a header line has no colon)',
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;received=198.51.100.9',
        'From: <sip:a@example.com>;tag=1',
        'To: <sip:b@example.com>;tag=tt',
        'Call-ID: c1',
        'CSeq: x OPTIONS',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
  });

  test('no text from the wire gets into the reason phrase', () => {
    const error = refusal(wire(OPTIONS, [...LINES, 'evil name: <script>']));
    assert.equal(error.reasonPhrase, 'Bad Request (a header name has a character that is not allowed)');
  });

  for (const [name, line] of [
    ['a bare LF', 'Subject: a\nEvil: 1'],
    ['a bare CR', 'Subject: a\rb'],
    ['a bare CR before a fold', 'Subject: a\r b'],
    ['a bare LF inside a fold', 'Subject: a\r\n b\n c'],
  ] as const) {
    test(`${name} in a header is refused, so it can never be echoed`, () => {
      const error = refusal(wire(OPTIONS, [...LINES, line]));
      assert.equal(error.status, 400);
      assert.equal(error.recovered.has('Subject'), false);
      assert.equal(serializeErrorResponse(error, 't')?.includes('Evil'), false);
    });
  }

  test('a head that never ends is told so', () => {
    const error = refusal(Buffer.from(`${[OPTIONS, ...LINES].join('\r\n')}\r\n`));
    assert.equal(error.code, 'missing-empty-line');
    assert.ok(error.answerable);
  });

  test('a response that cannot be parsed is dropped', () => {
    for (const line of [
      'SIP/2.0 99 x',
      'SIP/2.0 700 x',
      'SIP/2.0 2000 x',
      'SIP/3.0 200 OK',
      'SIP/2.0 20x OK',
      'SIP/2.0',
    ]) {
      const error = refusal(wire(line));
      assert.equal(error.subject, 'response', line);
      assert.equal(error.answerable, false);
    }
  });
});

describe('limits', () => {
  test('a message that is too large is answered 513', () => {
    const error = refusal(wire(OPTIONS, LINES, 'x'.repeat(70_000)));
    assert.equal(error.code, 'message-too-large');
    assert.equal(error.status, 513);
    assert.ok(error.answerable);
  });

  test('a head that is too large is answered 513', () => {
    const padding = Array.from({ length: 60 }, (_, i) => `X-${i}: ${'y'.repeat(1000)}`);
    const error = refusal(wire(OPTIONS, [...LINES, ...padding]));
    assert.equal(error.status, 513);
    assert.ok(error.answerable);
  });

  test('too many headers, too long a header, too many parameters, too many values', () => {
    assert.equal(refusal(wire(OPTIONS, [...LINES, ...Array(200).fill('a: b')])).code, 'too-many-headers');
    assert.equal(refusal(wire(OPTIONS, [...LINES, `a: ${'b'.repeat(9000)}`])).code, 'malformed-header');
    assert.equal(refusal(wire(OPTIONS, [...LINES, `a: b\r\n ${'b'.repeat(9000)}`])).code, 'malformed-header');
    assert.equal(
      refusal(wire(OPTIONS, [`${LINES[0]}${';a'.repeat(65)}`, ...LINES.slice(1)])).code,
      'malformed-header',
    );
  });

  test('every limit can be changed', () => {
    const many = wire(OPTIONS, [...LINES, ...Array(300).fill('a: b')], 'x'.repeat(70_000));
    assert.ok(parseMessage(many, { limits: { maxHeaders: 400, maxMessageBytes: 100_000 } }).ok);
    assert.equal(refusal(wire(OPTIONS), { maxHeaders: 4 }).code, 'too-many-headers');
  });
});

test('a message that is only parsed and written comes out in the same order with the same names', () => {
  const result = parseMessage(CARRIER_INVITE);
  assert.ok(result.ok);
  assert.equal(serializeMessage(result.message).toString(), CARRIER_INVITE.toString());
});
