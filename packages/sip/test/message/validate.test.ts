import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createFaultResponse,
  parseMessage,
  serializeMessage,
  validateRequest,
  validateResponse,
  type SipRequest,
  type ValidationRules,
} from '../../src/index.ts';

const RULES: ValidationRules = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'OPTIONS', 'REGISTER'],
  extensions: ['timer'],
};

function request(method: string, lines: readonly string[] = [], body = ''): SipRequest {
  const text = [
    `${method} sip:b@example.com SIP/2.0`,
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    'From: <sip:a@example.com>;tag=1',
    'To: <sip:b@example.com>',
    'Call-ID: c1',
    `CSeq: 1 ${method}`,
    ...lines,
    '',
    body,
  ].join('\r\n');
  const result = parseMessage(Buffer.from(text));
  assert.ok(result.ok && result.message.kind === 'request');
  return result.message;
}

const status = (message: SipRequest, rules: Partial<ValidationRules> = {}): number => {
  const result = validateRequest(message, { ...RULES, ...rules });
  return result.ok ? 200 : result.fault.status;
};

describe('RFC 3261 §8.2: what a server checks before it looks at the method', () => {
  test('an ordinary request passes', () => {
    assert.equal(
      status(request('INVITE', ['Require: timer', 'Content-Type: application/sdp'], 'v=0\r\n')),
      200,
    );
  });

  test('§8.2.1 methods: 405 for a known one, 501 for an unknown one, both with Allow', () => {
    for (const [method, expected] of [
      ['SUBSCRIBE', 405],
      ['FROB', 501],
      ['invite', 501],
    ] as const) {
      const message = request(method);
      const result = validateRequest(message, RULES);
      assert.ok(!result.ok);
      assert.equal(result.fault.status, expected);
      const answer = serializeMessage(createFaultResponse(message, result.fault, 'x')).toString();
      assert.ok(answer.includes('Allow: INVITE, ACK, CANCEL, OPTIONS, REGISTER\r\n'));
      assert.ok(answer.includes('To: <sip:b@example.com>;tag=x\r\n'));
    }
  });

  test('§8.2.2.3 Require is not looked at in CANCEL and ACK', () => {
    assert.equal(status(request('OPTIONS', ['Require: x'])), 420);
    assert.equal(status(request('CANCEL', ['Require: x'])), 200);
    assert.equal(status(request('ACK', ['Require: x'])), 200);
    assert.equal(status(request('OPTIONS', ['Proxy-Require: x'])), 200);
    assert.equal(status(request('OPTIONS', ['Require: x y'])), 400);
  });

  test('§8.2.3 bodies: type, coding, and the optional mark', () => {
    assert.equal(status(request('INVITE', ['Content-Type: text/plain'], 'x')), 415);
    assert.equal(
      status(
        request('INVITE', ['Content-Type: text/plain', 'Content-Disposition: x;handling=optional'], 'x'),
      ),
      200,
    );
    assert.equal(status(request('INVITE', ['c: application/sdp', 'e: gzip'], 'x')), 415);
    assert.equal(status(request('INVITE', [], 'x')), 400);
    assert.equal(status(request('INVITE', ['Content-Type: sdp'], 'x')), 400);
    assert.equal(status(request('INVITE', ['Content-Type: text/plain'])), 200);
    assert.equal(
      status(request('INVITE', ['Content-Type: text/plain'], 'x'), { contentTypes: ['text/plain'] }),
      200,
    );
  });

  test('Max-Forwards: malformed 400, past 255 as absent, none left only for a proxy', () => {
    assert.equal(status(request('OPTIONS', ['Max-Forwards: x'])), 400);
    assert.equal(status(request('OPTIONS', ['Max-Forwards: 300'])), 200);
    assert.equal(request('OPTIONS', ['Max-Forwards: 300']).maxForwards, undefined);
    assert.equal(status(request('OPTIONS', ['Max-Forwards: 0']), { role: 'proxy' }), 483);
    assert.equal(status(request('OPTIONS', ['Max-Forwards: 0'])), 200);
  });

  test('singletons, contacts and routes', () => {
    assert.equal(status(request('OPTIONS', ['From: <sip:x@y>'])), 400);
    assert.equal(status(request('OPTIONS', ['Expires: 1', 'Expires: 1'])), 400);
    assert.equal(status(request('REGISTER', ['Contact: *', 'Contact: <sip:a@h>'])), 400);
    assert.equal(status(request('REGISTER', ['Contact: *'])), 200);
    assert.equal(status(request('OPTIONS', ['Route: sip:a;lr'])), 400);
  });

  test('Accept of an INVITE must cover SDP', () => {
    assert.equal(status(request('INVITE', ['Accept: text/plain'])), 406);
    assert.equal(status(request('INVITE', ['Accept:'])), 406);
    assert.equal(status(request('INVITE', ['Accept: text/plain, application/*'])), 200);
    assert.equal(status(request('OPTIONS', ['Accept: text/plain'])), 200);
  });
});

test('a response is dropped when it has two Via or two of what it may have once', () => {
  const check = (...lines: readonly string[]): boolean => {
    const text = [
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP a',
      'From: <sip:a@h>;tag=1',
      'To: <sip:b@h>',
      'Call-ID: c',
    ];
    const parsed = parseMessage(Buffer.from([...text, 'CSeq: 1 INVITE', ...lines, '', ''].join('\r\n')));
    assert.ok(parsed.ok && parsed.message.kind === 'response');
    return validateResponse(parsed.message).ok;
  };
  assert.equal(check(), true);
  assert.equal(check('Via: SIP/2.0/UDP b'), false);
  assert.equal(check('Via: broken'), false);
  assert.equal(check('To: <sip:c@h>'), false);
});
