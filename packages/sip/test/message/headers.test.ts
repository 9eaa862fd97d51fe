import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allowHeader,
  assertedIdentityHeader,
  authorizationHeader,
  authParam,
  contactExpires,
  contactHeader,
  contactQ,
  contentTypeHeader,
  cseqHeader,
  dateHeader,
  eventHeader,
  formatAuthValue,
  fromHeader,
  identityHeader,
  makeReason,
  mediaRangeCovers,
  minSeHeader,
  preferredIdentityHeader,
  privacyHeader,
  rackHeader,
  readContacts,
  reasonHeader,
  replacesHeader,
  replacesOfReferTo,
  referToHeader,
  retryAfterHeader,
  routeHeader,
  rseqHeader,
  sessionExpiresHeader,
  SipHeaders,
  supportedHeader,
  viaHeader,
  warningHeader,
  wwwAuthenticateHeader,
  type ListHeader,
  type SingleHeader,
} from '../../src/index.ts';

function read<T>(type: SingleHeader<T> | ListHeader<T>, text: string): T | readonly T[] {
  const parsed = type.parse(text);
  assert.ok(parsed.ok, `${text}: ${parsed.ok ? '' : parsed.problem}`);
  return parsed.value;
}

function one<T>(type: SingleHeader<T>, text: string): T {
  return read(type, text) as T;
}

function list<T>(type: ListHeader<T>, text: string): readonly T[] {
  return read(type, text) as readonly T[];
}

function refused<T>(type: SingleHeader<T> | ListHeader<T>, ...texts: readonly string[]): void {
  for (const text of texts) assert.equal(type.parse(text).ok, false, text);
}

describe('typed headers', () => {
  test('addresses: names with quotes, commas, brackets and accents, and none at all', () => {
    const [a, b, c] = list(
      contactHeader,
      '"Mr. \\"W, <x>\\"" <sip:w@a.com;lr>;q=0.7;expires=60 , José Niño <sip:b@h>, sip:c@h;q=1',
    );
    assert.equal(a?.displayName, 'Mr. "W, <x>"');
    assert.equal(contactQ(a), 0.7);
    assert.equal(contactExpires(a), 60);
    assert.equal(b?.displayName, 'José Niño');
    assert.equal(c?.displayName, undefined);
    assert.equal(c && contactQ(c), 1);
    refused(
      contactHeader,
      '',
      '<sip:a@h>,',
      ',<sip:a@h>',
      '<sip:a@h> x',
      '<sip:a@h',
      '"a" sip:a@h',
      'a@h',
      '<>',
    );
    refused(fromHeader, '<sip:a@h>, <sip:b@h>', '"open <sip:a@h>', '<sip:a@h>;;tag=1', '<sip:a@h>;tag="x');
  });

  test('q and expires that break their grammar count as absent', () => {
    for (const q of ['1.1', '2', '.5', '0.1234', '0.x', '-1', '']) {
      const [contact] = list(contactHeader, `<sip:a@h>;q="${q}"`);
      assert.equal(contact && contactQ(contact), undefined, q);
    }
    const [contact] = list(contactHeader, '<sip:a@h>;expires=280297596632815');
    assert.equal(contact && contactExpires(contact), undefined);
  });

  test('the star stands alone (RFC 3261 §10.2.2)', () => {
    assert.deepEqual(readContacts(SipHeaders.of([['m', '*']])), { ok: true, value: '*' });
    const mixed = SipHeaders.of([
      ['Contact', '*'],
      ['Contact', '<sip:a@h>'],
    ]);
    assert.equal(readContacts(mixed).ok, false);
    assert.deepEqual(readContacts(SipHeaders.of([])), { ok: true, value: [] });
  });

  test('Via: IPv6, ports, received and rport', () => {
    const [via] = list(
      viaHeader,
      'SIP/2.0/tls [2001:db8::9:1]:5061;rport=5070;received=2001:db8::9:255;branch=z9hG4bKas3',
    );
    assert.equal(via?.transport, 'TLS');
    assert.equal(via.sentBy, '[2001:db8::9:1]:5061');
    assert.equal(via.received, '2001:db8::9:255');
    assert.equal(via.rport, 5070);
    assert.equal(via.hasMagicBranch, true);
    assert.equal(
      via.withParam('received', '2001:db8::2').toString(),
      'SIP/2.0/TLS [2001:db8::9:1]:5061;rport=5070;received=2001:db8::2;branch=z9hG4bKas3',
    );
    refused(
      viaHeader,
      'SIP/2.0 h',
      'SIP/2.0/UDP',
      'SIP/2.0/UDPh',
      'SIP/2.0/UDP h:x',
      'SIP/2.0/UDP h:70000',
      'UDP h',
    );
  });

  test('Route keeps its order over lines and needs brackets', () => {
    const headers = SipHeaders.of([
      ['Route', '<sip:a;lr>, <sip:b;lr>'],
      ['To', 'sip:x@y'],
      ['route', '<sip:c;lr>'],
    ]);
    assert.deepEqual(
      headers.values(routeHeader).map((route) => route.uri.toString()),
      ['sip:a;lr', 'sip:b;lr', 'sip:c;lr'],
    );
    refused(routeHeader, 'sip:a;lr');
  });

  test('Replaces, on its own and inside Refer-To (RFC 3891)', () => {
    const replaces = { callId: '98732@sip.example.com', toTag: 'r33', fromTag: 'ff87', earlyOnly: true };
    const text = '98732@sip.example.com;to-tag=r33;from-tag=ff87;early-only';
    assert.deepEqual(one(replacesHeader, text), replaces);
    assert.equal(replacesHeader.format(replaces), text);
    refused(
      replacesHeader,
      'a',
      'a;to-tag=1',
      'a;from-tag=1',
      ';to-tag=1;from-tag=2',
      'a b;to-tag=1;from-tag=2',
    );
    const transfer = one(referToHeader, '<sip:b@h?Replaces=cid%3Bto-tag%3Da%3Bfrom-tag%3Db>');
    const inside = replacesOfReferTo(transfer.uri);
    assert.ok(inside?.ok);
    assert.deepEqual(inside.value, { callId: 'cid', toTag: 'a', fromTag: 'b', earlyOnly: false });
  });

  test('RAck, RSeq, CSeq (RFC 3262 §7)', () => {
    const rack = { responseNumber: 776656, sequence: 1, method: 'INVITE' };
    assert.deepEqual(one(rackHeader, '776656 1 INVITE'), rack);
    assert.equal(rackHeader.format(rack), '776656 1 INVITE');
    assert.equal(one(rseqHeader, '988789'), 988789);
    refused(rseqHeader, '0', '4294967296', 'x');
    refused(rackHeader, '1 INVITE', '1 1', '1 1 INVITE x');
    refused(cseqHeader, '-1 INVITE', '4294967296 INVITE', '1INVITE', '1', 'INVITE 1');
    assert.equal(one(cseqHeader, '4294967295 ACK').sequence, 4_294_967_295);
  });

  test('session timers (RFC 4028)', () => {
    assert.deepEqual(one(sessionExpiresHeader, '1800;Refresher=UAC'), {
      intervalSeconds: 1800,
      refresher: 'uac',
    });
    assert.equal(sessionExpiresHeader.format({ intervalSeconds: 90, refresher: 'uas' }), '90;refresher=uas');
    assert.equal(one(minSeHeader, '90;x=1'), 90);
    refused(sessionExpiresHeader, 'x', '1800;refresher=me', '1800 s');
  });

  test('identity headers (RFC 3323, RFC 3325)', () => {
    const values = list(assertedIdentityHeader, '"Cullen" <sip:fluffy@cisco.com>, tel:+14085264000');
    assert.deepEqual(
      values.map((value) => value.uri.kind),
      ['sip', 'tel'],
    );
    assert.equal(list(preferredIdentityHeader, '<sip:a@h>').length, 1);
    assert.deepEqual(one(privacyHeader, 'Header; user ;ID'), ['header', 'user', 'id']);
    assert.equal(privacyHeader.format(['id', 'critical']), 'id;critical');
  });

  test('Reason (RFC 3326)', () => {
    const [a, b] = list(reasonHeader, 'SIP ;cause=600 ;text="Busy Everywhere, \\"all\\"", Q.850;cause=16');
    assert.equal(a?.protocol, 'SIP');
    assert.equal(a.cause, 600);
    assert.equal(a.text, 'Busy Everywhere, "all"');
    assert.equal(b?.cause, 16);
    assert.equal(
      reasonHeader.format([makeReason('Q.850', 17, 'User busy')]),
      'Q.850;cause=17;text="User busy"',
    );
  });

  test('Identity is parsed and kept (RFC 8224 §4)', () => {
    const text = 'eyJh.eyJv.rq3p==;info=<https://biloxi.example.org/a;b,c.cer>;alg=ES256;ppt="shaken"';
    const [identity] = list(identityHeader, text);
    assert.equal(identity?.token, 'eyJh.eyJv.rq3p==');
    assert.equal(identity.info, 'https://biloxi.example.org/a;b,c.cer');
    assert.equal(identity.alg, 'ES256');
    assert.equal(identity.ppt, 'shaken');
    assert.equal(identityHeader.format([identity]), text);
    refused(identityHeader, '', ';info=<a>', 'a;info=<b');
  });

  test('option tags and methods, empty lists where they are legal', () => {
    assert.deepEqual(list(supportedHeader, ''), []);
    assert.deepEqual(list(supportedHeader, '100rel,timer ,\treplaces'), ['100rel', 'timer', 'replaces']);
    assert.deepEqual(list(allowHeader, 'INVITE, ACK'), ['INVITE', 'ACK']);
    refused(supportedHeader, 'a b', 'a,,b', 'a,');
  });

  test('challenges and credentials: quotes, escapes, unknown schemes, bare tokens', () => {
    const text =
      'Digest realm="a \\"b\\", c", nonce="84a4==", qop="auth,auth-int", algorithm=SHA-256, stale=FALSE, uri="sip:x@y"';
    const challenge = one(wwwAuthenticateHeader, text);
    assert.equal(challenge.scheme, 'Digest');
    assert.equal(authParam(challenge, 'REALM'), 'a "b", c');
    assert.equal(authParam(challenge, 'qop'), 'auth,auth-int');
    assert.equal(authParam(challenge, 'algorithm'), 'SHA-256');
    assert.equal(formatAuthValue(challenge), text);
    assert.equal(one(authorizationHeader, 'Bearer eyJh.b-_~+/c==').token, 'eyJh.b-_~+/c==');
    assert.deepEqual(one(authorizationHeader, 'Negotiate').params, []);
    refused(wwwAuthenticateHeader, '', 'Digest realm="a', 'Digest a=b c=d', 'Digest a=b,', 'Digest ,a=b');
  });

  test('every line of a challenge header is read on its own', () => {
    const headers = SipHeaders.of([
      ['WWW-Authenticate', 'Digest realm="a", nonce="1", algorithm=SHA-256'],
      ['WWW-Authenticate', 'Digest realm="a", nonce="1", algorithm=MD5'],
    ]);
    const algorithms = headers
      .readEach(wwwAuthenticateHeader)
      .map((parsed) => parsed.ok && authParam(parsed.value, 'algorithm'));
    assert.deepEqual(algorithms, ['SHA-256', 'MD5']);
  });

  test('Date is RFC 1123 in GMT (RFC 3261 §20.17)', () => {
    const text = 'Sat, 13 Nov 2010 23:29:00 GMT';
    assert.equal(one(dateHeader, text).toISOString(), '2010-11-13T23:29:00.000Z');
    assert.equal(dateHeader.format(new Date('2010-11-13T23:29:00Z')), text);
    refused(
      dateHeader,
      'Sat, 13 Nov 2010 23:29:00 EST',
      'Sat, 13 Nov 2010 23:29:00 UTC',
      'Sat, 31 Feb 2010 23:29:00 GMT',
      'Sat, 13 Nov 2010 25:29:00 GMT',
      'Sat, 13 Foo 2010 23:29:00 GMT',
      'Saturday, 13-Nov-10 23:29:00 GMT',
      '',
    );
  });

  test('Retry-After with nested comments', () => {
    assert.deepEqual(one(retryAfterHeader, '18000 (in (a \\) ) meeting);duration=3600'), {
      seconds: 18000,
      durationSeconds: 3600,
    });
    assert.equal(retryAfterHeader.format({ seconds: 5, durationSeconds: undefined }), '5');
    refused(retryAfterHeader, '5 (open', 'x', '949302838503028349304023988');
    refused(retryAfterHeader, `1 ${'('.repeat(8000)}`);
  });

  test('media types, events, warnings', () => {
    const type = one(contentTypeHeader, 'Application/SDP ; charset="UTF-8"');
    assert.deepEqual([type.type, type.subtype, type.params.get('charset')], ['application', 'sdp', 'UTF-8']);
    assert.ok(mediaRangeCovers(one(contentTypeHeader, '*/*'), 'application/sdp'));
    assert.ok(mediaRangeCovers(one(contentTypeHeader, 'application/*;q=0.1'), 'application/sdp'));
    assert.ok(!mediaRangeCovers(one(contentTypeHeader, 'application/sdp;q=0'), 'application/sdp'));
    assert.equal(one(eventHeader, 'refer;id=93809824').params.get('id'), '93809824');
    const [warning] = list(warningHeader, '370 devnull "Choose a bigger, \\"wider\\" pipe"');
    assert.deepEqual(warning, { code: 370, agent: 'devnull', text: 'Choose a bigger, "wider" pipe' });
    refused(warningHeader, '1812 overture "In Progress"', '99 a "b"', '399 a', '399 a "b');
  });
});
