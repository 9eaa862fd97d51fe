import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseUri, sipUri, type SipUri, uriEquals, uriParamsOf, type Uri } from '../../src/index.ts';

function uri(text: string): Uri {
  const parsed = parseUri(text);
  assert.ok(parsed.ok, `${text}: ${parsed.ok ? '' : parsed.problem}`);
  return parsed.value;
}

function sip(text: string): SipUri {
  const parsed = uri(text);
  assert.ok(parsed.kind === 'sip');
  return parsed;
}

describe('SIP URIs are read as RFC 3261 §19.1.1 to §19.1.3 write them', () => {
  test('all parts', () => {
    const all = sip('sips:alice:s%65cret@[2001:db8::10]:5070;transport=TLS;lr;x=%41?subject=a%20b&Priority=');
    assert.equal(all.scheme, 'sips');
    assert.equal(all.user, 'alice');
    assert.equal(all.password, 'secret');
    assert.equal(all.host, '[2001:db8::10]');
    assert.equal(all.port, 5070);
    assert.equal(all.transport, 'tls');
    assert.equal(all.lr, true);
    assert.equal(all.params.get('X'), 'A');
    assert.deepEqual(all.headers, [
      ['subject', 'a b'],
      ['Priority', ''],
    ]);
  });

  for (const text of [
    'sip:alice@atlanta.com',
    'SIP:alice@atlanta.com;transport=tcp',
    'sips:1212@gateway.com',
    'sip:+1-212-555-1212:1234@gateway.com;user=phone',
    'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
    'sip:alice;day=tuesday@atlanta.com',
    'sip:*21*%2B5511#@pbx.local',
    'sip:host_with_underscore:5060',
    'tel:+1-201-555-0123',
    'tel:7042;phone-context=example.com',
    'tel:863-1234;phone-context=+1-914-555;ext=12',
    'urn:service:sos',
  ]) {
    test(`${text} is written back as it came`, () => assert.equal(uri(text).toString(), text));
  }

  for (const text of [
    '',
    'sip',
    ':a',
    '1sip:a',
    'sip:',
    'sip:@host',
    'sip::pw@host',
    'sip:a b@host',
    'sip:a@',
    'sip:a@ho st',
    'sip:a@host:',
    'sip:a@host:99999',
    'sip:a@host:50a',
    'sip:a@[2001:db8::1',
    'sip:a@[]',
    'sip:a@host;',
    'sip:a@host;=x',
    'sip:a@host;a=b=c',
    'sip:a%4@host',
    'sip:a@host;x=%zz',
    'sip:a@host?',
    'sip:a@host>',
    '<sip:a@host>',
    'sip:a@b@c',
    'tel:',
    'tel:+',
    'tel:12a4z',
    'tel:+1;',
    'http:',
    'http://a b',
  ]) {
    test(`"${text}" is refused with a problem`, () => {
      const parsed = parseUri(text);
      assert.ok(!parsed.ok);
      assert.ok(parsed.problem.length > 0);
    });
  }

  test('what a program puts in is escaped, what it changes is changed, the rest stays', () => {
    const built = sipUri({
      user: 'joão @:"',
      host: '2001:db8::1',
      port: 5080,
      params: uriParamsOf({ x: 'a;b' }),
    });
    assert.equal(built.toString(), 'sip:jo%C3%A3o%20%40%3A%22@[2001:db8::1]:5080;x=a%3Bb');
    assert.equal(built.user, 'joão @:"');
    assert.equal(built.with({ port: undefined, user: 'b' }).toString(), 'sip:b@[2001:db8::1];x=a%3Bb');
    assert.equal(sip('sip:a%3bb@h;lr').with({ host: 'i' }).toString(), 'sip:a%3bb@i;lr');
  });

  test('more parameters than the limit are refused', () => {
    const many = `sip:h${';p=1'.repeat(65)}`;
    assert.equal(parseUri(many).ok, false);
  });
});

describe('URI equivalence follows the examples of RFC 3261 §19.1.4', () => {
  const equal = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
    ['tel:7042;phone-context=Example.com;ext=1', 'tel:7042;ext=1;phone-context=example.COM'],
  ] as const;
  const different = [
    ['SIP:ALICE@AtlanTa.CoM;Transport=udp', 'sip:alice@AtlanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@h', 'sips:a@h'],
    ['sip:a@h', 'sip:h'],
    ['sip:a%3Bb@h', 'sip:a;b@h'],
    ['sip:h;maddr=1.2.3.4', 'sip:h'],
    ['tel:7042;phone-context=a.com', 'tel:7042'],
    ['tel:+1', 'sip:+1@h'],
    ['urn:a', 'urn:b'],
  ] as const;
  for (const [a, b] of equal) {
    test(`${a} = ${b}`, () => assert.ok(uriEquals(uri(a), uri(b)) && uriEquals(uri(b), uri(a))));
  }
  for (const [a, b] of different) {
    test(`${a} ≠ ${b}`, () => assert.ok(!uriEquals(uri(a), uri(b)) && !uriEquals(uri(b), uri(a))));
  }
});
