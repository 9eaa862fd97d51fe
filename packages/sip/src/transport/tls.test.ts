import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { type CertificateInit, issueCertificate, type IssuedCertificate } from '../testing/certificates.ts';
import { Arrivals, LiveTransport, LOOPBACK, optionsBytes, RawClient } from '../testing/live-transport.ts';
import type { TlsServerOptions } from './stream-listener.ts';
import type { CertificateFacts } from './tls-facts.ts';
import { spkiSha256 } from './tls-facts.ts';
import { namesCover, type TlsPolicy } from './tls-policy.ts';
import type { SendError } from './transport.ts';

const NAME = 'sip.carrier.example';
const ca = issueCertificate({ commonName: 'Test Root', isAuthority: true });
const strangeCa = issueCertificate({ commonName: 'Strange Root', isAuthority: true });
const issue = (init: Partial<CertificateInit> = {}, issuer: IssuedCertificate | undefined = ca) =>
  issueCertificate({ commonName: NAME, names: [NAME], ...init }, issuer);
const pinOf = ({ certificate }: IssuedCertificate) => spkiSha256(new X509Certificate(certificate));
const DAY = 86_400_000;

let client: LiveTransport;
before(async () => {
  client = await LiveTransport.open([]);
});
after(() => client.close());

async function serve(t: { after(fn: () => Promise<unknown>): void }, tls: TlsServerOptions) {
  const failed = new Arrivals<SendError>();
  const server = await LiveTransport.open([{ protocol: 'TLS', tls }], {
    onHandshakeFailed: (error) => failed.add(error),
  });
  server.echo = true;
  t.after(() => server.close());
  return { server, failed };
}

let policies = 0;
/** Connects to a server with that certificate and answers what came of it. */
async function attempt(server: LiveTransport, policy: TlsPolicy, serverName: string | undefined = NAME) {
  const name = `p${++policies}`;
  assert.deepEqual(client.layer.setTlsPolicy(name, policy), { ok: true });
  return client.layer.connect(server.at('TLS', { policy: name, serverName }));
}

async function failureOf(server: LiveTransport, policy: TlsPolicy, serverName?: string): Promise<SendError> {
  const result = await attempt(server, policy, serverName);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'tls');
  assert.ok(result.error.tls);
  return result.error;
}

const authorities = ca.certificate;

describe('a certificate that is as it should be', () => {
  test('messages cross, and the facts can be shown', async (t) => {
    const { server } = await serve(t, { credentials: issue() });
    client.layer.setTlsPolicy('good', { authorities });
    const destination = server.at('TLS', { policy: 'good', serverName: NAME });
    const sent = await client.sendTo(destination, optionsBytes());
    assert.ok(sent.ok);
    assert.equal((await client.nextMessage()).kind, 'response');
    const facts = client.layer.tlsOf(sent.flow);
    assert.equal(facts?.version, 'TLSv1.3');
    assert.equal(facts?.trusted, true);
    assert.deepEqual(
      facts?.chain.map(({ subject, names }: CertificateFacts) => [subject, names]),
      [
        [`CN=${NAME}`, [`dns:${NAME}`]],
        ['CN=Test Root', ['cn:test root']],
      ],
    );
    assert.equal((await server.messages.next()).flow.protocol, 'TLS');
    // The same policy and name share the connection, another name does not.
    const again = await client.layer.connect(destination);
    assert.ok(again.ok && again.flow.id === sent.flow.id);
    const other = await client.layer.connect({ ...destination, serverName: 'other.example' });
    assert.ok(!other.ok && other.error.tls?.reason === 'wrong-name');
    const fresh = await client.layer.connect(destination, { fresh: true });
    assert.ok(fresh.ok && fresh.flow.id !== sent.flow.id);
  });

  for (const [title, names, commonName, expected] of [
    ['a SIP URI names the domain (RFC 5922 §7.1)', ['sip:carrier.example'], 'x', 'carrier.example'],
    ['the common name counts without subjectAltName', undefined, NAME, NAME],
    ['case does not matter', ['SIP.Carrier.Example'], 'x', NAME],
    ['an address proves a destination without a name', [LOOPBACK], 'x', LOOPBACK],
  ] as const) {
    test(title, async (t) => {
      const { server } = await serve(t, { credentials: issue({ names, commonName }) });
      assert.ok((await attempt(server, { authorities }, expected)).ok);
    });
  }
});

describe('a certificate that is not', () => {
  test('expired, with the date', async (t) => {
    const validTo = new Date(Math.floor((Date.now() - DAY) / 1000) * 1000);
    const validFrom = new Date(Date.now() - 2 * DAY);
    const { server } = await serve(t, { credentials: issue({ validFrom, validTo }) });
    const error = await failureOf(server, { authorities });
    assert.equal(error.tls?.reason, 'expired');
    assert.equal(error.tls?.date, validTo.toISOString());
    assert.equal(error.system, 'CERT_HAS_EXPIRED');
    assert.match(error.detail, new RegExp(validTo.toISOString()));
    assert.equal(error.tls?.chain[0]?.subject, `CN=${NAME}`);
  });

  test('not valid yet', async (t) => {
    const validFrom = new Date(Date.now() + DAY);
    const { server } = await serve(t, {
      credentials: issue({ validFrom, validTo: new Date(Date.now() + 2 * DAY) }),
    });
    assert.equal((await failureOf(server, { authorities })).tls?.reason, 'not-yet-valid');
  });

  test('for another name; the common name does not count beside a subjectAltName', async (t) => {
    const { server } = await serve(t, { credentials: issue({ names: ['other.example'], commonName: NAME }) });
    const { tls } = await failureOf(server, { authorities });
    assert.equal(tls?.reason, 'wrong-name');
    assert.equal(tls?.expectedName, NAME);
    assert.deepEqual(tls?.chain[0]?.names, ['dns:other.example']);
  });

  test('for a wildcard, unless the policy lets it pass (RFC 5922 §7.2)', async (t) => {
    const { server } = await serve(t, { credentials: issue({ names: ['*.carrier.example'] }) });
    assert.equal((await failureOf(server, { authorities })).tls?.onlyByWildcard, true);
    assert.ok((await attempt(server, { authorities, allowWildcards: true })).ok);
  });

  test('from an authority that is not ours', async (t) => {
    const { server } = await serve(t, { credentials: issue({}, strangeCa) });
    assert.equal((await failureOf(server, { authorities })).tls?.reason, 'untrusted');
    assert.equal((await failureOf(server, {})).tls?.reason, 'untrusted');
  });

  test('signed by itself: refused, unless its key is pinned, or anyone is trusted', async (t) => {
    const own = issueCertificate({ commonName: 'pbx' });
    const { server } = await serve(t, { credentials: own });
    assert.equal((await failureOf(server, { authorities })).tls?.reason, 'self-signed');
    assert.ok((await attempt(server, { trust: 'pin', pins: [pinOf(own)] })).ok);
    assert.ok((await attempt(server, { trust: 'none' })).ok);
    assert.equal((await failureOf(server, { trust: 'pin', pins: [pinOf(ca)] })).tls?.reason, 'wrong-pin');
  });

  test('a pin is asked for on top of the authority, in base64 or hexadecimal', async (t) => {
    const credentials = issue();
    const { server } = await serve(t, { credentials });
    const hex = Buffer.from(pinOf(credentials), 'base64').toString('hex');
    assert.ok((await attempt(server, { authorities, pins: [pinOf(ca), hex] })).ok);
    assert.equal((await failureOf(server, { authorities, pins: [pinOf(ca)] })).tls?.reason, 'wrong-pin');
  });

  test('an older version than the policy asks for', async (t) => {
    const { certificate: cert, privateKey: key } = issue();
    const old = createTlsServer({ cert, key, maxVersion: 'TLSv1.2' }).listen(0, LOOPBACK);
    old.on('tlsClientError', () => undefined);
    await once(old, 'listening');
    t.after(() => void old.close());
    const address = old.address();
    assert.ok(typeof address === 'object' && address !== null);
    client.layer.setTlsPolicy('modern', { authorities, minVersion: 'TLSv1.3' });
    const result = await client.layer.connect({
      protocol: 'TLS',
      address: LOOPBACK,
      port: address.port,
      policy: 'modern',
    });
    assert.ok(!result.ok);
    assert.equal(result.error.tls?.reason, 'version');
  });

  test('a policy that cannot be used is refused when it is set', () => {
    const set = (policy: TlsPolicy) => client.layer.setTlsPolicy('bad', policy).ok;
    assert.equal(set({ pins: ['abc'] }), false);
    assert.equal(set({ trust: 'pin' }), false);
    assert.equal(set({ credentials: { certificate: 'x', privateKey: 'y' } }), false);
    assert.equal(
      set({ credentials: { certificate: ca.certificate, privateKey: issue().privateKey } }),
      false,
    );
    assert.equal(set({ authorities: 'no certificate' }), false);
  });
});

describe('client certificates', () => {
  const tls: TlsServerOptions = {
    credentials: issue(),
    clientCertificates: 'require',
    clientAuthorities: ca.certificate,
  };

  test('one from the right authority lets us in, and the server knows it', async (t) => {
    const { server } = await serve(t, tls);
    client.layer.setTlsPolicy('mtls', { authorities, credentials: issue({ names: ['tronco.example'] }) });
    await client.sendTo(server.at('TLS', { policy: 'mtls', serverName: NAME }), optionsBytes());
    const { flow } = await server.messages.next();
    const facts = server.layer.tlsOf(flow);
    assert.deepEqual(facts?.chain[0]?.names, ['dns:tronco.example']);
    assert.equal(facts?.trusted, true);
  });

  test('without one the server says so, and the flow closes with that reason', async (t) => {
    const { server, failed } = await serve(t, tls);
    const own = await LiveTransport.open([], { defaultTls: { authorities } });
    t.after(() => own.close());
    own.layer.sendTo(server.at('TLS', { serverName: NAME }), optionsBytes());
    // In TLS 1.3 the client is done before the server has seen that there is no certificate.
    const { error } = await own.closed.next();
    assert.equal(error?.tls?.reason, 'own-certificate');
    assert.equal(error?.tls?.alert, 'certificate_required');
    await failed.next();
    assert.equal(server.messages.all.length, 0);
  });
});

describe('peers that break the handshake', () => {
  test('what does not speak TLS', async (t) => {
    const plain = await LiveTransport.open([{ protocol: 'TCP' }]);
    t.after(() => plain.close());
    const talker = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SIP/2.0 400 Bad Request\r\n\r\n');
    }).listen(0, LOOPBACK);
    await once(talker, 'listening');
    t.after(() => void talker.close());
    const address = talker.address();
    assert.ok(typeof address === 'object' && address !== null);
    const result = await client.layer.connect({ protocol: 'TLS', address: LOOPBACK, port: address.port });
    assert.ok(!result.ok && result.error.tls?.reason === 'not-tls');
  });

  test('one that never answers, from either side', async (t) => {
    const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, LOOPBACK);
    await once(mute, 'listening');
    const address = mute.address();
    assert.ok(typeof address === 'object' && address !== null);
    const limits = { handshakeTimeoutMs: 40 };
    const hasty = await LiveTransport.open([{ protocol: 'TLS', tls: { credentials: issue() } }], { limits });
    t.after(async () => {
      mute.close();
      await hasty.close();
    });
    const result = await hasty.layer.connect({ protocol: 'TLS', address: LOOPBACK, port: address.port });
    assert.ok(!result.ok && result.error.code === 'timeout');
    const raw = await RawClient.open(hasty.at('TLS'));
    await raw.ended;
    // The test's own time limit is the bound.
    while (hasty.layer.counts.connections > 0) await new Promise(setImmediate);
  });

  test('an unknown policy opens nothing', async (t) => {
    const { server } = await serve(t, { credentials: issue() });
    const result = await client.layer.connect(server.at('TLS', { policy: 'nowhere' }));
    assert.ok(!result.ok && result.error.code === 'unreachable');
  });
});

test('server certificates are replaced without a restart; what stands is left alone', async (t) => {
  const first = issue();
  const second = issue();
  const { server } = await serve(t, { credentials: first });
  client.layer.setTlsPolicy('reload', { authorities });
  const destination = server.at('TLS', { policy: 'reload', serverName: NAME });
  const standing = await client.layer.connect(destination);
  assert.ok(standing.ok && standing.tls?.chain[0]?.spkiSha256 === pinOf(first));
  assert.equal(server.layer.replaceServerTls({ credentials: { certificate: 'x', privateKey: 'y' } }), false);
  assert.equal(server.layer.replaceServerTls({ credentials: second }), true);
  const fresh = await client.layer.connect(destination, { fresh: true });
  assert.ok(fresh.ok && fresh.tls?.chain[0]?.spkiSha256 === pinOf(second));
  assert.ok((await client.sendOnFlow(standing.flow, optionsBytes('still'))).ok);
  // A policy that changes makes the next request prove the peer anew.
  client.layer.setTlsPolicy('reload', { authorities, pins: [pinOf(first)] });
  const judged = await client.layer.connect(destination);
  assert.ok(!judged.ok && judged.error.tls?.reason === 'wrong-pin');
});

test('names that must not cover', () => {
  assert.equal(namesCover(['dns:*.example'], 'a.example', true), false);
  assert.equal(namesCover(['dns:*.b.example'], 'x.a.b.example', true), false);
  assert.equal(namesCover(['dns:a.example.evil'], 'a.example', true), false);
  assert.equal(namesCover(['sip:*.b.example'], 'a.b.example', true), false);
  assert.equal(namesCover([], 'a.example', true), false);
});
