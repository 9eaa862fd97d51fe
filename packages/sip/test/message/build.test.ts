import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createRequest,
  createResponse,
  makeVia,
  NameAddr,
  parseMessage,
  serializeMessage,
  sipUri,
  updateHeaders,
  viaHeader,
  withBody,
  withTopVia,
  withUri,
  type RequestInit,
  type SipMessage,
  type SipRequest,
} from '../../src/index.ts';

const INIT: RequestInit = {
  method: 'INVITE',
  uri: sipUri({ user: 'bob', host: 'biloxi.com' }),
  via: makeVia({ transport: 'UDP', host: '192.0.2.1', port: 5060, branch: 'z9hG4bKnashds8' }),
  from: new NameAddr(sipUri({ user: 'alice', host: 'atlanta.com' }), 'Alice "A" \\').withTag('1928301774'),
  to: new NameAddr(sipUri({ user: 'bob', host: 'biloxi.com' })),
  callId: 'a84b4c76e66710',
  sequence: 314159,
};

function received(...lines: readonly string[]): SipRequest {
  const text = [
    'INVITE sip:bob@biloxi.com SIP/2.0',
    'Via: SIP/2.0/UDP p1;branch=z9hG4bKp1 , SIP/2.0/UDP a;branch=z9hG4bKa',
    'v: SIP/2.0/UDP b;branch=z9hG4bKb',
    'From: Alice <sip:alice@atlanta.com>;tag=1',
    'To: Bob <sip:bob@biloxi.com>',
    'Call-ID: c',
    'CSeq: 1 INVITE',
    'Record-Route: <sip:p1;lr>',
    'Record-Route: <sip:p2;lr>',
    'Timestamp: 54',
    ...lines,
    '',
    '',
  ].join('\r\n');
  const result = parseMessage(Buffer.from(text));
  assert.ok(result.ok && result.message.kind === 'request');
  return result.message;
}

const linesOf = (message: SipMessage): readonly string[] =>
  serializeMessage(message).toString().split('\r\n\r\n')[0]!.split('\r\n');

describe('requests', () => {
  test('the mandatory headers of RFC 3261 §8.1.1, quoting what needs it', () => {
    const request = createRequest({ ...INIT, body: Buffer.from('é'), contentType: 'text/plain' });
    assert.equal(
      serializeMessage(request).toString(),
      [
        'INVITE sip:bob@biloxi.com SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKnashds8',
        'Max-Forwards: 70',
        'From: "Alice \\"A\\" \\\\" <sip:alice@atlanta.com>;tag=1928301774',
        'To: <sip:bob@biloxi.com>',
        'Call-ID: a84b4c76e66710',
        'CSeq: 314159 INVITE',
        'Content-Type: text/plain',
        'Content-Length: 2',
        '',
        'é',
      ].join('\r\n'),
    );
  });

  test('a line break is refused wherever it is put', () => {
    const evil = 'x\r\nEvil: 1';
    const attempts: readonly Partial<RequestInit>[] = [
      { callId: evil },
      { method: evil },
      { contentType: evil },
      { headers: [['Subject', evil]] },
      { headers: [[evil, 'x']] },
      { from: new NameAddr(INIT.from.uri, evil) },
      { to: INIT.to.withTag(evil) },
      { via: INIT.via.withParam('x', evil) },
      { via: makeVia({ transport: 'UDP', host: evil, branch: 'b' }) },
      { uri: sipUri({ host: evil }) },
    ];
    for (const attempt of attempts) {
      assert.throws(
        () => createRequest({ ...INIT, ...attempt }),
        { name: 'HeaderSyntaxError' },
        JSON.stringify(attempt),
      );
    }
  });

  test('a line break in a user part or a URI parameter is escaped', () => {
    const uri = sipUri({ user: 'a\r\nb', host: 'h' });
    assert.equal(createRequest({ ...INIT, uri }).uri.toString(), 'sip:a%0D%0Ab@h');
  });
});

describe('responses (RFC 3261 §8.2.6)', () => {
  test('copy Via, From, To, Call-ID, CSeq and Record-Route in order, and add the To tag', () => {
    assert.deepEqual(linesOf(createResponse(received(), { status: 180, toTag: 'x' })), [
      'SIP/2.0 180 Ringing',
      'Via: SIP/2.0/UDP p1;branch=z9hG4bKp1 , SIP/2.0/UDP a;branch=z9hG4bKa',
      'v: SIP/2.0/UDP b;branch=z9hG4bKb',
      'From: Alice <sip:alice@atlanta.com>;tag=1',
      'To: "Bob" <sip:bob@biloxi.com>;tag=x',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      'Record-Route: <sip:p1;lr>',
      'Record-Route: <sip:p2;lr>',
      'Content-Length: 0',
    ]);
  });

  test('a 100 has the Timestamp and no To tag', () => {
    const lines = linesOf(createResponse(received(), { status: 100, toTag: 'x' }));
    assert.ok(lines.includes('To: Bob <sip:bob@biloxi.com>'));
    assert.ok(lines.includes('Timestamp: 54'));
    assert.ok(!lines.some((line) => line.startsWith('Record-Route')));
  });

  test('a tag that is there stays', () => {
    const request = updateHeaders(received(), (headers) => headers.set('To', '<sip:b@h>;tag=mine'));
    assert.equal(createResponse(request, { status: 200, toTag: 'x' }).to.tag, 'mine');
  });

  test('a phrase and a body of one’s own', () => {
    const response = createResponse(received(), {
      status: 486,
      reasonPhrase: 'Ocupado',
      body: Buffer.from('v=0\r\n'),
      contentType: 'application/sdp',
      headers: [['Retry-After', '5']],
    });
    assert.equal(linesOf(response)[0], 'SIP/2.0 486 Ocupado');
    assert.ok(linesOf(response).includes('Content-Length: 5'));
    assert.throws(() =>
      serializeMessage(createResponse(received(), { status: 200, reasonPhrase: 'a\r\nb' })),
    );
  });
});

describe('copies with changes', () => {
  test('the top Via alone is replaced on a line it shares', () => {
    const request = received();
    const changed = withTopVia(request, request.via.withParam('received', '198.51.100.1'));
    assert.equal(changed.via.received, '198.51.100.1');
    assert.deepEqual(
      changed.headers.values(viaHeader).map((via) => `${via.host} ${via.received ?? ''}`),
      ['p1 198.51.100.1', 'a ', 'b '],
    );
    assert.equal(request.via.received, undefined);
  });

  test('typed fields follow edited lines, and a broken edit is refused', () => {
    const request = updateHeaders(received(), (headers) => headers.set('CSeq', '2 INVITE'));
    assert.equal(request.cseq.sequence, 2);
    assert.throws(() => updateHeaders(request, (headers) => headers.remove('From')), {
      name: 'HeaderSyntaxError',
    });
  });

  test('body and Request-URI', () => {
    const request = withBody(received('Content-Type: a/b'), Buffer.from('xyz'), 'text/plain');
    assert.ok(linesOf(request).includes('Content-Length: 3'));
    assert.ok(linesOf(request).includes('Content-Type: text/plain'));
    assert.equal(withUri(request, sipUri({ host: 'next' })).uri.toString(), 'sip:next');
  });
});
