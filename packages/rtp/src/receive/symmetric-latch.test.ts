import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MediaAddress, SymmetricLatch } from './symmetric-latch.ts';

const PEER = { host: '203.0.113.5', port: 4000 };

function send(
  latch: SymmetricLatch,
  from: MediaAddress,
  count: number,
  options: { ssrc?: number; atMs?: number } = {},
) {
  const { ssrc = 1, atMs = 0 } = options;
  return Array.from({ length: count }, (_, n) => {
    const decision = latch.consider(from, { ssrc, sequenceNumber: 100 + n }, atMs + 20 * n);
    return decision.kind === 'accepted' && decision.moved ? 'moved' : decision.kind;
  });
}

test('the address of the description is heard at once', () => {
  const latch = new SymmetricLatch({ signalled: PEER });
  assert.deepEqual(send(latch, PEER, 1), ['accepted']);
  assert.ok(latch.latched);
});

test('another port of the peer is followed after three packets in a row', () => {
  const latch = new SymmetricLatch({ signalled: PEER });
  const natted = { host: PEER.host, port: 61_000 };
  assert.deepEqual(send(latch, natted, 4), ['pending', 'pending', 'moved', 'accepted']);
  assert.deepEqual(latch.destination, natted);
});

test('a private address in the description: the host of the signalling counts, if it was given', () => {
  const signalled = { host: '192.168.1.20', port: 4000 };
  const natted = { host: '203.0.113.5', port: 61_000 };
  assert.deepEqual(send(new SymmetricLatch({ signalled }), natted, 3), ['foreign', 'foreign', 'foreign']);
  const latch = new SymmetricLatch({ signalled, alsoFrom: ['203.0.113.5'] });
  assert.deepEqual(send(latch, natted, 3), ['pending', 'pending', 'moved']);
});

test('packets that are no row do not latch: other sources, jumping numbers, repeats', () => {
  const from = { host: PEER.host, port: 5 };
  const kinds = (packets: readonly (readonly [number, number])[]) => {
    const latch = new SymmetricLatch({ signalled: PEER });
    return packets.map(([ssrc, sequenceNumber]) => latch.consider(from, { ssrc, sequenceNumber }, 0).kind);
  };
  const pending = Array(4).fill('pending');
  assert.deepEqual(
    kinds([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]),
    pending,
  );
  assert.deepEqual(
    kinds([
      [1, 1],
      [1, 900],
      [1, 5000],
      [1, 2],
    ]),
    pending,
  );
  assert.deepEqual(
    kinds([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
    pending,
  );
  assert.deepEqual(
    kinds([
      [1, 65_535],
      [1, 0],
      [1, 2],
    ]),
    ['pending', 'pending', 'accepted'],
  );
});

test('once latched, another port waits until the first has been silent', () => {
  const latch = new SymmetricLatch({ signalled: PEER, relatchSilenceMs: 500 });
  send(latch, PEER, 1, { atMs: 1_000 });
  const other = { host: PEER.host, port: 7 };
  assert.deepEqual(send(latch, other, 5, { atMs: 1_100 }), Array(5).fill('pending'));
  assert.deepEqual(latch.destination, PEER);
  assert.deepEqual(send(latch, other, 3, { atMs: 1_500 }), ['pending', 'pending', 'moved']);
});

test('a session refresh keeps the latch, a new address opens it', () => {
  const latch = new SymmetricLatch({ signalled: PEER });
  const natted = { host: PEER.host, port: 61_000 };
  send(latch, natted, 3);
  latch.renegotiate(PEER);
  assert.deepEqual(latch.destination, natted);
  const moved = { host: '198.51.100.9', port: 9000 };
  latch.renegotiate(moved);
  assert.deepEqual(latch.destination, moved);
  assert.deepEqual(send(latch, natted, 1), ['foreign']);
});

test('an IPv4 peer on a dual-stack socket is the same peer', () => {
  const latch = new SymmetricLatch({ signalled: PEER });
  assert.deepEqual(send(latch, { host: `::ffff:${PEER.host}`, port: PEER.port }, 1), ['accepted']);
});

test('whatever strangers send, the media never goes to them', () => {
  const from = fc.record({
    host: fc.constantFrom(PEER.host, '198.51.100.66', '10.0.0.1'),
    port: fc.constantFrom(PEER.port, 1, 2),
  });
  const packet = fc.tuple(from, fc.nat(2), fc.nat(5), fc.nat(400));
  fc.assert(
    fc.property(fc.array(packet), (packets) => {
      const latch = new SymmetricLatch({ signalled: PEER });
      let nowMs = 0;
      for (const [address, ssrc, sequenceNumber, waitedMs] of packets) {
        nowMs += waitedMs;
        const decision = latch.consider(address, { ssrc, sequenceNumber }, nowMs);
        if (address.host !== PEER.host) assert.equal(decision.kind, 'foreign');
        assert.equal(latch.destination.host, PEER.host);
      }
    }),
  );
});
