import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCredentials, type DigestCredentials } from './credentials.ts';
import { DigestClient, NEW_ATTEMPT, type AuthHeader, type ClientAnswer } from './digest-client.ts';
import { computeHa1 } from './digest-response.ts';

const INVITE = { method: 'INVITE', uri: 'sip:+5511999990000@carrier.example' };

function createClient(overrides: Partial<ConstructorParameters<typeof DigestClient>[0]> = {}): DigestClient {
  let counter = 0;
  return new DigestClient({
    identityFor: () => ({ username: 'alice', password: 'secret' }),
    createCnonce: () => `c${(counter += 1)}`,
    ...overrides,
  });
}

const challenge = (nonce: string, extra = 'qop="auth"', realm = 'carrier'): string =>
  `Digest realm="${realm}", nonce="${nonce}"${extra && `, ${extra}`}`;

function okHeaders(answer: ClientAnswer): readonly AuthHeader[] {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.headers;
}

function credentialsOf(header: AuthHeader | undefined): DigestCredentials {
  const parsed = parseCredentials(header!.value);
  assert.ok(parsed.ok);
  return parsed.credentials;
}

test('the nonce count rises by one per request on a nonce and restarts with a new one', () => {
  const client = createClient();
  okHeaders(client.answer('www', [challenge('n1')], INVITE));
  assert.equal(credentialsOf(client.authorize(INVITE)[0]).nc, '00000002');
  assert.equal(credentialsOf(client.authorize(INVITE)[0]).nc, '00000003');
  const again = okHeaders(client.answer('www', [challenge('n1')], INVITE));
  assert.equal(credentialsOf(again[0]).nc, '00000004');
  const fresh = okHeaders(client.answer('www', [challenge('n2')], INVITE));
  assert.equal(credentialsOf(fresh[0]).nc, '00000001');
  assert.notEqual(credentialsOf(fresh[0]).cnonce, credentialsOf(again[0]).cnonce);
});

test('a second challenge that is not stale means wrong credentials', () => {
  const client = createClient();
  const first = client.answer('www', [challenge('n1')], INVITE, NEW_ATTEMPT);
  assert.ok(first.ok);
  const second = client.answer('www', [challenge('n2')], INVITE, first.attempt);
  assert.ok(!second.ok);
  assert.equal(second.reason, 'wrong-credentials');
  assert.equal(second.realm, 'carrier');
});

test('stale=true is answered once more, not for ever', () => {
  const client = createClient();
  const stale = (nonce: string): string[] => [challenge(nonce, 'qop="auth", stale=TRUE')];
  const first = client.answer('www', [challenge('n1')], INVITE);
  assert.ok(first.ok);
  const second = client.answer('www', stale('n2'), INVITE, first.attempt);
  assert.equal(credentialsOf(okHeaders(second)[0]).nonce, 'n2');
  assert.ok(second.ok);
  const third = client.answer('www', stale('n3'), INVITE, second.attempt);
  assert.ok(!third.ok);
  assert.equal(third.reason, 'stale-loop');
});

test('a 401 to unasked credentials is a first challenge, even from servers that never say stale', () => {
  const client = createClient();
  okHeaders(client.answer('www', [challenge('n1')], INVITE));
  client.authorize(INVITE);
  okHeaders(client.answer('www', [challenge('n2')], INVITE, NEW_ATTEMPT));
});

test('a proxy and the far end may both challenge one request (RFC 3261 §22.3)', () => {
  const client = createClient();
  const proxy = client.answer('proxy', [challenge('p1', 'qop="auth"', 'edge')], INVITE);
  assert.ok(proxy.ok);
  assert.deepEqual(
    proxy.headers.map((header) => header.name),
    ['Proxy-Authorization'],
  );
  const both = okHeaders(client.answer('www', [challenge('n1')], INVITE, proxy.attempt));
  assert.deepEqual(both.map((header) => header.name).sort(), ['Authorization', 'Proxy-Authorization']);
  assert.equal(credentialsOf(both.find((header) => header.name === 'Proxy-Authorization')).nc, '00000002');
});

test('challenges of two realms in one response are both answered', () => {
  const client = createClient({
    identityFor: (realm) => (realm === 'c' ? undefined : { username: realm, password: 'p' }),
  });
  const values = ['a', 'b', 'c'].map((realm) => challenge('n', 'qop="auth"', realm));
  const headers = okHeaders(client.answer('proxy', values, INVITE));
  assert.deepEqual(
    headers.map((header) => credentialsOf(header).username),
    ['a', 'b'],
  );
});

test('auth is preferred to auth-int, which serves when alone', () => {
  const client = createClient();
  const pick = (qop: string): string | undefined =>
    credentialsOf(okHeaders(client.answer('www', [challenge('n', qop)], INVITE))[0]).qop;
  assert.equal(pick('qop="auth-int,auth"'), 'auth');
  assert.equal(pick('qop="auth-int"'), 'auth-int');
  assert.equal(pick(''), undefined);
});

test('a weaker challenge serves when the strong one is beyond the stored secret', () => {
  const ha1 = { MD5: computeHa1('MD5', 'alice', 'carrier', 'secret') };
  const client = createClient({ identityFor: () => ({ username: 'alice', ha1 }) });
  const values = [
    challenge('n', 'qop="auth", algorithm=SHA-256'),
    challenge('n', 'qop="auth", algorithm=MD5'),
  ];
  assert.equal(credentialsOf(okHeaders(client.answer('www', values, INVITE))[0]).algorithm, 'MD5');
});

test('what cannot be answered says why', () => {
  const client = createClient({ algorithms: ['SHA-256'] });
  const reason = (values: string[], using = client): string => {
    const answer = using.answer('www', values, INVITE);
    assert.ok(!answer.ok);
    return answer.reason;
  };
  assert.equal(reason([]), 'no-challenge');
  assert.equal(reason(['Digest realm="x']), 'malformed');
  assert.equal(reason(['Negotiate abc']), 'unsupported');
  assert.equal(reason([challenge('n')]), 'unsupported');
  assert.equal(reason([challenge('n', 'algorithm=AKAv1-MD5')]), 'unsupported');
  assert.equal(reason([challenge('n', 'qop="future", algorithm=SHA-256')]), 'unsupported');
  assert.equal(reason([challenge('n', 'algorithm=SHA-256-sess')]), 'unsupported');
  assert.equal(reason([challenge('n')], createClient({ identityFor: () => undefined })), 'no-credentials');
});

test('an unreadable or foreign challenge beside a good one is skipped', () => {
  const client = createClient();
  okHeaders(client.answer('www', ['Basic realm="x"', 'Digest broken', challenge('n1')], INVITE));
});

test('nextnonce replaces the nonce and restarts the count (RFC 7616 §3.5)', () => {
  const client = createClient();
  const first = credentialsOf(okHeaders(client.answer('www', [challenge('n1')], INVITE))[0]);
  client.noteAuthenticationInfo('www', `nextnonce="n9", qop=auth, cnonce="${first.cnonce}", nc=00000001`);
  const next = credentialsOf(client.authorize(INVITE)[0]);
  assert.deepEqual([next.nonce, next.nc], ['n9', '00000001']);
  client.noteAuthenticationInfo('www', 'nextnonce="evil", cnonce="not-ours"');
  assert.equal(credentialsOf(client.authorize(INVITE)[0]).nonce, 'n9');
  client.noteAuthenticationInfo('www', 'garbage"');
});

test('quotes in user name and realm are escaped on the wire and read back', () => {
  const client = createClient({ identityFor: () => ({ username: 'al"ice\\', password: 'p' }) });
  const values = [String.raw`Digest realm="the \"best\" realm", nonce="n", qop="auth"`];
  const header = okHeaders(client.answer('www', values, INVITE))[0];
  assert.ok(header!.value.includes(String.raw`username="al\"ice\\"`));
  assert.equal(credentialsOf(header).realm, 'the "best" realm');
  assert.equal(credentialsOf(header).username, 'al"ice\\');
});

test('a peer that names a new realm every time cannot make the client grow', () => {
  const client = createClient();
  for (let round = 0; round < 200; round += 1) {
    client.answer('www', [challenge('n', 'qop="auth"', `realm-${round}`)], INVITE);
  }
  assert.equal(client.authorize(INVITE).length, 16);
  client.forget();
  assert.equal(client.authorize(INVITE).length, 0);
});

test('arbitrary challenges never throw', () => {
  const client = createClient();
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 4 }), (values) => {
      client.answer(
        'www',
        values.map((value) => `Digest ${value}`),
        INVITE,
      );
      client.noteAuthenticationInfo('www', values.join(','));
    }),
  );
});
