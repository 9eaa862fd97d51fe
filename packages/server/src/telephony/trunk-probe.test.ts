import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { type DigestAlgorithm, NodeDnsClient } from '@tronco/sip';
import { issueCertificate, TestDnsServer, type Zone } from '@tronco/sip/testing';
import type { ProbeReport, TrunkTarget } from '../domain/trunks/probe.ts';
import { REALM, type Registrar, type RegistrarOptions, startRegistrar, USER } from '../testing/registrar.ts';
import { createTrunkProbe, type TrunkProbeOptions } from './trunk-probe.ts';

const NEVER = new AbortController().signal;
const authority = issueCertificate({ commonName: 'Test Authority', isAuthority: true });
const tls = { authorities: authority.certificate };
const HOUR_MS = 3_600_000;

describe('speaking to a carrier (contract §12.6–12.7)', () => {
  const open: { stop(): Promise<void> }[] = [];
  after(async () => {
    for (const one of open) await one.stop();
  });

  async function carrier(options: RegistrarOptions): Promise<Registrar> {
    const started = await startRegistrar(options);
    open.push(started);
    return started;
  }

  async function dnsOf(zone: Zone): Promise<NodeDnsClient> {
    const server = await TestDnsServer.open(zone);
    open.push({ stop: () => server.close() });
    return new NodeDnsClient({ servers: [server.address], hostsFile: false });
  }

  const trunkTo = (port: number, changes: Partial<TrunkTarget> = {}): TrunkTarget => ({
    domain: '127.0.0.1',
    port,
    transport: 'tcp',
    outboundProxy: null,
    authRealm: null,
    ...USER,
    ...changes,
  });

  const verify = (target: TrunkTarget, options: TrunkProbeOptions = {}): Promise<ProbeReport> =>
    createTrunkProbe({ tls, ...options }).verify(target, NEVER);

  const codes = ({ stages }: ProbeReport): string[] => stages.map(({ name, code }) => `${name} ${code}`);
  const at = ({ stages }: ProbeReport, name: string) => {
    const stage = stages.find((one) => one.name === name);
    assert.ok(stage, `there is no stage ${name}`);
    return stage;
  };

  for (const transport of ['udp', 'tcp', 'tls'] as const) {
    for (const algorithm of ['MD5', 'SHA-256'] satisfies DigestAlgorithm[]) {
      it(`registers over ${transport} with ${algorithm} and leaves no binding behind`, async () => {
        const credentials = issueCertificate({ commonName: 'c', names: ['127.0.0.1'] }, authority);
        const protocol = transport.toUpperCase() as 'UDP';
        const peer = await carrier({ protocol, credentials, algorithm });
        const report = await verify(trunkTo(peer.port, { transport }));
        assert.deepEqual(codes(report), [
          'dns numeric_host',
          transport === 'udp' ? 'connect connectionless' : 'connect connected',
          'options reachable',
          'register registered',
          'address same_address',
        ]);
        assert.deepEqual([report.ok, report.error], [true, undefined]);
        assert.ok(report.stages.every((stage) => stage.ok && stage.fix === null));
        assert.match(
          at(report, 'register').detail,
          new RegExp(`Digest ${algorithm} in the realm "${REALM}"`),
        );
        assert.match(at(report, 'options').detail, /200 OK from Test-Carrier/);
        assert.deepEqual(peer.requests, ['OPTIONS', 'REGISTER', 'REGISTER', 'REGISTER']);
        assert.equal(peer.bindings.size, 0);
      });
    }
  }

  it('says of a wrong password that authentication failed, and shows no secret', async () => {
    const peer = await carrier({ protocol: 'TCP' });
    const report = await verify(trunkTo(peer.port, { password: 'not-the-password' }));
    assert.deepEqual([report.ok, report.error], [false, 'Authentication failed (401)']);
    assert.equal(at(report, 'register').code, 'auth_failed');
    assert.ok(at(report, 'register').fix);
    assert.ok(!/not-the-password|response=|nonce/.test(JSON.stringify(report)));
  });

  it('names the carrier’s realm when the trunk has another', async () => {
    const peer = await carrier({ protocol: 'TCP' });
    const wrong = await verify(trunkTo(peer.port, { authRealm: 'elsewhere' }));
    assert.equal(at(wrong, 'register').code, 'realm_mismatch');
    assert.match(at(wrong, 'register').detail, new RegExp(`realm "${REALM}"`));
    assert.equal((await verify(trunkTo(peer.port, { authRealm: REALM }))).ok, true);
  });

  for (const [registerStatus, code, error] of [
    [403, 'forbidden', 'The carrier refused the registration (403)'],
    [404, 'unknown_account', 'The carrier does not know the account (404)'],
    [503, 'not_serving', 'The carrier does not serve requests (503)'],
    [606, 'refused', 'The carrier refused the registration (606)'],
  ] as const) {
    it(`reads ${registerStatus} to REGISTER as ${code}`, async () => {
      const peer = await carrier({ protocol: 'TCP', registerStatus });
      const report = await verify(trunkTo(peer.port));
      assert.deepEqual([at(report, 'register').code, report.error], [code, error]);
    });
  }

  it('takes a carrier without registrar as verified, and says that the password was not tried', async () => {
    const peer = await carrier({ protocol: 'TCP', registerStatus: 405 });
    const report = await verify(trunkTo(peer.port));
    assert.equal(report.ok, true);
    assert.deepEqual(
      [at(report, 'register').code, at(report, 'register').skipped],
      ['registration_not_offered', true],
    );
  });

  for (const optionsStatus of [401, 403, 404, 405]) {
    it(`takes ${optionsStatus} to OPTIONS as a sign of life`, async () => {
      const peer = await carrier({ protocol: 'UDP', optionsStatus });
      const report = await verify(trunkTo(peer.port, { transport: 'udp' }));
      assert.deepEqual([report.ok, at(report, 'options').code], [true, 'reachable_refused']);
      const check = await createTrunkProbe().check(trunkTo(peer.port, { transport: 'udp' }), NEVER);
      assert.deepEqual([check.ok, codes(check).at(-1)], [true, 'options reachable_refused']);
      assert.ok(!peer.requests.slice(4).includes('REGISTER'), 'a health check does not register');
    });
  }

  it('calls a registration that the answer does not list missing', async () => {
    const peer = await carrier({ protocol: 'TCP', forgetful: true });
    const report = await verify(trunkTo(peer.port));
    assert.deepEqual([report.ok, at(report, 'register').code], [false, 'binding_missing']);
  });

  it('ends a conversation with somebody silent at its limit', async () => {
    for (const [protocol, transport] of [
      ['UDP', 'udp'],
      ['TCP', 'tcp'],
    ] as const) {
      const peer = await carrier({ protocol, silent: true });
      const report = await verify(trunkTo(peer.port, { transport }), { verifyLimitMs: 300 });
      assert.deepEqual([report.ok, report.error], [false, 'Connection timeout']);
      assert.deepEqual(codes(report).slice(2), ['options no_answer', 'register no_answer']);
      const check = await createTrunkProbe({ checkLimitMs: 150 }).check(
        trunkTo(peer.port, { transport }),
        NEVER,
      );
      assert.deepEqual([check.ok, check.error], [false, 'Connection timeout']);
    }
  });

  it('ends a handshake that never comes to anything at its limit', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const report = await verify(trunkTo(port, { transport: 'tls' }), { verifyLimitMs: 300 });
    assert.deepEqual(codes(report), ['dns numeric_host', 'connect connection_timeout']);
    mute.close();
  });

  it('stops at a port where nobody listens', async () => {
    const peer = await startRegistrar({ protocol: 'TCP' });
    await peer.stop();
    const report = await verify(trunkTo(peer.port));
    assert.deepEqual(codes(report), ['dns numeric_host', 'connect connection_refused']);
    assert.equal(report.error, 'Connection refused');
  });

  it('stops at a host that does not exist, and says what was asked', async () => {
    const dns = await dnsOf({});
    const report = await verify(trunkTo(5060, { domain: 'nowhere.test' }), { dns });
    assert.deepEqual(codes(report), ['dns no_such_host']);
    assert.match(at(report, 'dns').detail, /SRV _sip\._tcp\.nowhere\.test \(no-such-name\)/);
  });

  it('tells a name server that fails from a name that does not exist', async () => {
    const dns = await dnsOf({ 'broken.test': 'SERVFAIL', '_sip._tcp.broken.test': 'SERVFAIL' });
    const report = await verify(trunkTo(5060, { domain: 'broken.test' }), { dns });
    assert.deepEqual(codes(report), ['dns dns_failed']);
  });

  it('follows SRV records at the default port, and goes on to the next place when one is dead', async () => {
    const dead = await startRegistrar({ protocol: 'TCP' });
    await dead.stop();
    const peer = await carrier({ protocol: 'TCP' });
    const srv = (priority: number, port: number) => ({ priority, weight: 1, port, target: 'a.carrier.test' });
    const dns = await dnsOf({
      '_sip._tcp.carrier.test': { SRV: [srv(1, dead.port), srv(2, peer.port)] },
      'a.carrier.test': { A: ['127.0.0.1'] },
    });
    const report = await verify(trunkTo(5060, { domain: 'carrier.test' }), { dns });
    assert.equal(report.ok, true, JSON.stringify(report));
    assert.match(at(report, 'connect').detail, new RegExp(`:${peer.port}`));
  });

  it('goes to the outbound proxy instead of the domain', async () => {
    const peer = await carrier({ protocol: 'TCP' });
    for (const proxy of [`127.0.0.1:${peer.port}`, `sip:127.0.0.1:${peer.port};transport=tcp`]) {
      const target = trunkTo(5060, { domain: 'carrier.test', outboundProxy: proxy });
      assert.equal((await verify(target)).ok, true, proxy);
    }
  });

  for (const [code, names, changes] of [
    ['tls_expired', ['carrier.test'], { validTo: new Date(Date.now() - HOUR_MS) }],
    ['tls_not_yet_valid', ['carrier.test'], { validFrom: new Date(Date.now() + HOUR_MS) }],
    ['tls_wrong_name', ['other.test'], {}],
  ] as const) {
    it(`says ${code} of such a certificate, and shows its names and its end`, async () => {
      const made = { commonName: 'c', names, validFrom: new Date(Date.now() - 2 * HOUR_MS), ...changes };
      const peer = await carrier({ protocol: 'TLS', credentials: issueCertificate(made, authority) });
      const dns = await dnsOf({ 'carrier.test': { A: ['127.0.0.1'] } });
      const target = trunkTo(peer.port, { domain: 'carrier.test', transport: 'tls' });
      const report = await verify(target, { dns });
      assert.deepEqual(codes(report), ['dns resolved', `connect ${code}`]);
      assert.match(at(report, 'connect').detail, new RegExp(`dns:${names[0]}; valid until \\d{4}-`));
      assert.deepEqual(peer.requests, []);
    });
  }

  it('does not trust a self-signed certificate', async () => {
    const credentials = issueCertificate({ commonName: 'c', names: ['127.0.0.1'] });
    const peer = await carrier({ protocol: 'TLS', credentials });
    const report = await verify(trunkTo(peer.port, { transport: 'tls' }));
    assert.equal(at(report, 'connect').code, 'tls_self_signed');
  });

  it('notices a port that does not speak TLS', async () => {
    const http = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as { port: number };
    const report = await verify(trunkTo(port, { transport: 'tls' }));
    assert.equal(at(report, 'connect').code, 'tls_not_spoken');
    http.close();
  });

  it('repeats what a peer says only in part and on one line', async () => {
    const peer = await carrier({
      protocol: 'TCP',
      optionsStatus: 480,
      reasonPhrase: `a\u{202e}b\t${'x'.repeat(500)}`,
    });
    const { detail } = at(await verify(trunkTo(peer.port)), 'options');
    assert.ok(detail.length < 250, detail);
    assert.ok(!/[\p{Cc}\p{Cf}]/u.test(detail), detail);
  });

  it('breaks off when it is told to', async () => {
    const peer = await carrier({ protocol: 'TCP', silent: true });
    const stop = new AbortController();
    const running = createTrunkProbe().verify(trunkTo(peer.port), stop.signal);
    stop.abort();
    assert.equal((await running).ok, false);
  });
});
