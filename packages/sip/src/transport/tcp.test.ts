import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { serializeMessage } from '../message/serialize.ts';
import {
  LiveTransport,
  LOOPBACK,
  optionsBytes,
  optionsRequest,
  RawClient,
} from '../testing/live-transport.ts';
import { testRequest } from '../testing/requests.ts';

const failureOf = (
  result: { ok: true } | { ok: false; error: { code: string; system?: string | undefined } },
) => (result.ok ? undefined : result.error);

async function pair(t: { after(fn: () => Promise<unknown>): void }) {
  const server = await LiveTransport.open([{ protocol: 'TCP' }]);
  const client = await LiveTransport.open([{ protocol: 'TCP' }]);
  t.after(() => Promise.all([server.close(), client.close()]));
  server.echo = true;
  return { server, client };
}

describe('connections are opened once and reused (RFC 3261 §18)', () => {
  test('requests that start together share one connection, and responses come back on it', async (t) => {
    const { server, client } = await pair(t);
    const results = await Promise.all(
      ['a', 'b', 'c'].map((callId) => client.sendTo(server.at('TCP'), optionsBytes(callId))),
    );
    const flows = new Set(results.map((result) => (result.ok ? result.flow.id : 'failed')));
    assert.equal(flows.size, 1);
    for (let i = 0; i < 3; i++) {
      const { message, flow } = await client.messages.next();
      assert.equal(message.kind, 'response');
      assert.ok(flows.has(flow.id));
    }
    assert.deepEqual(
      server.messages.all.map(({ message }) => message.callId),
      ['a', 'b', 'c'],
    );
    assert.equal(server.layer.counts.connections, 1);
  });

  test('after the peer has closed, the next request opens a new one', async (t) => {
    const { server, client } = await pair(t);
    const first = await client.sendTo(server.at('TCP'), optionsBytes());
    const { flow } = await server.messages.next();
    server.layer.endFlow(flow);
    await client.closed.next();
    const second = await client.sendTo(server.at('TCP'), optionsBytes());
    assert.ok(first.ok && second.ok);
    assert.notEqual(first.flow.id, second.flow.id);
    assert.equal(failureOf(await client.sendOnFlow(first.flow, optionsBytes()))?.code, 'closed');
  });
});

describe('what cannot be sent is a value', () => {
  test('nobody listens', async (t) => {
    const { client } = await pair(t);
    const free = createServer().listen(0, LOOPBACK);
    await once(free, 'listening');
    const address = free.address();
    assert.ok(typeof address === 'object' && address !== null);
    free.close();
    await once(free, 'close');
    const destination = { protocol: 'TCP', address: LOOPBACK, port: address.port } as const;
    const error = failureOf(await client.sendTo(destination, optionsBytes()));
    assert.equal(error?.code, 'refused');
    assert.equal(error?.system, 'ECONNREFUSED');
    assert.equal(client.layer.counts.connections, 0);
  });

  test('a local address that is not ours', async (t) => {
    const { server, client } = await pair(t);
    const result = await client.sendTo(server.at('TCP', { localAddress: '192.0.2.200' }), optionsBytes());
    assert.equal(failureOf(result)?.code, 'unreachable');
  });

  test('a connection that breaks while a message waits to be sent', async (t) => {
    const silent = createServer((socket) => socket.on('error', () => undefined).pause()).listen(0, LOOPBACK);
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(typeof address === 'object' && address !== null);
    const client = await LiveTransport.open([], { limits: { writeTimeoutMs: 50, maxUnsentBytes: 1 << 26 } });
    t.after(async () => {
      silent.close();
      await client.close();
    });
    const destination = { protocol: 'TCP', address: LOOPBACK, port: address.port } as const;
    const result = await client.sendTo(destination, Buffer.alloc(1 << 25, 'x'));
    assert.equal(failureOf(result)?.code, 'congested');
    assert.equal((await client.closed.next()).error?.code, 'congested');
  });

  test('a peer that resets the connection in the middle of a message', async (t) => {
    const rude = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, LOOPBACK);
    await once(rude, 'listening');
    const address = rude.address();
    assert.ok(typeof address === 'object' && address !== null);
    const client = await LiveTransport.open([]);
    t.after(async () => {
      rude.close();
      await client.close();
    });
    const destination = { protocol: 'TCP', address: LOOPBACK, port: address.port } as const;
    const result = await client.sendTo(destination, Buffer.alloc(1 << 25, 'x'));
    assert.equal(failureOf(result)?.code, 'closed');
    assert.equal((await client.closed.next()).error?.code, 'closed');
    assert.equal(client.layer.counts.connections, 0);
  });

  test('more than the bound for one peer that does not read', async (t) => {
    const silent = createServer((socket) => socket.on('error', () => undefined).pause()).listen(0, LOOPBACK);
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(typeof address === 'object' && address !== null);
    const client = await LiveTransport.open([], { limits: { maxUnsentBytes: 100_000 } });
    t.after(async () => {
      silent.close();
      await client.close();
    });
    const destination = { protocol: 'TCP', address: LOOPBACK, port: address.port } as const;
    const chunk = Buffer.alloc(64_000, 'x');
    assert.ok((await client.layer.connect(destination)).ok);
    const results = await Promise.all(Array.from({ length: 400 }, () => client.sendTo(destination, chunk)));
    assert.ok(results.some((result) => failureOf(result)?.code === 'congested'));
    assert.equal((await client.closed.next()).error?.code, 'congested');
  });

  test('an attempt that is aborted, and one that was aborted before', async (t) => {
    const { server, client } = await pair(t);
    const stop = new AbortController();
    const attempt = client.layer.connect(server.at('TCP'), { signal: stop.signal });
    stop.abort();
    assert.equal(failureOf(await attempt)?.code, 'closed');
    const late = await client.layer.connect(server.at('TCP'), { signal: stop.signal });
    assert.equal(failureOf(late)?.code, 'closed');
    // Others that want the same connection are not hurt by it.
    assert.ok((await client.sendTo(server.at('TCP'), optionsBytes())).ok);
  });
});

describe('a stream is cut into messages (RFC 3261 §18.3)', () => {
  test('pipelined and split anywhere', async (t) => {
    const { server } = await pair(t);
    const raw = await RawClient.open(server.at('TCP'));
    t.after(async () => raw.close());
    const stream = Buffer.concat(['one', 'two', 'three'].map((callId) => optionsBytes(callId)));
    for (let at = 0; at < stream.length; at += 97) {
      raw.write(stream.subarray(at, at + 97));
      await new Promise(setImmediate);
    }
    for (const callId of ['one', 'two', 'three']) assert.equal((await server.nextMessage()).callId, callId);
    const text = await raw.until('Call-ID: three');
    assert.equal(text.match(/SIP\/2\.0 200/g)?.length, 3);
  });

  test('a ping is answered with a pong (RFC 5626 §3.5.1)', async (t) => {
    const { server } = await pair(t);
    const raw = await RawClient.open(server.at('TCP'));
    t.after(async () => raw.close());
    raw.write('\r\n\r\n');
    assert.equal(await raw.until('\r\n'), '\r\n');
  });

  test('a bad request is answered and the stream goes on; one without end is answered and closed', async (t) => {
    const { server } = await pair(t);
    const raw = await RawClient.open(server.at('TCP'));
    const good = optionsBytes('good').toString();
    raw.write(good.replace(/CSeq: .*/, 'CSeq: x') + good);
    await raw.until('SIP/2.0 400');
    await raw.until('SIP/2.0 200');
    raw.write(good.replace(/Content-Length: 0\r\n/, ''));
    await raw.ended;
    assert.equal(server.faults.all.length, 2);
    assert.equal((await raw.until('')).match(/SIP\/2\.0 400/g)?.length, 2);
  });
});

describe('strangers are bounded', () => {
  const limited = (limits: object) => LiveTransport.open([{ protocol: 'TCP' }], { limits });

  test('a message that trickles in is given up however often an octet comes', async (t) => {
    const server = await limited({ messageTimeoutMs: 60 });
    const raw = await RawClient.open(server.at('TCP'));
    const drip = setInterval(() => raw.write('X'), 10);
    t.after(async () => {
      clearInterval(drip);
      await server.close();
    });
    raw.write('OPTIONS sip:a SIP/2.0\r\n');
    await raw.ended;
    assert.equal((await server.closed.next()).error?.code, 'timeout');
    assert.equal(server.layer.counts.bufferedBytes, 0);
  });

  test('a connection on which nothing comes', async (t) => {
    const server = await limited({ firstMessageTimeoutMs: 30 });
    t.after(() => server.close());
    const raw = await RawClient.open(server.at('TCP'));
    await raw.ended;
    assert.equal((await server.closed.next()).error?.detail, 'no message came');
  });

  test('a connection on which nothing comes any more', async (t) => {
    const server = await limited({ idleTimeoutMs: 50 });
    t.after(() => server.close());
    const raw = await RawClient.open(server.at('TCP'));
    raw.write(optionsBytes());
    await raw.ended;
    assert.equal((await server.closed.next()).error, undefined);
  });

  test('connections from one source', async (t) => {
    const server = await limited({ maxConnectionsPerSource: 2 });
    t.after(() => server.close());
    const destination = server.at('TCP');
    const kept = [await RawClient.open(destination), await RawClient.open(destination)];
    const refused = await RawClient.open(destination);
    await refused.ended;
    assert.equal(server.layer.counts.connections, 2);
    kept[0]?.close();
    await server.closed.next();
    const next = await RawClient.open(destination);
    next.write(optionsBytes('after'));
    assert.equal((await server.nextMessage()).callId, 'after');
    for (const client of [...kept, next]) client.close();
  });

  test('octets of incomplete messages over all connections', async (t) => {
    const server = await limited({ maxBufferedBytes: 30_000 });
    t.after(() => server.close());
    const head = `OPTIONS sip:a SIP/2.0\r\nX: ${'y'.repeat(20_000)}`;
    const first = await RawClient.open(server.at('TCP'));
    first.write(head);
    const second = await RawClient.open(server.at('TCP'));
    second.write(head);
    assert.equal((await server.closed.next()).error?.code, 'congested');
    assert.ok(server.layer.counts.bufferedBytes <= 30_000);
    first.close();
    second.close();
  });

  test('a source that is not admitted', async (t) => {
    const server = await LiveTransport.open([{ protocol: 'TCP' }], { admit: () => false });
    t.after(() => server.close());
    await (
      await RawClient.open(server.at('TCP'))
    ).ended;
    assert.equal(server.layer.counts.connections, 0);
  });
});

describe('keep-alive from our side', () => {
  test('a peer that has answered a ping must answer the next', async (t) => {
    const mute = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('\r\n'));
    }).listen(0, LOOPBACK);
    await once(mute, 'listening');
    const address = mute.address();
    assert.ok(typeof address === 'object' && address !== null);
    const client = await LiveTransport.open([], { limits: { pingIntervalMs: 20, pongTimeoutMs: 40 } });
    t.after(async () => {
      mute.close();
      await client.close();
    });
    await client.layer.connect({ protocol: 'TCP', address: LOOPBACK, port: address.port });
    const { error } = await client.closed.next();
    assert.equal(error?.detail, 'the peer no longer answers keep-alives');
  });

  test('our own server answers and the connection stays', async (t) => {
    const { server } = await pair(t);
    const client = await LiveTransport.open([], { limits: { pingIntervalMs: 5, pongTimeoutMs: 2_000 } });
    t.after(() => client.close());
    const connected = await client.layer.connect(server.at('TCP'));
    assert.ok(connected.ok);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(client.closed.all.length, 0);
  });
});

test('close sends what was written before it ends', async () => {
  const server = await LiveTransport.open([{ protocol: 'TCP' }]);
  const client = await LiveTransport.open([]);
  const last = serializeMessage(testRequest({ callId: 'last', body: 'x'.repeat(50_000) }));
  client.layer.sendTo(server.at('TCP'), serializeMessage(optionsRequest('first')));
  await server.messages.next();
  client.layer.sendTo(server.at('TCP'), last);
  await client.layer.close();
  assert.equal((await server.nextMessage()).callId, 'last');
  await server.close();
});
