import assert from 'node:assert/strict';
import {
  authorizationHeader,
  contactExpires,
  dateHeader,
  type FaultCode,
  type NameAddr,
  readContacts,
  recordRouteHeader,
  type SipMessage,
  type SipRequest,
  type ValidationRules,
} from '../../src/index.ts';

interface Common {
  readonly name: string;
  /** Of RFC 4475. */
  readonly section: string;
  readonly because: string;
  readonly rules?: Partial<ValidationRules>;
  /** Received by an element that serves REGISTER. */
  readonly registrar?: boolean;
}

export type Expectation = Common &
  (
    | {
        readonly outcome: 'answer';
        readonly status: number;
        readonly code: FaultCode;
        readonly answerContains?: readonly string[];
      }
    | { readonly outcome: 'drop'; readonly code: FaultCode }
    | { readonly outcome: 'accept'; readonly check: (message: SipMessage) => void }
  );

function requestOf(message: SipMessage): SipRequest {
  assert.ok(message.kind === 'request');
  return message;
}

function onlyContact(message: SipMessage): NameAddr {
  const contacts = readContacts(message.headers);
  assert.ok(contacts.ok && contacts.value !== '*');
  assert.equal(contacts.value.length, 1);
  return contacts.value[0]!;
}

const answer = (
  section: string,
  name: string,
  status: number,
  code: FaultCode,
  because: string,
  more: Partial<Expectation> & { readonly answerContains?: readonly string[] } = {},
): Expectation => ({ ...more, section, name, outcome: 'answer', status, code, because }) as Expectation;

const drop = (section: string, name: string, code: FaultCode, because: string): Expectation => ({
  section,
  name,
  outcome: 'drop',
  code,
  because,
});

const bad = 'malformed-header';

const SYNTAX: readonly Expectation[] = [
  answer('3.1.2.1', 'badinv01', 400, bad, '"should respond with a 400", empty Via parameters', {
    answerContains: ['Call-ID: badinv01.0ha0isndaksdjasdf3234nas', 'CSeq: 8 INVITE', ';tag=tag-1'],
  }),
  answer('3.1.2.2', 'clerr', 400, 'body-truncated', '"over UDP … 400 Bad Request"'),
  answer('3.1.2.3', 'ncl', 400, 'content-length-invalid', '"should respond with an error"'),
  answer('3.1.2.4', 'scalar02', 400, bad, '"400 Bad Request due to the CSeq error"', { registrar: true }),
  drop('3.1.2.5', 'scalarlg', bad, '"will simply discard it"'),
  answer('3.1.2.6', 'quotbal', 400, bad, '"should return a 400"', {
    // The To that could not be parsed is given back as it came: a tag would land inside the open quote.
    answerContains: ['To: "Mr. J. User <sip:j.user@example.com>\r\n'],
  }),
  answer('3.1.2.7', 'ltgtruri', 400, 'malformed-request-uri', '"reasonable always to reject … 400"'),
  answer('3.1.2.8', 'lwsruri', 400, 'malformed-start-line', '"should respond with a 400"'),
  answer(
    '3.1.2.9',
    'lwsstart',
    400,
    'malformed-start-line',
    '"acceptable to reject this request as malformed"',
  ),
  answer('3.1.2.10', 'trws', 400, 'malformed-start-line', '"acceptable to reject this request as malformed"'),
  answer(
    '3.1.2.11',
    'escruri',
    400,
    'request-uri-headers',
    '"acceptable … to reject this request with a 400"',
  ),
  answer('3.1.2.12', 'baddate', 400, 'date-invalid', '"acceptable to reject", where the Date matters', {
    rules: { requireValidDate: true },
  }),
  {
    name: 'baddate',
    section: '3.1.2.12',
    because: '"could ignore this value altogether" where it does not matter',
    outcome: 'accept',
    check: (message) => assert.equal(message.headers.value(dateHeader), undefined),
  },
  answer('3.1.2.13', 'regbadct', 400, bad, '"reasonable … to respond with a 400"', { registrar: true }),
  answer('3.1.2.14', 'badaspec', 400, bad, '"reasonable to reject this request with a 400"'),
  answer('3.1.2.15', 'baddn', 400, 'missing-empty-line', '"reasonable always to reject … 400"'),
  answer('3.1.2.16', 'badvers', 505, 'unsupported-version', '"should respond … 505 Version Not Supported"', {
    answerContains: [
      'Via: SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw',
      'Call-ID: badvers.31417@c.example.com',
    ],
  }),
  answer('3.1.2.17', 'mismatch01', 400, 'method-mismatch', '"will respond with a 400"'),
  answer('3.1.2.18', 'mismatch02', 501, 'method-unknown', '"should respond with a 501"', {
    answerContains: ['INVITE, ACK, CANCEL, BYE'],
  }),
  drop('3.1.2.19', 'bigcode', 'malformed-start-line', '"should simply drop it"'),
];

const SEMANTICS: readonly Expectation[] = [
  answer('3.2.1', 'badbranch', 400, 'branch-empty', '"could reject the request with a 400"'),
  answer('3.3.1', 'insuf', 400, 'missing-header', '"Ideally, it will respond with a 400"', {
    answerContains: ['CSeq: 193942 INVITE', 'Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf'],
  }),
  answer('3.3.2', 'unkscm', 416, 'scheme-unsupported', '"will reject it with a 416"'),
  answer('3.3.3', 'novelsc', 416, 'scheme-unsupported', '"appropriate to … return a 416"'),
  answer('3.3.4', 'unksm2', 400, 'address-not-sip', '"A registrar would reject this request with a 400"', {
    registrar: true,
  }),
  answer(
    '3.3.5',
    'bext01',
    420,
    'extension-unsupported',
    '"will respond with a 420", in the end-point role',
    {
      answerContains: ['nothingSupportsThis, nothingSupportsThisEither'],
    },
  ),
  answer('3.3.5', 'bext01', 420, 'extension-unsupported', '"will respond with a 420", in the proxy role', {
    rules: { role: 'proxy' },
    answerContains: ['noProxiesSupportThis, norDoAnyProxiesSupportThis'],
  }),
  answer('3.3.6', 'invut', 415, 'content-type-unsupported', '"would reject it with a 415"', {
    answerContains: ['application/sdp'],
  }),
  answer('3.3.7', 'regaut01', 405, 'method-not-allowed', '"A 405 Method Not Allowed is appropriate"'),
  {
    name: 'regaut01',
    section: '3.3.7',
    because: '"A registrar … will simply ignore the Authorization header field", which parses',
    registrar: true,
    outcome: 'accept',
    check: (message) => {
      const credentials = message.headers.value(authorizationHeader);
      assert.equal(credentials?.scheme, 'NoOneKnowsThisScheme');
      assert.deepEqual(credentials?.params, [{ name: 'opaque-data', value: 'here', quoted: false }]);
    },
  },
  answer('3.3.8', 'multi01', 400, 'duplicate-header', '"would respond with a 400"'),
  answer('3.3.9', 'mcl01', 400, 'content-length-invalid', '"should respond with an error"'),
  drop('3.3.10', 'bcast', 'several-via', '"an endpoint … should simply discard it"'),
  answer('3.3.11', 'zeromf', 483, 'too-many-hops', '"A proxy should … respond 483"', {
    rules: { role: 'proxy' },
  }),
  {
    name: 'zeromf',
    section: '3.3.11',
    because: '"An endpoint should process the request as if … still positive"',
    outcome: 'accept',
    check: (message) => assert.equal(message.maxForwards, 0),
  },
  {
    name: 'cparam01',
    section: '3.3.12',
    because: '"This REGISTER should succeed", the parameter being the header’s',
    registrar: true,
    outcome: 'accept',
    check: (message) => {
      const contact = onlyContact(message);
      assert.equal(contact.uri.toString(), 'sip:+19725552222@gw1.example.net');
      assert.ok(contact.params.has('unknownparam'));
      assert.equal(contactExpires(contact), undefined);
    },
  },
  {
    name: 'cparam02',
    section: '3.3.13',
    because: '"The register should succeed", the parameter being the URI’s',
    registrar: true,
    outcome: 'accept',
    check: (message) => {
      const contact = onlyContact(message);
      assert.ok(contact.uri.kind === 'sip' && contact.uri.params.has('unknownparam'));
      assert.equal(contact.params.size, 0);
    },
  },
  {
    name: 'regescrt',
    section: '3.3.14',
    because: '"The register should succeed" with the escaped Route in the Contact URI',
    registrar: true,
    outcome: 'accept',
    check: (message) => {
      const { uri } = onlyContact(message);
      assert.ok(uri.kind === 'sip');
      assert.deepEqual(uri.headers, [['Route', '<sip:sip.example.com>']]);
    },
  },
  answer('3.3.15', 'sdp01', 406, 'accept-unsatisfiable', '"could respond with a 406 … with a Warning/399"', {
    answerContains: ['399 tronco'],
  }),
  {
    name: 'inv2543',
    section: '3.4.1',
    because: '"should be accepted by RFC 3261 elements that want to maintain backwards compatibility"',
    outcome: 'accept',
    check: (message) => {
      const request = requestOf(message);
      assert.equal(request.via.branch, undefined);
      assert.equal(request.via.hasMagicBranch, false);
      assert.equal(request.from.tag, undefined);
      assert.equal(request.maxForwards, undefined);
      assert.equal(request.contentLength, undefined);
      assert.ok(request.body.toString().endsWith('m=audio 49217 RTP/AVP 0\r\n'));
      const [route] = request.headers.values(recordRouteHeader);
      assert.equal(route?.uri.kind === 'sip' && route.uri.params.get('maddr'), 'ss1.example.com');
      assert.equal(request.from.uri.kind === 'sip' && request.from.uri.user, '+13035551111');
    },
  },
];

export const INVALID_MESSAGES: readonly Expectation[] = [...SYNTAX, ...SEMANTICS];
