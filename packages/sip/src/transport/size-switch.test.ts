import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeVia } from '../message/headers/via.ts';
import type { SipRequest } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { withTopVia } from '../message/update.ts';
import { FaultyDatagrams } from '../testing/faulty-datagrams.ts';
import { LiveTransport, LOOPBACK, optionsBytes } from '../testing/live-transport.ts';
import { testRequest } from '../testing/requests.ts';
import { destinationsForSize } from '../transaction/switch-to-stream.ts';
import type { Destination, SendResult } from './transport.ts';

/** The request with the Via for that destination, `bytes` long on UDP. */
function requestOf(client: LiveTransport, destination: Destination, bytes: number): SipRequest {
  const build = (padding: number): SipRequest => {
    const { host, port } = client.layer.sentByFor(destination);
    const via = makeVia({ transport: destination.protocol, host, port, branch: 'z9hG4bKsize' });
    return withTopVia(testRequest({ callId: 'size', headers: [['X', 'x'.repeat(padding)]] }), via);
  };
  return build(1 + bytes - serializeMessage(build(1)).length);
}

/** Sends as a client transaction would: the Via says what the message really goes over. */
async function sendLarge(client: LiveTransport, udp: Destination, bytes: number): Promise<SendResult[]> {
  const results: SendResult[] = [];
  for (const destination of destinationsForSize(udp, bytes)) {
    const result = await client.sendTo(destination, serializeMessage(requestOf(client, destination, bytes)));
    results.push(result);
    if (result.ok) break;
  }
  return results;
}

/** UDP and TCP on the same port. */
async function bothOnOnePort(): Promise<LiveTransport> {
  for (;;) {
    const tcp = await LiveTransport.open([{ protocol: 'TCP' }]);
    const { port } = tcp.at('TCP');
    await tcp.close();
    try {
      return await LiveTransport.open([
        { protocol: 'UDP', port },
        { protocol: 'TCP', port },
      ]);
    } catch {
      // Somebody took the port in between.
    }
  }
}

test('1,300 octets go over UDP, 1,301 over TCP (RFC 3261 §18.1.1)', async (t) => {
  const server = await bothOnOnePort();
  const client = await LiveTransport.open([{ protocol: 'UDP' }, { protocol: 'TCP' }]);
  t.after(() => Promise.all([server.close(), client.close()]));
  for (const [bytes, protocol] of [
    [1_300, 'UDP'],
    [1_301, 'TCP'],
  ] as const) {
    const [result] = await sendLarge(client, server.at('UDP'), bytes);
    assert.ok(result?.ok);
    const { message, flow } = await server.messages.next();
    assert.equal(flow.protocol, protocol);
    assert.equal(message.via.transport, protocol);
    assert.equal(message.via.port, client.at(protocol).port);
  }
});

test('a peer without TCP gets the large request over UDP after all', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }]);
  const client = await LiveTransport.open([{ protocol: 'UDP' }]);
  t.after(() => Promise.all([server.close(), client.close()]));
  const results = await sendLarge(client, server.at('UDP'), 3_000);
  assert.deepEqual(
    results.map((result) => (result.ok ? result.flow.protocol : result.error.code)),
    ['refused', 'UDP'],
  );
  assert.equal((await server.messages.next()).message.via.transport, 'UDP');
});

test('faults of the network can be put under a transport', async (t) => {
  const server = await LiveTransport.open([{ protocol: 'UDP' }]);
  const fates = ['drop', 'duplicate', 'pass'] as const;
  let at = 0;
  const client = await LiveTransport.open([{ protocol: 'UDP', address: LOOPBACK }], {
    wrapDatagrams: (port) => new FaultyDatagrams(port, { seed: 1, decide: () => fates[at++] }),
  });
  t.after(() => Promise.all([server.close(), client.close()]));
  for (const callId of ['a', 'b', 'c']) await client.sendTo(server.at('UDP'), optionsBytes(callId));
  const got = [await server.nextMessage(), await server.nextMessage(), await server.nextMessage()];
  assert.deepEqual(
    got.map(({ callId }) => callId),
    ['b', 'b', 'c'],
  );
});
