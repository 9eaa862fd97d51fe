import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCryptoRandom, firstSequence } from '../runtime/random.ts';
import { newBranch } from './matching.ts';
import { destinationsForSize, needsStream } from './switch-to-stream.ts';
import { DEFAULT_TIMERS, timerEReachesT2Ms } from './timers.ts';

describe('decisions', () => {
  test('18.1.1: more than 1,300 bytes, or the MTU less 200, do not go in a datagram', () => {
    assert.equal(needsStream(1_300), false);
    assert.equal(needsStream(1_301), true);
    assert.equal(needsStream(1_301, { mtuBytes: 9_000 }), false);
    assert.equal(needsStream(1_301, { mtuBytes: 1_500 }), true);
  });

  test('18.1.1: TCP first, UDP when that is refused; other transports stay as they are', () => {
    const udp = { protocol: 'UDP', address: '192.0.2.7', port: 5060 } as const;
    assert.deepEqual(
      destinationsForSize(udp, 2_000).map((one) => one.protocol),
      ['TCP', 'UDP'],
    );
    assert.deepEqual(destinationsForSize(udp, 900), [udp]);
    const tls = { ...udp, protocol: 'TLS' } as const;
    assert.deepEqual(destinationsForSize(tls, 9_000), [tls]);
  });

  test('8.1.1.7: branches have the cookie and 96 bits, and do not repeat', () => {
    const random = createCryptoRandom();
    const branches = new Set(Array.from({ length: 10_000 }, () => newBranch(random)));
    assert.equal(branches.size, 10_000);
    for (const branch of branches) assert.match(branch, /^z9hG4bK[0-9a-f]{24}$/);
  });

  test('8.1.1.5: sequence numbers start well below 2**31', () => {
    const random = createCryptoRandom();
    for (let i = 0; i < 1_000; i++) {
      const sequence = firstSequence(random);
      assert.ok(Number.isInteger(sequence) && sequence > 0 && sequence <= 65_535);
    }
  });

  test('RFC 4320 4.1: timer E reaches T2 after 3.5 s by default', () => {
    assert.equal(timerEReachesT2Ms(DEFAULT_TIMERS), 3_500);
    assert.equal(timerEReachesT2Ms({ ...DEFAULT_TIMERS, t1Ms: 100, t2Ms: 400 }), 300);
  });
});
