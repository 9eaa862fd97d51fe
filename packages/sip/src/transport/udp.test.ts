import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { serializeMessage } from '../message/serialize.ts';
import {
  Arrivals,
  LiveTransport,
  LOOPBACK,
  optionsBytes,
  optionsRequest,
} from '../testing/live-transport.ts';
import { testRequest } from '../testing/requests.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((own) =>
  own?.some(({ address }) => address === '::1'),
);

async function rawUdp() {
  const socket = createSocket('udp4');
  const received = new Arrivals<string>();
  socket.on('message', (bytes) => received.add(bytes.toString()));
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  return { socket, received, port: socket.address().port };
}

for (const address of hasIpv6 ? [LOOPBACK, '::1'] : [LOOPBACK]) {
  test(`a request and its response cross UDP on ${address}, with the source kept`, async (t) => {
    const server = await LiveTransport.open([{ protocol: 'UDP', address }]);
    const client = await LiveTransport.open([{ protocol: 'UDP', address }]);
    t.after(() => Promise.all([server.close(), client.close()]));
    server.echo = true;
    const result = await client.sendTo(server.at('UDP'), optionsBytes());
    assert.ok(result.ok);
    const { message, flow } = await server.messages.next();
    assert.equal(flow.reliable, false);
    assert.equal(flow.remoteAddress, address);
    assert.equal(flow.remotePort, client.at('UDP').port);
    assert.equal(flow.localPort, server.at('UDP').port);
    assert.equal(message.via.received, address);
    assert.equal(message.via.rport, client.at('UDP').port);
    const response = await client.nextMessage();
    assert.ok(response.kind === 'response' && response.status === 200);
  });
}

test('a request without rport gets only received, and only when its Via names another host', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }]);
  const client = await rawUdp();
  t.after(async () => {
    client.socket.close();
    await server.close();
  });
  const text = serializeMessage(testRequest()).toString().replace(';rport', '');
  const { port } = server.at('UDP');
  client.socket.send(text, port, LOOPBACK);
  client.socket.send(text.replace('198.51.100.9', LOOPBACK), port, LOOPBACK);
  client.socket.send(text.replace('198.51.100.9:5060', `${LOOPBACK};received=192.0.2.66`), port, LOOPBACK);
  const vias = [await server.nextMessage(), await server.nextMessage(), await server.nextMessage()].map(
    ({ via }) => via,
  );
  assert.deepEqual(
    vias.map(({ received, wantsRport }) => [received, wantsRport]),
    [
      [LOOPBACK, false],
      [undefined, false],
      [LOOPBACK, false],
    ],
  );
});

test('a request that cannot be parsed is answered where it came from; noise and keep-alives are not', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }]);
  const client = await rawUdp();
  t.after(async () => {
    client.socket.close();
    await server.close();
  });
  const { port } = server.at('UDP');
  const bad = serializeMessage(testRequest({ callId: 'bad' })).toString();
  client.socket.send('\r\n\r\n', port, LOOPBACK);
  client.socket.send('hello', port, LOOPBACK);
  client.socket.send(bad.replace(/CSeq: .*/, 'CSeq: x'), port, LOOPBACK);
  const answer = await client.received.next();
  assert.match(answer, /^SIP\/2\.0 400 /);
  assert.match(answer, new RegExp(`received=${LOOPBACK}`));
  assert.match(answer, new RegExp(`rport=${client.port}`));
  assert.deepEqual(
    [(await server.faults.next()).error.code, (await server.faults.next()).error.answerable],
    ['not-sip', true],
  );
  assert.equal(client.received.all.length, 1);
});

test('answers to what cannot be parsed are bounded', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }], { limits: { maxFaultAnswersPerSecond: 1 } });
  const client = await rawUdp();
  t.after(async () => {
    client.socket.close();
    await server.close();
  });
  const bad = serializeMessage(testRequest())
    .toString()
    .replace(/CSeq: .*/, 'CSeq: x');
  server.echo = true;
  for (let i = 0; i < 3; i++) client.socket.send(bad, server.at('UDP').port, LOOPBACK);
  client.socket.send(optionsBytes(), server.at('UDP').port, LOOPBACK);
  assert.match(await client.received.next(), / 400 /);
  assert.match(await client.received.next(), / 200 /);
  assert.equal(server.faults.all.length, 3);
});

test('a source that is not admitted is not even parsed', async (t) => {
  const asked = new Arrivals<string>();
  const server = await LiveTransport.open([{ protocol: 'UDP' }], {
    admit: ({ address }) => {
      asked.add(address);
      return asked.all.length > 1;
    },
  });
  const client = await LiveTransport.open([{ protocol: 'UDP' }]);
  t.after(() => Promise.all([server.close(), client.close()]));
  await client.sendTo(server.at('UDP'), optionsBytes('refused'));
  await client.sendTo(server.at('UDP'), optionsBytes('admitted'));
  assert.equal((await server.nextMessage()).callId, 'admitted');
  assert.equal(asked.all[0], LOOPBACK);
});

test('what is larger than a datagram fails with too-large, and without a socket with unreachable', async (t) => {
  const client = await LiveTransport.open([{ protocol: 'UDP' }]);
  t.after(() => client.close());
  const huge = await client.sendTo(client.at('UDP'), Buffer.alloc(65_508));
  assert.equal(huge.ok ? '' : huge.error.code, 'too-large');
  const other = { protocol: 'UDP', address: '2001:db8::1', port: 5060 } as const;
  const noSocket = await client.sendTo(other, optionsBytes());
  assert.equal(noSocket.ok ? '' : noSocket.error.code, 'unreachable');
});

test('an answer leaves from the socket its request came to', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }, { protocol: 'UDP' }]);
  const client = await LiveTransport.open([{ protocol: 'UDP' }]);
  t.after(() => Promise.all([server.close(), client.close()]));
  server.echo = true;
  const second = server.layer.listening[1];
  assert.ok(second);
  await client.sendTo({ protocol: 'UDP', address: LOOPBACK, port: second.port }, optionsBytes());
  assert.equal((await client.messages.next()).flow.remotePort, second.port);
});

test('a port that is taken is a value, and nothing stays open', async () => {
  const first = await LiveTransport.open([{ protocol: 'UDP' }]);
  const { port } = first.at('UDP');
  const second = new LiveTransport({
    listeners: [
      { protocol: 'TCP', address: LOOPBACK, port: 0 },
      { protocol: 'UDP', address: LOOPBACK, port },
    ],
  });
  const started = await second.layer.start(second);
  assert.ok(!started.ok);
  assert.equal(started.error.system, 'EADDRINUSE');
  assert.equal(started.listener.port, port);
  await first.close();
});

test('after close, sends fail with closed', async () => {
  const client = await LiveTransport.open([{ protocol: 'UDP' }]);
  const destination = client.at('UDP');
  await client.close();
  const result = await client.sendTo(destination, serializeMessage(optionsRequest()));
  assert.equal(result.ok ? '' : result.error.code, 'closed');
});
