import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendRefer } from '../dialog/refer-client.ts';
import { AgentHarness, noteEnds, sdp, settle } from '../testing/agent-harness.ts';
import { testRequest } from '../testing/requests.ts';

describe('requests from outside of a dialog', () => {
  const ANSWERS: readonly (readonly [
    name: string,
    request: ReturnType<typeof testRequest>,
    answer: string,
  ])[] = [
    ['8.2.1: a method that is not served', testRequest({ method: 'SUBSCRIBE' }), '405 Allow'],
    ['21.5.2: a method that nobody knows', testRequest({ method: 'DANCE' }), '501 Allow'],
    [
      '8.2.2.3: an extension that is not understood',
      testRequest({ method: 'INVITE', headers: [['Require', 'teleport']] }),
      '420 Unsupported',
    ],
    [
      '8.2.2.1: a scheme that is not served',
      testRequest({ method: 'INVITE', uri: 'http://x.example' }),
      '416 -',
    ],
    ['12.2.2: a BYE without a dialog', testRequest({ method: 'BYE' }), '481 -'],
    ['12.2.2: a tag that names no dialog', testRequest({ method: 'INVITE', toTag: 'gone' }), '481 -'],
    ['11.2: OPTIONS', testRequest({ method: 'OPTIONS' }), '200 Allow'],
    [
      'RFC 3891 3: replacing what is not there',
      testRequest({ method: 'INVITE', headers: [['Replaces', 'x;to-tag=a;from-tag=b']] }),
      '481 -',
    ],
    [
      'RFC 3891 6.1: a malformed Replaces',
      testRequest({ method: 'INVITE', headers: [['Replaces', 'x']] }),
      '400 -',
    ],
  ];
  for (const [name, request, answer] of ANSWERS) {
    test(name, () => {
      const harness = new AgentHarness();
      harness.receive(request);
      const [status, header] = answer.split(' ');
      const response = harness.transport.takeResponse(Number(status));
      if (header !== '-') assert.ok(response.headers.has(header ?? ''));
      assert.equal(harness.calls.length, 0);
    });
  }

  test('8.2.3: a body that is not understood is 415 with Accept', () => {
    const harness = new AgentHarness({ policy: { contentTypes: ['text/plain'] } });
    harness.receive(testRequest({ method: 'INVITE', body: 'sdp' }));
    assert.equal(harness.transport.takeResponse(415).headers.first('Accept'), 'text/plain');
  });

  test('MESSAGE is handed on with its flow', () => {
    const harness = new AgentHarness();
    harness.receive(testRequest({ method: 'MESSAGE' }));
    assert.equal(harness.requests[0]?.request.method, 'MESSAGE');
    assert.equal(harness.requests[0]?.flow.remoteAddress, '198.51.100.9');
  });

  test('RFC 4028 9: a session interval that is too small is 422 before anybody hears of the call', () => {
    const harness = new AgentHarness();
    harness.peerCalls({
      headers: [
        ['Supported', 'timer'],
        ['Session-Expires', '30'],
      ],
    });
    assert.equal(harness.transport.takeResponse(422).headers.first('Min-SE'), '90');
    assert.equal(harness.calls.length, 0);
    assert.equal(harness.agent.sessions.size, 0);
  });
});

describe('admission', () => {
  test('strangers leave no trace, our dialogs are let through', async () => {
    const harness = new AgentHarness({
      admit: (request) => (request.from.tag === 'friend' ? { action: 'accept' } : { action: 'drop' }),
    });
    for (let i = 0; i < 1_000; i++) {
      harness.receive(testRequest({ method: 'INVITE', fromTag: `scan${i}` }));
      harness.receive(testRequest({ method: 'OPTIONS', fromTag: `scan${i}` }));
      harness.receive(testRequest({ method: 'BYE', fromTag: `scan${i}`, toTag: `guess${i}` }));
      harness.receive(testRequest({ method: 'ACK', fromTag: `scan${i}`, toTag: `guess${i}` }));
      harness.receive(testRequest({ method: 'CANCEL', fromTag: `scan${i}` }));
    }
    assert.equal(harness.transport.sent.length, 0);
    assert.equal(harness.agent.layer.serverCount, 0);
    assert.equal(harness.clock.pending, 0);
    const { session, ends } = await harness.weAreConnected();
    harness.peerSends(session, 'BYE');
    assert.equal(ends[0]?.cause, 'bye-received');
  });

  test('answered once and without state: the same tag for every copy', () => {
    const harness = new AgentHarness({ admit: () => ({ action: 'answer', response: { status: 403 } }) });
    const invite = testRequest({ method: 'INVITE' });
    harness.receive(invite);
    harness.receive(invite);
    const [a, b] = harness.transport.take();
    assert.equal(a?.text, b?.text);
    assert.equal(harness.agent.layer.serverCount, 0);
  });
});

describe('Replaces, RFC 3891', () => {
  test('§3: the session it names is handed over with the call', async () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    const { callId, localTag, remoteTag } = session.dialog;
    harness.peerCalls({
      fromTag: 'carol',
      headers: [['Replaces', `${callId};to-tag=${localTag};from-tag=${remoteTag}`]],
    });
    assert.equal(harness.replaced.at(-1), session);
    const ends = noteEnds(session);
    harness.call.answer({ body: sdp('answer') });
    session.bye();
    await settle();
    assert.equal(ends[0]?.cause, 'bye-sent');
  });

  test('§3: early-only and confirmed: 486; ended: 603; an early dialog of the other side: 481', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const name = (flags = ''): readonly (readonly [string, string])[] => {
      const { callId, localTag, remoteTag } = session.dialog;
      return [['Replaces', `${callId};to-tag=${localTag};from-tag=${remoteTag}${flags}`]];
    };
    harness.peerCalls({ headers: name(';early-only') });
    assert.deepEqual(harness.transport.takeNames(), ['486']);
    session.bye();
    await settle();
    harness.transport.take();
    harness.peerCalls({ headers: name() });
    assert.deepEqual(harness.transport.takeNames(), ['603']);

    harness.peerCalls({ fromTag: 'early', callId: 'early' });
    const early = harness.call.session.dialog;
    harness.peerCalls({ headers: [['Replaces', `early;to-tag=${early.localTag};from-tag=early`]] });
    assert.deepEqual(harness.transport.takeNames(), ['481']);
  });
});

test('a handler that throws: the caller gets a 500, the error goes where it was asked for', () => {
  const harness = new AgentHarness();
  const errors: unknown[] = [];
  Object.assign(harness.events, {
    onCall: () => {
      throw new Error('a bug');
    },
    onError: (error: unknown) => errors.push(error),
  });
  harness.receive(testRequest({ method: 'INVITE', body: 'offer' }));
  assert.deepEqual(harness.transport.takeNames(), ['500']);
  assert.match(`${errors[0]}`, /a bug/);
});

test('close: whatever was going on, no timer and no transaction is left, and nothing is sent', async () => {
  const harness = new AgentHarness();
  const { session, ends } = await harness.weAreConnected();
  sendRefer(session, session.dialog.remote, {});
  session.change(sdp('change'));
  await harness.weCall().catch(() => undefined);
  harness.peerCalls({ body: 'offer', headers: [['Supported', '100rel']] });
  harness.call.ring({ body: sdp('early'), reliable: true });
  harness.peerCalls({ body: 'offer' });
  harness.call.answer({ body: sdp('answer') });
  await settle();
  harness.transport.take();
  harness.agent.close();
  assert.equal(harness.clock.pending, 0);
  assert.equal(harness.agent.layer.serverCount + harness.agent.layer.clientCount, 0);
  assert.deepEqual(harness.transport.takeNames(), []);
  assert.deepEqual(
    ends.map(({ cause }) => cause),
    ['closed'],
  );
});
