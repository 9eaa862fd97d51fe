import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueCertificate } from '../testing/certificates.ts';
import { LiveTransport, LOOPBACK, optionsBytes } from '../testing/live-transport.ts';
import type { TlsPolicy } from './tls-policy.ts';
import type { TransportProtocol } from './transport.ts';

// RFC 5923: a connection that the peer opened carries our requests only when it asked, and only as who it has proven to be.

const PEER = 'peer.example';
const ca = issueCertificate({ commonName: 'Test Root', isAuthority: true });
const issue = (name: string) => issueCertificate({ commonName: name, names: [name] }, ca);

function asking(protocol: TransportProtocol, host: string, port: number, params: string): Buffer {
  const text = optionsBytes().toString();
  return Buffer.from(
    text.replace('SIP/2.0/UDP 198.51.100.9:5060', `SIP/2.0/${protocol} ${host}:${port}${params}`),
  );
}

test('TCP: without alias, or with an address that is not its own, the peer gets a new connection', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'TCP' }]);
  const peer = await LiveTransport.open([{ protocol: 'TCP' }]);
  t.after(() => Promise.all([server.close(), peer.close()]));
  const { port } = peer.at('TCP');
  const place = { protocol: 'TCP', address: LOOPBACK, port } as const;
  await peer.sendTo(server.at('TCP'), asking('TCP', '192.0.2.7', port, ';alias'));
  await peer.sendTo(server.at('TCP'), asking('TCP', LOOPBACK, port, ''));
  const { flow } = await server.messages.next();
  await server.messages.next();
  const own = await server.layer.connect(place);
  assert.ok(own.ok && own.flow.id !== flow.id);
  server.layer.endFlow(own.flow);
  await server.closed.next();

  await peer.sendTo(server.at('TCP'), asking('TCP', LOOPBACK, port, ';alias'));
  await server.messages.next();
  const shared = await server.layer.connect(place);
  assert.ok(shared.ok);
  assert.equal(shared.flow.id, flow.id);
});

async function tlsPair(t: { after(fn: () => Promise<unknown>): void }, peerTls: TlsPolicy) {
  const { certificate: clientAuthorities } = ca;
  const tls = { credentials: issue('us.example'), clientCertificates: 'request', clientAuthorities } as const;
  const defaultTls = { authorities: ca.certificate };
  const server = await LiveTransport.open([{ protocol: 'TLS', tls }], { defaultTls });
  const peer = await LiveTransport.open([{ protocol: 'TLS', tls: { credentials: issue(PEER) } }], {
    defaultTls: peerTls,
  });
  t.after(() => Promise.all([server.close(), peer.close()]));
  const { port } = peer.at('TLS');
  const sent = await peer.sendTo(
    server.at('TLS', { serverName: 'us.example' }),
    asking('TLS', PEER, port, ';alias'),
  );
  assert.ok(sent.ok);
  const { flow } = await server.messages.next();
  return { server, peer, flow, place: { protocol: 'TLS', address: LOOPBACK, port } as const };
}

test('TLS: a trusted certificate for the very name lets the connection serve both ways', async (t) => {
  const { server, flow, place } = await tlsPair(t, { authorities: ca.certificate, credentials: issue(PEER) });
  const shared = await server.layer.connect({ ...place, serverName: PEER });
  assert.ok(shared.ok && shared.flow.id === flow.id);
  // Another name was not proven by it, and a policy may ask for more.
  const other = await server.layer.connect({ ...place, serverName: 'other.example' });
  assert.ok(!other.ok && other.error.tls?.reason === 'wrong-name');
  server.layer.setTlsPolicy('own', { authorities: ca.certificate });
  const strict = await server.layer.connect({ ...place, serverName: PEER, policy: 'own' });
  assert.ok(strict.ok && strict.flow.id !== flow.id);
});

test('TLS: without a certificate alias means nothing', async (t) => {
  const { server, flow, place } = await tlsPair(t, { authorities: ca.certificate });
  const own = await server.layer.connect({ ...place, serverName: PEER });
  assert.ok(own.ok && own.flow.id !== flow.id);
});
