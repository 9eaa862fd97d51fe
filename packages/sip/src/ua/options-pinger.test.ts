import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameAddr } from '../message/headers/name-addr.ts';
import { AgentHarness, settle } from '../testing/agent-harness.ts';
import { uriOf } from '../testing/requests.ts';
import { OptionsPinger, type PingResult } from './options-pinger.ts';

function setUp(): {
  readonly harness: AgentHarness;
  readonly pinger: OptionsPinger;
  readonly pings: PingResult[];
} {
  const harness = new AgentHarness();
  const pings: PingResult[] = [];
  const to = new NameAddr(uriOf('sip:carrier.example'));
  const pinger = new OptionsPinger({
    clock: harness.clock,
    random: harness.random,
    intervalMs: 60_000,
    send: (events) => harness.agent.request('OPTIONS', { to, from: to }, events),
    onResult: (ping) => pings.push(ping),
  });
  return { harness, pinger, pings };
}

test('any answer shows life, except those that say that nobody serves', async () => {
  const { harness, pinger, pings } = setUp();
  pinger.start();
  for (const status of [200, 404, 405, 481, 501, 603, 408, 500, 503]) {
    harness.clock.advance(60_000);
    await settle();
    const request = harness.transport.takeRequest('OPTIONS');
    harness.clock.advance(30);
    harness.peerAnswers(request, status);
    assert.equal(pings.at(-1)?.roundTripMs, status === 200 ? 30_030 : 30);
  }
  assert.deepEqual(
    pings.map(({ alive }) => alive),
    [true, true, true, true, true, true, false, false, false],
  );
});

test('no answer is a miss after 64*T1, and the next one follows', async () => {
  const { harness, pinger, pings } = setUp();
  pinger.start();
  harness.clock.advance(30_000);
  await settle();
  harness.clock.advance(32_000);
  assert.equal(pings[0]?.alive, false);
  assert.equal(pings[0]?.roundTripMs, 32_000);
  harness.transport.take();
  harness.clock.advance(60_000);
  await settle();
  assert.ok(harness.transport.takeNames().length > 0);
});

test('stopped: nothing is sent and nothing reported', async () => {
  const { harness, pinger, pings } = setUp();
  pinger.start();
  harness.clock.advance(30_000);
  await settle();
  pinger.stop();
  harness.clock.drain();
  assert.deepEqual(pings, []);
  assert.equal(harness.clock.pending, 0);
});
