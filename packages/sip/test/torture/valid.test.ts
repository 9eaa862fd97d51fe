import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  acceptHeader,
  contactQ,
  contentTypeHeader,
  dateHeader,
  identityHeader,
  parseMessage,
  readContacts,
  routeHeader,
  serializeMessage,
  viaHeader,
  type NameAddr,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  type SipUri,
} from '../../src/index.ts';
import { tortureMessage } from './corpus.ts';

function parse(name: string): SipMessage {
  const result = parseMessage(tortureMessage(name));
  assert.ok(result.ok, result.ok ? '' : result.error.problem);
  return result.message;
}

function request(name: string): SipRequest {
  const message = parse(name);
  assert.ok(message.kind === 'request');
  return message;
}

function response(name: string): SipResponse {
  const message = parse(name);
  assert.ok(message.kind === 'response');
  return message;
}

function sip(address: { readonly uri: NameAddr['uri'] }): SipUri {
  assert.ok(address.uri.kind === 'sip');
  return address.uri;
}

function contacts(message: SipMessage): readonly NameAddr[] {
  const read = readContacts(message.headers);
  assert.ok(read.ok && read.value !== '*');
  return read.value;
}

describe('every valid message of RFC 4475 is read field by field', () => {
  test('§3.1.1.1 wsinv: folds, blanks, compact forms, escaped quotes, unknown headers', () => {
    const message = request('wsinv');
    assert.equal(message.method, 'INVITE');
    assert.equal(message.uri.toString(), 'sip:vivekg@chair-dnrc.example.com;unknownparam');
    assert.ok(sip(message).params.has('unknownparam'));
    assert.equal(sip(message.to).user, 'vivekg');
    assert.equal(message.to.tag, '1918181833n');
    assert.equal(message.from.displayName, 'J Rosenberg \\"');
    assert.equal(message.from.uri.toString(), 'sip:jdrosen@example.com');
    assert.equal(message.from.tag, '98asjd8');
    assert.equal(message.maxForwards, 68);
    assert.equal(message.callId, 'wsinv.ndaksdj@192.0.2.1');
    assert.equal(message.contentLength, 150);
    assert.equal(message.body.length, 150);
    assert.deepEqual(message.cseq, { sequence: 9, method: 'INVITE' });
    const via = message.headers.values(viaHeader);
    assert.deepEqual(
      via.map((hop) => [hop.transport, hop.sentBy, hop.branch]),
      [
        ['UDP', '192.0.2.2', '390skdjuw'],
        ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
        ['UDP', '192.168.255.111', 'z9hG4bK30239'],
      ],
    );
    assert.equal(message.headers.first('Subject'), '');
    assert.equal(message.headers.first('NewFangledHeader'), 'newfangled value continued newfangled value');
    assert.equal(message.headers.first('UnknownHeaderWithUnusualValue'), ';;,,;;,;');
    const [route] = message.headers.values(routeHeader);
    assert.ok(route !== undefined && sip(route).lr);
    assert.equal(sip(route).params.get('unknownwith'), 'value');
    assert.ok(sip(route).params.has('unknown-no-value'));
    const [contact] = contacts(message);
    assert.equal(contact?.displayName, 'Quoted string ""');
    assert.equal(contact.params.get('newparam'), 'newvalue');
    assert.ok(contact.params.has('secondparam'));
    assert.equal(contactQ(contact), 0.33);
  });

  test('§3.1.1.2 intmeth: every legal character in method, URI, branch, names and Call-ID', () => {
    const message = request('intmeth');
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    assert.equal(message.method, method);
    assert.deepEqual(message.cseq, { sequence: 139122385, method });
    assert.equal(sip(message).user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    assert.equal(sip(message).password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    assert.equal(sip(message).host, 'example.com');
    assert.equal(message.via.branch, "z9hG4bK-.!%66*_+`'~");
    assert.equal(message.to.displayName, 'BEL:\u0007 NUL:\0 DEL:\u007f');
    assert.equal(sip(message.to).user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    assert.equal(message.from.displayName, "token1~` token2'+_ token3*%!.-");
    assert.equal(message.from.params.get("fromParam''~+*_!.-%"), 'работающий');
    assert.equal(message.from.tag, "_token~1'+`*%!-.");
    assert.equal(message.callId, 'intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{');
    assert.equal(message.maxForwards, 255);
    assert.equal(message.headers.first("extensionHeader-!.%*+_`'~"), '\ufeff大停電');
    assert.equal(message.contentLength, 0);
  });

  test('§3.1.1.3 esc01: escapes are resolved once and nowhere else', () => {
    const message = request('esc01');
    assert.equal(sip(message).user, 'sips:user@example.com');
    assert.equal(sip(message).host, 'example.net');
    assert.equal(sip(message.to).user, 'user');
    assert.equal(sip(message.from).user, 'I have spaces');
    const [contact] = contacts(message);
    assert.ok(contact !== undefined);
    assert.equal(sip(contact).user, 'caller');
    assert.ok(sip(contact).lr);
    assert.equal(sip(contact).params.get('name'), 'value%41');
    assert.equal(message.headers.value(contentTypeHeader)?.subtype, 'sdp');
    assert.equal(message.body.length, 150);
  });

  test('§3.1.1.4 escnull: escaped NULs end nothing', () => {
    const message = request('escnull');
    assert.equal(sip(message.to).user, 'null-\0-null');
    assert.equal(sip(message.from).user, 'null-\0-null');
    assert.deepEqual(
      contacts(message).map((contact) => sip(contact).user),
      ['\0', '\0\0'],
    );
    assert.equal(message.contentLength, 0);
  });

  test('§3.1.1.5 esc02: "%" is no escape in methods, names and display names', () => {
    const message = request('esc02');
    assert.equal(message.method, 'RE%47IST%45R');
    assert.equal(message.cseq.method, 'RE%47IST%45R');
    assert.equal(message.to.displayName, '%Z%45');
    assert.equal(message.from.displayName, '%Z%45');
    assert.equal(message.via.branch, 'z9hG4bK209%fzsnel234');
    assert.deepEqual(
      contacts(message).map((contact) => contact.uri.toString()),
      ['sip:alias1@host1.example.com', 'sip:alias3@host3.example.com'],
    );
    assert.equal(message.headers.first('C%6Fntact'), '<sip:alias2@host2.example.com>');
  });

  test('§3.1.1.6 lwsdisp: no blank between the display name and the bracket', () => {
    const message = request('lwsdisp');
    assert.equal(message.from.displayName, 'caller');
    assert.equal(message.from.uri.toString(), 'sip:caller@example.com');
    assert.equal(message.from.tag, '323');
  });

  test('§3.1.1.7 longreq: long values and 34 Via lines', () => {
    const message = request('longreq');
    assert.equal(message.to.displayName, `I have a user name of ${'extreme'.repeat(10)} proportion`);
    assert.equal(sip(message.to).port, 6000);
    assert.equal(sip(message.to).params.get('unknownparam1'), `very${'long'.repeat(20)}value`);
    assert.equal(sip(message.to).params.get(`longparam${'name'.repeat(25)}`), 'shortvalue');
    assert.ok(sip(message.to).params.has(`very${'long'.repeat(25)}ParameterNameWithNoValue`));
    assert.equal(sip(message.from).user, 'amazinglylongcallername'.repeat(5));
    assert.equal(message.from.tag, `12${'982'.repeat(50)}424`);
    assert.equal(
      message.from.params.get(`unknownheaderparam${'name'.repeat(20)}`),
      `unknowheaderparam${'value'.repeat(15)}`,
    );
    assert.ok(message.from.params.has(`unknownValueless${'paramname'.repeat(10)}`));
    assert.equal(message.callId, `longreq.one${'really'.repeat(20)}longcallid`);
    const via = message.headers.values(viaHeader);
    assert.equal(via.length, 34);
    assert.deepEqual(
      via.slice(0, 33).map((hop) => hop.host),
      Array.from({ length: 33 }, (_, i) => `sip${33 - i}.example.com`),
    );
    assert.equal(via[33]?.received, '192.0.2.5');
    assert.equal(via[33]?.branch, `very${'long'.repeat(50)}branchvalue`);
    assert.equal(message.via.host, 'sip33.example.com');
    assert.equal(message.body.length, 150);
  });

  test('§3.1.1.8 dblreq: octets behind the body of a datagram are noise', () => {
    const message = request('dblreq');
    assert.equal(message.method, 'REGISTER');
    assert.equal(message.callId, 'dblreq.0ha0isndaksdj99sdfafnl3lk233412');
    assert.equal(message.headers.count('Via'), 1);
    assert.equal(message.body.length, 0);
    assert.ok(!serializeMessage(message).includes('INVITE'));
  });

  test('§3.1.1.9 semiuri: parameters in the user part belong to the user', () => {
    const message = request('semiuri');
    assert.equal(sip(message).user, 'user;par=u@example.net');
    assert.equal(sip(message).host, 'example.com');
    const accepted = message.headers.values(acceptHeader).map((range) => `${range.type}/${range.subtype}`);
    assert.deepEqual(accepted, [
      'application/sdp',
      'application/pkcs7-mime',
      'multipart/mixed',
      'multipart/signed',
      'message/sip',
      'message/sipfrag',
    ]);
  });

  test('§3.1.1.10 transports: known and unknown transports in Via', () => {
    const via = request('transports').headers.values(viaHeader);
    assert.deepEqual(
      via.map((hop) => hop.transport),
      ['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP'],
    );
    assert.equal(via[3]?.branch, 'z9hG4bKasd0f3en');
  });

  test('§3.1.1.11 mpart01: a binary body with NULs', () => {
    const message = request('mpart01');
    assert.equal(message.body.length, 553);
    assert.equal(message.body[message.body.indexOf('\r\n\r\n0') + 4], 0x30);
    assert.ok(message.body.includes(0));
    assert.ok(message.body.toString('latin1').endsWith('--7a9cbec02ceef655--\r\n'));
    const type = message.headers.value(contentTypeHeader);
    assert.equal(type?.type, 'multipart');
    assert.equal(type.params.get('boundary'), '7a9cbec02ceef655');
    assert.equal(message.headers.value(dateHeader)?.toISOString(), '2005-10-15T04:44:56.000Z');
    const [identity] = message.headers.values(identityHeader);
    assert.ok(identity?.token.startsWith('r5mwreLuyDRYBi/0TiPwEsY3') && identity.token.endsWith('YUA='));
    assert.equal(message.via.wantsRport, true);
    assert.equal(message.via.rport, undefined);
  });

  test('§3.1.1.12 unreason: UTF-8 in the reason phrase', () => {
    const message = response('unreason');
    assert.equal(message.status, 200);
    assert.equal(message.reasonPhrase, '= 2**3 * 5**2 но сто девяносто девять - простое');
    assert.deepEqual(message.cseq, { sequence: 35, method: 'INVITE' });
    assert.equal(message.body.length, 154);
  });

  test('§3.1.1.13 noreason: an empty reason phrase', () => {
    const message = response('noreason');
    assert.equal(message.status, 100);
    assert.equal(message.reasonPhrase, '');
    assert.equal(message.from.tag, '39ansfi3');
    assert.equal(message.to.tag, '902jndnke3');
    assert.equal(contacts(message)[0]?.uri.toString(), 'sip:user@host105.example.com');
  });
});
