import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DigestClient } from '../auth/digest-client.ts';
import type { RequestEvents, RequestResult } from '../dialog/request-sender.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { sipUri } from '../message/uri/sip-uri.ts';
import { AgentHarness, sdp, settle } from '../testing/agent-harness.ts';
import { fakeFlow } from '../testing/fake-transport.ts';
import { uriOf } from '../testing/requests.ts';
import type { Destination } from '../transport/transport.ts';
import { prefersFlow } from './next-hop.ts';
import type { CallOptions } from './user-agent.ts';

const A: Destination = { protocol: 'UDP', address: '198.51.100.1', port: 5060 };
const B: Destination = { protocol: 'UDP', address: '198.51.100.2', port: 5060 };
const OPTIONS: CallOptions = {
  to: new NameAddr(uriOf('sip:carrier.example')),
  from: new NameAddr(uriOf('sip:we@tronco.example')),
};

const digest = (password = 'secret'): DigestClient =>
  new DigestClient({ identityFor: () => ({ username: 'we', password }), createCnonce: () => 'cnonce' });

const challenge = (nonce: string, stale = false) =>
  [
    [
      'WWW-Authenticate',
      `Digest realm="carrier", nonce="${nonce}", qop="auth"${stale ? ', stale=true' : ''}`,
    ],
  ] as const;

async function ask(
  harness: AgentHarness,
  options: Partial<CallOptions> = {},
  events: Partial<RequestEvents> = {},
): Promise<RequestResult[]> {
  const results: RequestResult[] = [];
  const all = { onResult: (result: RequestResult) => results.push(result), ...events };
  harness.agent.request('OPTIONS', { ...OPTIONS, ...options }, all);
  await settle();
  return results;
}

describe('one place after the other, RFC 3263 §4.3', () => {
  test('a transport error, a timeout and a 503 each lead to the next, with a branch of its own', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A, B, { ...A, port: 5070 }, { ...B, port: 5070 }];
    harness.transport.failWith = (target) => (target === A ? { code: 'refused', detail: 'no' } : undefined);
    const results = await ask(harness);
    harness.clock.advance(32_000);
    const [first, second] = harness.transport.sent;
    assert.equal(first?.target, A);
    assert.equal(second?.target, B);
    assert.notEqual(first?.message.via.branch, second?.message.via.branch);
    assert.equal(first?.message.cseq.sequence, second?.message.cseq.sequence);
    const third = harness.transport.sent.at(-1)?.message;
    assert.ok(third?.kind === 'request');
    harness.peerAnswers(third, 503);
    const fourth = harness.transport.sent.at(-1)?.message;
    assert.ok(fourth?.kind === 'request' && fourth.via.branch !== third.via.branch);
    harness.peerAnswers(fourth, 200);
    assert.deepEqual(
      results.map(({ status }) => status),
      [200],
    );
  });

  test('when none is left the last outcome is the result', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A, B];
    const results = await ask(harness);
    harness.clock.drain();
    assert.equal(results.length, 1);
    assert.equal(results[0]?.status, 408);
  });

  test('any other answer is final: a callee who declines is not called again', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A, B];
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 486);
    assert.deepEqual(log.lines, ['failed 486']);
    assert.deepEqual(harness.transport.takeNames(), ['ACK']);
  });

  test('nor after it has rung, whatever follows', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A, B];
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 180);
    harness.peerAnswers(invite, 503);
    await settle();
    assert.deepEqual(log.lines, ['180', 'failed 503']);
  });

  test('9.1: a CANCEL goes to the place that answered, not to the one that failed before', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A, B];
    harness.transport.failWith = (target) => (target === A ? { code: 'refused', detail: 'no' } : undefined);
    const call = harness.agent.call(OPTIONS, {});
    await settle();
    const invite = harness.transport.take().at(-1)?.message;
    assert.ok(invite?.kind === 'request');
    harness.peerAnswers(invite, 180);
    call.cancel();
    const [cancel] = harness.transport.take();
    assert.equal(cancel?.target, B);
    assert.equal(cancel?.message.via.branch, invite.via.branch);
  });

  test('18.1.1: a large request goes over TCP, and over UDP when that is refused', async () => {
    const harness = new AgentHarness();
    harness.destinations = [A];
    harness.transport.failWith = (target) =>
      target.protocol === 'TCP' ? { code: 'refused', detail: 'no TCP' } : undefined;
    harness.agent.call({ ...OPTIONS, offer: sdp('x'.repeat(1_400)) }, {});
    await settle();
    const sent = harness.transport.take();
    assert.deepEqual(
      sent.map(({ target }) => target.protocol),
      ['TCP', 'UDP'],
    );
    assert.match(sent[0]?.text ?? '', /Via: SIP\/2\.0\/TCP/);
    assert.match(sent[0]?.text ?? '', /Contact: <sip:192\.0\.2\.1:5060;transport=tcp>/);
    assert.match(sent[1]?.text ?? '', /Via: SIP\/2\.0\/UDP/);
  });

  test('18.1.1 can be switched off for peers that have no TCP', async () => {
    const harness = new AgentHarness({ datagrams: false });
    harness.agent.call({ ...OPTIONS, offer: sdp('x'.repeat(1_400)) }, {});
    await settle();
    assert.equal(harness.transport.take()[0]?.target.protocol, 'UDP');
  });

  test('cancelled before anything was sent: nothing is', async () => {
    const harness = new AgentHarness();
    const failed: number[] = [];
    const call = harness.agent.call(OPTIONS, { onFailed: ({ status }) => failed.push(status) });
    call.cancel();
    await settle();
    assert.deepEqual(failed, [487]);
    assert.equal(harness.transport.sent.length, 0);
    assert.equal(harness.clock.pending, 0);
  });
});

describe('challenges, RFC 3261 §22.2', () => {
  test('401 is answered at the same place with the next number; the nonce then serves without being asked', async () => {
    const harness = new AgentHarness();
    const credentials = digest();
    const results = await ask(harness, { credentials });
    const first = harness.transport.takeRequest();
    assert.equal(first.headers.has('Authorization'), false);
    harness.peerAnswers(first, 401, { headers: challenge('n1') });
    const second = harness.transport.takeRequest();
    assert.match(second.headers.first('Authorization') ?? '', /nonce="n1".*nc=00000001/);
    assert.equal(second.cseq.sequence, first.cseq.sequence + 1);
    harness.peerAnswers(second, 200);
    assert.equal(results[0]?.status, 200);
    await ask(harness, { credentials });
    assert.match(harness.transport.takeRequest().headers.first('Authorization') ?? '', /nc=00000002/);
  });

  test('a stale nonce is answered once more, wrong credentials are not', async () => {
    const harness = new AgentHarness();
    const results = await ask(harness, { credentials: digest() });
    harness.peerAnswers(harness.transport.takeRequest(), 401, { headers: challenge('n1') });
    harness.peerAnswers(harness.transport.takeRequest(), 401, { headers: challenge('n2', true) });
    harness.peerAnswers(harness.transport.takeRequest(), 401, { headers: challenge('n3') });
    assert.deepEqual(harness.transport.takeNames(), []);
    assert.ok(results[0]?.kind === 'response' && results[0].authFailure === 'wrong-credentials');
  });

  test('a server that names a new realm every time is not followed for ever', async () => {
    const harness = new AgentHarness();
    const results = await ask(harness, { credentials: digest() });
    for (let i = 0; i < 20 && results.length === 0; i++) {
      const headers = [['WWW-Authenticate', `Digest realm="r${i}", nonce="n${i}"`]] as const;
      harness.peerAnswers(harness.transport.takeRequest(), 401, { headers });
    }
    assert.equal(results[0]?.status, 401);
    assert.ok(harness.transport.sent.length <= 5);
  });

  test('22.1: the ACK of the 200 carries the credentials of its INVITE', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall({ credentials: digest() });
    const headers = [['Proxy-Authenticate', 'Digest realm="p", nonce="n", qop="auth"']] as const;
    harness.peerAnswers(invite, 407, { headers });
    const sent = harness.transport.take().map(({ message }) => message);
    const again = sent.find((message) => message.kind === 'request' && message.method === 'INVITE');
    assert.ok(again?.kind === 'request');
    harness.peerAnswers(again, 200, { sdp: 'answer' });
    await settle();
    const ack = harness.transport.takeRequest('ACK');
    assert.equal(ack.headers.first('Proxy-Authorization'), again.headers.first('Proxy-Authorization'));
    assert.equal(ack.cseq.sequence, again.cseq.sequence);
  });

  test('without credentials the result says so', async () => {
    const harness = new AgentHarness();
    const results = await ask(harness);
    harness.peerAnswers(harness.transport.takeRequest(), 401, { headers: challenge('n') });
    assert.ok(results[0]?.kind === 'response' && results[0].authFailure === 'no-credentials');
  });
});

describe('whether to go back over the flow', () => {
  const flow = fakeFlow({ remoteAddress: '203.0.113.9', remotePort: 40_000 });
  const tcp = fakeFlow({ protocol: 'TCP', remoteAddress: '203.0.113.9', remotePort: 40_000 });
  const hop = (host: string, port?: number) => sipUri({ host, port });

  test('a private or unspecified address, seen from a public one', () => {
    for (const host of ['10.1.2.3', '192.168.0.4', '172.20.0.2', '0.0.0.0', '127.0.0.1', 'fd00::1']) {
      assert.equal(prefersFlow(hop(host), flow), true, host);
    }
    const inside = fakeFlow({ remoteAddress: '10.9.9.9' });
    assert.equal(prefersFlow(hop('10.1.2.3'), inside), false, 'inside one network it can be reached');
  });

  test('a public address or a name is looked up', () => {
    assert.equal(prefersFlow(hop('203.0.113.50'), flow), false);
    assert.equal(prefersFlow(hop('proxy.example'), flow), false);
    assert.equal(prefersFlow(hop('203.0.113.9'), undefined), false);
  });

  test('a connection to that very address is used', () => {
    assert.equal(prefersFlow(hop('203.0.113.9'), tcp), true);
    assert.equal(prefersFlow(hop('203.0.113.9', 40_000), tcp), true);
    assert.equal(prefersFlow(hop('203.0.113.9', 5060), tcp), false);
  });
});
