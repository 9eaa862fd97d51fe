import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatagramHandler, DatagramPort } from '../transport/udp-socket.ts';
import { type DatagramFaults, FaultyDatagrams, type FaultyDatagramsInit } from './faulty-datagrams.ts';

/** A port that writes down what it sends and can be made to receive. */
function memoryPort() {
  const sent: string[] = [];
  let handler: DatagramHandler = () => undefined;
  const port: DatagramPort = {
    localAddress: '192.0.2.1',
    localPort: 5060,
    send: (bytes, _port, _address, done) => {
      sent.push(bytes.toString());
      done(undefined);
    },
    receive: (own) => (handler = own),
    close: () => Promise.resolve(),
  };
  return { port, sent, arrive: (text: string) => handler(Buffer.from(text), '192.0.2.2', 5060) };
}

function sendAll(
  init: FaultyDatagramsInit,
  count = 200,
): { sent: string[]; told: number; faulty: FaultyDatagrams } {
  const { port, sent } = memoryPort();
  const faulty = new FaultyDatagrams(port, init);
  let told = 0;
  for (let i = 0; i < count; i++) faulty.send(Buffer.from(`${i}`), 5060, '192.0.2.2', () => told++);
  faulty.flush();
  return { sent, told, faulty };
}

const some: DatagramFaults = { drop: 0.1, duplicate: 0.1, reorder: 0.1 };

test('the same seed gives the same faults, another seed others', () => {
  const first = sendAll({ seed: 7, sending: some });
  assert.deepEqual(sendAll({ seed: 7, sending: some }).sent, first.sent);
  assert.notDeepEqual(sendAll({ seed: 8, sending: some }).sent, first.sent);
});

test('every kind of fault happens, nothing else is lost, and every send is told once', () => {
  const { sent, told, faulty } = sendAll({ seed: 1, sending: some });
  const { drop, duplicate, reorder, pass } = faulty.counts;
  assert.ok(drop > 5 && duplicate > 5 && reorder > 5);
  assert.equal(drop + duplicate + reorder + pass, 200);
  assert.equal(sent.length, 200 - drop + duplicate);
  assert.equal(new Set(sent).size, 200 - drop);
  assert.notDeepEqual(
    sent.map(Number),
    sent.map(Number).toSorted((a, b) => a - b),
  );
  assert.equal(told, 200);
});

test('both directions have their own faults; a decision overrules chance', () => {
  const { port, arrive } = memoryPort();
  const faulty = new FaultyDatagrams(port, {
    seed: 1,
    decide: (bytes, direction) =>
      direction === 'receiving' && bytes.toString() === 'a' ? 'reorder' : undefined,
  });
  const received: string[] = [];
  faulty.receive((bytes) => received.push(bytes.toString()));
  for (const text of ['a', 'b', 'c']) arrive(text);
  assert.deepEqual(received, ['b', 'a', 'c']);
});

test('a delay passes on the clock it is given', async () => {
  const { port, sent } = memoryPort();
  const waits: { ms: number; end: () => void }[] = [];
  const faulty = new FaultyDatagrams(port, {
    seed: 1,
    sending: { delay: 1, delayMs: 500 },
    wait: (ms) => new Promise((end) => waits.push({ ms, end: () => end(undefined) })),
  });
  faulty.send(Buffer.from('late'), 5060, '192.0.2.2', () => undefined);
  assert.deepEqual([sent.length, waits[0]?.ms], [0, 500]);
  waits[0]?.end();
  await new Promise(setImmediate);
  assert.deepEqual(sent, ['late']);
});
