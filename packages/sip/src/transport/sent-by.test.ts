import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListeningPoint, SentByChooser, type SentByInit } from './sent-by.ts';
import type { Destination } from './transport.ts';

const point = (protocol: ListeningPoint['protocol'], address: string, port: number): ListeningPoint => ({
  protocol,
  address,
  port,
  advertised: undefined,
});

const chooser = (points: readonly ListeningPoint[], extra: Partial<SentByInit> = {}) =>
  new SentByChooser({
    points: () => points,
    advertised: undefined,
    localNetworks: [],
    localAddressTo: (remote) => (remote.includes(':') ? '2001:db8::5' : '10.0.0.5'),
    ...extra,
  });

const to = (
  protocol: Destination['protocol'],
  address: string,
  extra: Partial<Destination> = {},
): Destination => ({
  protocol,
  address,
  port: 5060,
  ...extra,
});

const everywhere = [
  point('UDP', '0.0.0.0', 5060),
  point('UDP', '::', 5070),
  point('TCP', '0.0.0.0', 5080),
  point('TLS', '192.0.2.9', 5061),
];

test('bound to every address, the one towards the peer counts, with the port of the listener', () => {
  const own = chooser(everywhere);
  assert.deepEqual(own.choose(to('UDP', '198.51.100.1')), { host: '10.0.0.5', port: 5060 });
  assert.deepEqual(own.choose(to('UDP', '2001:db8::1')), { host: '2001:db8::5', port: 5070 });
  assert.deepEqual(own.choose(to('TCP', '198.51.100.1')), { host: '10.0.0.5', port: 5080 });
  assert.deepEqual(own.choose(to('TLS', '198.51.100.1')), { host: '192.0.2.9', port: 5061 });
});

test('without a listener of that protocol, the default port', () => {
  assert.deepEqual(chooser([]).choose(to('TLS', '198.51.100.1')), { host: '10.0.0.5', port: 5061 });
});

test('behind NAT the advertised address counts, but not for peers inside', () => {
  const own = chooser(everywhere, {
    advertised: { host: 'sip.tronco.example', port: 15060 },
    localNetworks: ['10.0.0.0/8', '2001:db8::/32'],
  });
  assert.deepEqual(own.choose(to('UDP', '198.51.100.1')), { host: 'sip.tronco.example', port: 15060 });
  assert.deepEqual(own.choose(to('UDP', '10.1.1.1')), { host: '10.0.0.5', port: 5060 });
  assert.deepEqual(own.choose(to('UDP', '2001:db8::1')), { host: '2001:db8::5', port: 5070 });
  assert.equal(own.choose(to('UDP', '127.0.0.1')).port, 5060);
});

test('several sockets: the one that the target names', () => {
  const own = chooser([point('UDP', '192.0.2.1', 5060), point('UDP', '192.0.2.2', 5062)]);
  const second = { localAddress: '192.0.2.2', localPort: 5062 };
  assert.deepEqual(own.choose(to('UDP', '198.51.100.1', second)), { host: '192.0.2.2', port: 5062 });
  assert.deepEqual(own.choose(to('UDP', '198.51.100.1')), { host: '192.0.2.1', port: 5060 });
});
