import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALGORITHMS_BY_STRENGTH, hashOf, type DigestAlgorithm } from './algorithms.ts';
import { parseCredentials, serializeCredentials, type DigestCredentials } from './credentials.ts';
import { DigestClient } from './digest-client.ts';
import { computeHa1, computeUserhash, type Qop } from './digest-response.ts';
import {
  DigestServer,
  wantsFreshNonce,
  type DigestServerOptions,
  type ServerResult,
} from './digest-server.ts';
import { ReplayWindow } from './replay-window.ts';

const KEY = Buffer.alloc(32, 7);
const REQUEST = { method: 'REGISTER', uri: 'sip:carrier.example', nowMs: 1_000_000 };
const LIFETIME_MS = 60_000;

let noise = 0;
function createServer(overrides: Partial<DigestServerOptions> = {}): DigestServer {
  return new DigestServer({
    realm: 'carrier',
    algorithms: ALGORITHMS_BY_STRENGTH,
    nonceKeys: [KEY],
    nonceLifetimeMs: LIFETIME_MS,
    randomBytes: (length) => Buffer.alloc(length, (noise += 1)),
    ...overrides,
  });
}

const createClient = (password = 'secret', username = 'alice'): DigestClient =>
  new DigestClient({ identityFor: () => ({ username, password }), createCnonce: () => 'cnonce' });

const lookUp = (credentials: DigestCredentials) =>
  credentials.username === 'alice' ? { username: 'alice', password: 'secret' } : undefined;

function respond(client: DigestClient, challenges: string[], request = REQUEST): string[] {
  const answer = client.answer('www', challenges, request);
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.headers.map((header) => header.value);
}

function reasonOf(result: ServerResult): string {
  return result.ok ? 'ok' : result.reason;
}

test('every algorithm and qop our client can answer, our server accepts', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => !/\p{Cc}/u.test(value));
  const property = fc.property(
    fc.record({
      username: text,
      password: fc.string({ unit: 'grapheme' }),
      realm: text,
      algorithm: fc.constantFrom(...ALGORITHMS_BY_STRENGTH),
      qop: fc.constantFrom<Qop>('auth', 'auth-int'),
      body: fc.uint8Array({ maxLength: 64 }),
      method: fc.constantFrom('INVITE', 'REGISTER', 'BYE'),
      stored: fc.boolean(),
    }),
    ({ username, password, realm, algorithm, qop, body, method, stored }) => {
      const server = createServer({ realm, algorithms: [algorithm], qop: [qop] });
      const client = createClient(password, username);
      const request = { ...REQUEST, method, body };
      const hash = hashOf(algorithm);
      const secret = stored ? { ha1: { [hash]: computeHa1(hash, username, realm, password) } } : { password };
      for (let round = 0; round < 3; round += 1) {
        const headers =
          round === 0
            ? respond(client, server.challenges(request), request)
            : client.authorize(request).map((header) => header.value);
        const result = server.authenticate(headers, request, () => ({ username, ...secret }));
        assert.equal(reasonOf(result), 'ok');
      }
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('any tampered field is refused', () => {
  const fields = [
    'realm',
    'nonce',
    'uri',
    'response',
    'cnonce',
    'nc',
    'qop',
    'username',
    'algorithm',
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...fields),
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.constantFrom(...ALGORITHMS_BY_STRENGTH),
      (field, text, algorithm) => {
        const server = createServer({ algorithms: [algorithm] });
        const [header] = respond(createClient(), server.challenges(REQUEST));
        const parsed = parseCredentials(header!);
        assert.ok(parsed.ok);
        const original = parsed.credentials[field] ?? '';
        fc.pre(original.toLowerCase() !== text.toLowerCase());
        const tampered = serializeCredentials({ ...parsed.credentials, [field]: text });
        const reread = parseCredentials(tampered);
        fc.pre(!reread.ok || reread.credentials[field] !== original);
        assert.notEqual(reasonOf(server.authenticate([tampered], REQUEST, lookUp)), 'ok');
      },
    ),
    { numRuns: 300 },
  );
});

test('another method, another body or another callee is refused', () => {
  const server = createServer({ algorithms: ['SHA-256'], qop: ['auth-int'] });
  const invite = { ...REQUEST, method: 'INVITE', uri: 'sip:100@carrier.example', body: Buffer.from('a') };
  const headers = respond(createClient(), server.challenges(invite), invite);
  const attempt = (change: Partial<typeof invite>): string =>
    reasonOf(server.authenticate(headers, { ...invite, ...change }, lookUp));
  assert.equal(attempt({ method: 'BYE' }), 'mismatch');
  assert.equal(attempt({ body: Buffer.from('b') }), 'mismatch');
  assert.equal(attempt({ uri: 'sip:900@carrier.example' }), 'uri-mismatch');
  assert.equal(attempt({ uri: 'sip:100@10.0.0.1:5070;transport=tcp' }), 'ok');
});

test('reasons: missing, malformed, unknown user, wrong password, foreign algorithm', () => {
  const server = createServer({ algorithms: ['SHA-256'] });
  const judge = (headers: string[]): string => reasonOf(server.authenticate(headers, REQUEST, lookUp));
  assert.equal(judge([]), 'missing');
  assert.equal(judge(['Basic abc']), 'missing');
  assert.equal(judge(['Digest realm="carrier']), 'malformed');
  assert.equal(judge(respond(createClient('wrong'), server.challenges(REQUEST))), 'mismatch');
  assert.equal(judge(respond(createClient('secret', 'eve'), server.challenges(REQUEST))), 'unknown-user');
  const md5 = createServer({ algorithms: ['MD5'] }).challenges(REQUEST);
  assert.equal(judge(respond(createClient(), md5)), 'unsupported-algorithm');
  const other = createServer({ realm: 'elsewhere' }).challenges(REQUEST);
  assert.equal(judge(respond(createClient(), other)), 'missing');
  const onlyMd5 = server.authenticate(respond(createClient(), server.challenges(REQUEST)), REQUEST, () => ({
    username: 'alice',
    ha1: { MD5: 'f'.repeat(32) },
  }));
  assert.equal(reasonOf(onlyMd5), 'unsupported-algorithm');
});

test('credentials of other realms may stand before ours', () => {
  const server = createServer();
  const foreign = respond(createClient(), createServer({ realm: 'elsewhere' }).challenges(REQUEST));
  const ours = respond(createClient(), server.challenges(REQUEST));
  assert.equal(reasonOf(server.authenticate([...foreign, ...ours], REQUEST, lookUp)), 'ok');
});

test('an expired, foreign or rebound nonce is stale and asks for no look-up', () => {
  const server = createServer();
  const headers = respond(createClient(), server.challenges({ ...REQUEST, binding: '192.0.2.1' }));
  const judge = (change: object, using = server): string =>
    reasonOf(
      using.authenticate(headers, { ...REQUEST, binding: '192.0.2.1', ...change }, () => {
        throw new Error('looked up');
      }),
    );
  assert.equal(judge({ nowMs: REQUEST.nowMs + LIFETIME_MS + 1 }), 'stale');
  assert.equal(judge({ nowMs: REQUEST.nowMs - 60_000 }), 'stale');
  assert.equal(judge({ binding: '192.0.2.2' }), 'stale');
  assert.equal(judge({}, createServer({ nonceKeys: [Buffer.alloc(32, 8)] })), 'stale');
  const rotated = createServer({ nonceKeys: [Buffer.alloc(32, 8), KEY] });
  const accepted = rotated.authenticate(headers, { ...REQUEST, binding: '192.0.2.1' }, lookUp);
  assert.equal(reasonOf(accepted), 'ok');
  assert.ok(wantsFreshNonce('stale') && wantsFreshNonce('replayed') && !wantsFreshNonce('mismatch'));
});

test('a stale challenge leads the client to a request the server accepts', () => {
  const server = createServer();
  const client = createClient();
  const first = client.answer('www', server.challenges(REQUEST), REQUEST);
  assert.ok(first.ok);
  const later = { ...REQUEST, nowMs: REQUEST.nowMs + LIFETIME_MS * 2 };
  const values = first.headers.map((header) => header.value);
  assert.equal(reasonOf(server.authenticate(values, later, lookUp)), 'stale');
  const second = client.answer('www', server.challenges({ ...later, stale: true }), later, first.attempt);
  assert.ok(second.ok);
  const retry = second.headers.map((header) => header.value);
  assert.equal(reasonOf(server.authenticate(retry, later, lookUp)), 'ok');
});

test('the same credentials are good once', () => {
  const server = createServer();
  const headers = respond(createClient(), server.challenges(REQUEST));
  assert.equal(reasonOf(server.authenticate(headers, REQUEST, lookUp)), 'ok');
  assert.equal(reasonOf(server.authenticate(headers, REQUEST, lookUp)), 'replayed');
});

test('a client of RFC 2069 gets one request per nonce, or none when it is not wanted', () => {
  const strip = (value: string): string => value.replace(/, qop="[^"]*"/, '');
  const server = createServer({ algorithms: ['MD5'] });
  const headers = respond(createClient(), server.challenges(REQUEST).map(strip));
  assert.equal(reasonOf(server.authenticate(headers, REQUEST, lookUp)), 'ok');
  assert.equal(reasonOf(server.authenticate(headers, REQUEST, lookUp)), 'stale');
  const strict = createServer({ algorithms: ['MD5'], allowNoQop: false });
  const refused = respond(createClient(), strict.challenges(REQUEST).map(strip));
  assert.equal(reasonOf(strict.authenticate(refused, REQUEST, lookUp)), 'unsupported-qop');
});

test('userhash: the look-up sees the hash and names the user', () => {
  const server = createServer({ userhash: true, algorithms: ['SHA-512-256'] });
  const client = new DigestClient({
    identityFor: () => ({ username: 'alice', password: 'secret' }),
    createCnonce: () => 'c',
    userhash: true,
  });
  const result = server.authenticate(respond(client, server.challenges(REQUEST)), REQUEST, (credentials) => {
    assert.equal(credentials.userhash, true);
    assert.equal(credentials.username, computeUserhash('SHA-512-256', 'alice', 'carrier'));
    return { username: 'alice', password: 'secret' };
  });
  assert.ok(result.ok);
  assert.equal(result.username, 'alice');
});

test('challenges stand in the given order, one per algorithm, with one nonce (RFC 8760 §2.3)', () => {
  const order: DigestAlgorithm[] = ['SHA-256', 'MD5'];
  const values = createServer({ algorithms: order }).challenges({ ...REQUEST, stale: true });
  assert.deepEqual(
    values.map((value) => /algorithm=([^,]+)/.exec(value)?.[1]),
    order,
  );
  assert.equal(new Set(values.map((value) => /nonce="([^"]+)"/.exec(value)?.[1])).size, 1);
  assert.ok(values.every((value) => value.includes('stale=true') && value.includes('qop="auth"')));
});

test('arbitrary header values never throw and never pass', () => {
  const server = createServer();
  const judge = (value: string): void =>
    assert.notEqual(reasonOf(server.authenticate([value], REQUEST, lookUp)), 'ok');
  fc.assert(fc.property(fc.string(), judge));
  const name = fc.constantFrom(
    'username',
    'realm',
    'nonce',
    'uri',
    'response',
    'nc',
    'qop',
    'cnonce',
    'algorithm',
  );
  const pair = fc.tuple(
    name,
    fc.oneof(fc.constantFrom('carrier', 'auth', 'MD5', '00000001', 'a'.repeat(32)), fc.string()),
  );
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 10 }), (pairs) =>
      judge(`Digest ${pairs.map(([key, value]) => `${key}="${value}"`).join(', ')}`),
    ),
    { numRuns: 1000 },
  );
});

test('the replay window tells counts apart, in any order, and forgets safely', () => {
  const window = new ReplayWindow(2);
  assert.equal(window.use('a', 5, 10), 'fresh');
  assert.equal(window.use('a', 3, 10), 'fresh');
  assert.equal(window.use('a', 3, 10), 'replayed');
  assert.equal(window.use('a', 100, 10), 'fresh');
  assert.equal(window.use('a', 5, 10), 'replayed');
  window.use('b', 1, 20);
  window.use('c', 1, 30);
  assert.equal(window.size, 2);
  assert.equal(window.use('a', 101, 10), 'forgotten');
  assert.equal(window.use('b', 2, 20), 'fresh');
  window.expire(25);
  assert.equal(window.size, 1);
  assert.equal(window.use('b', 3, 20), 'forgotten');
});

test('the replay window never accepts a count twice', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 200 }), (counts) => {
      const window = new ReplayWindow();
      const accepted = counts.filter((count) => window.use('n', count, 0) === 'fresh');
      assert.equal(new Set(accepted).size, accepted.length);
    }),
  );
});
