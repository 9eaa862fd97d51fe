import { Buffer } from 'node:buffer';
import { tortureMessage } from '../torture/corpus.ts';
import { DIGESTS } from '../torture/digests.ts';

const SDP = [
  'v=0',
  'o=root 1821 1821 IN IP4 192.0.2.33',
  's=session',
  'c=IN IP4 192.0.2.33',
  't=0 0',
  'm=audio 14836 RTP/AVP 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

function sample(startLine: string, lines: readonly string[], body = ''): Buffer {
  const head = [startLine, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n');
  return Buffer.from(head + body);
}

const HOPS = [
  'Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK7d1f0b2c9e8a4f;rport',
  'Via: SIP/2.0/UDP 192.0.2.33:5080;received=192.0.2.33;branch=z9hG4bKa1b2c3',
];

const DIALOG = [
  'From: "Maria Silva" <sip:+5511987654321@carrier.example.com;user=phone>;tag=as58f4201b',
  'To: <sip:+551140028922@203.0.113.10;user=phone>',
  'Call-ID: 6a7b3c1d0e9f48a2b5c6d7e8f9a0b1c2@192.0.2.33:5080',
];

/** An INVITE of 1.2 kB as carriers send it: what the parse rate is measured on. */
export const CARRIER_INVITE = sample(
  'INVITE sip:+551140028922@203.0.113.10:5060;user=phone SIP/2.0',
  [
    ...HOPS,
    'Record-Route: <sip:198.51.100.7;lr;ftag=as58f4201b>',
    'Max-Forwards: 69',
    ...DIALOG,
    'Contact: <sip:+5511987654321@192.0.2.33:5080;transport=udp>',
    'CSeq: 102 INVITE',
    'User-Agent: Carrier SBC 7.4',
    'Date: Tue, 24 Nov 2026 20:00:00 GMT',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, UPDATE',
    'Supported: replaces, timer, 100rel',
    'Session-Expires: 1800;refresher=uac',
    'Min-SE: 90',
    'P-Asserted-Identity: "Maria Silva" <sip:+5511987654321@carrier.example.com>, <tel:+55-11-98765-4321>',
    'Content-Type: application/sdp',
  ],
  SDP,
);

const OTHERS: readonly Buffer[] = [
  sample('REGISTER sips:[2001:db8::9]:5061;transport=tls SIP/2.0', [
    'v: SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bK.reg;alias',
    'f: sip:trunk@carrier.example.com;tag=1',
    't: sip:trunk@carrier.example.com',
    'i: reg-1',
    'CSeq: 2 REGISTER',
    'm: *',
    'Expires: 0',
    'Authorization: Digest username="trunk", realm="carrier \\"one\\"", nonce="abc==", uri="sips:[2001:db8::9]",' +
      ' response="0123456789abcdef0123456789abcdef", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="x"',
  ]),
  sample('SIP/2.0 401 Unauthorized', [
    ...HOPS,
    ...DIALOG,
    'CSeq: 2 REGISTER',
    'WWW-Authenticate: Digest realm="carrier", nonce="n1", qop="auth,auth-int", algorithm=SHA-256',
    'WWW-Authenticate: Digest realm="carrier", nonce="n1", stale=true',
    'Retry-After: 120 (still (quite) busy);duration=3600',
    'Warning: 399 carrier.example.com "try later", 307 isi.edu "again"',
    'Reason: SIP;cause=401;text="who, you?", Q.850;cause=21',
  ]),
  sample('REFER sip:agent@203.0.113.10 SIP/2.0', [
    ...HOPS,
    ...DIALOG,
    'CSeq: 104 REFER',
    'Refer-To: <sip:bob@192.0.2.1?Replaces=cid%3Bto-tag%3Da%3Bfrom-tag%3Db&Require=replaces>',
    'Referred-By: <sip:carol@192.0.2.2>;cid="x@y"',
    'Replaces: cid@h;to-tag=7743;from-tag=6472;early-only',
    'RAck: 776656 1 INVITE',
    'RSeq: 988789',
    'Privacy: id;critical',
    'Identity: eyJhbGciOiJFUzI1NiJ9.eyJvcmlnIjp7fX0.sig;info=<https://cert.example/a,b>;alg=ES256;ppt=shaken',
    'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
    'Event: refer;id=104',
    'Subscription-State: terminated;reason=noresource',
    'P-Preferred-Identity: tel:+1-201-555-0123;phone-context=example.com',
  ]),
];

export const SAMPLES: readonly Buffer[] = [
  CARRIER_INVITE,
  ...OTHERS,
  ...Object.keys(DIGESTS).map((name) => tortureMessage(name)),
];
