import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contactHeader } from '../message/headers/contact.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import { AgentHarness, sdp, settle } from '../testing/agent-harness.ts';
import { uriOf } from '../testing/requests.ts';

describe('calling', () => {
  test('13.2: the INVITE names what we can do, and its ACK goes to the Contact of the 200 over the route', async () => {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    assert.equal(invite.headers.first('Supported'), '100rel, timer, replaces');
    assert.equal(invite.headers.values(contactHeader)[0]?.uri.toString(), 'sip:192.0.2.1:5060');
    assert.equal(invite.headers.first('Session-Expires'), '1800');
    harness.peerAnswers(invite, 180);
    const headers = [
      ['Record-Route', '<sip:p2.example;lr>, <sip:p1.example;lr>'],
      ['Contact', '<sip:desk@pbx.example;method=INVITE>'],
    ] as const;
    harness.peerAnswers(invite, 200, { headers: [...headers], sdp: 'peer answer' });
    await settle();
    const ack = harness.transport.takeRequest('ACK');
    assert.deepEqual(log.lines, ['180', 'answered peer answer']);
    assert.equal(ack.cseq.sequence, invite.cseq.sequence);
    assert.notEqual(ack.via.branch, invite.via.branch, '17.1.1.3: a 2xx has an ACK of its own');
    assert.deepEqual(ack.headers.all('Route'), ['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    assert.equal(harness.resolved.at(-1), 'sip:p1.example;lr');
  });

  test('12.2.1.1: a strict router gets the Request-URI, the target goes to the end of the route', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall();
    const headers = [['Record-Route', '<sip:strict.example>']] as const;
    harness.peerAnswers(invite, 200, { headers, sdp: 'peer answer' });
    await settle();
    const ack = harness.transport.takeRequest('ACK');
    assert.equal(ack.uri.toString(), 'sip:strict.example');
    assert.deepEqual(ack.headers.all('Route'), ['<sip:peer@198.51.100.9>']);
  });

  test('13.2.2.4: a lost ACK is sent again, the very same, for every repeated 200', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall();
    for (let i = 0; i < 3; i++) {
      harness.peerAnswers(invite, 200, { sdp: 'peer answer' });
      await settle();
    }
    const acks = harness.transport.take().map(({ text }) => text);
    assert.equal(acks.length, 3);
    assert.equal(new Set(acks).size, 1);
  });

  test('13.2.2.4: without our offer the ACK waits for the answer to theirs', async () => {
    const harness = new AgentHarness();
    let acknowledge: ((answer?: ReturnType<typeof sdp>) => void) | undefined;
    const { invite } = await harness.weCall(
      { offer: undefined },
      { onAnswered: (_session, _body, send) => (acknowledge = send) },
    );
    assert.equal(invite.body.length, 0);
    harness.peerAnswers(invite, 200, { sdp: 'peer offer' });
    harness.peerAnswers(invite, 200, { sdp: 'peer offer' });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    acknowledge?.(sdp('our answer'));
    await settle();
    assert.equal(harness.transport.takeRequest('ACK').body.toString(), 'our answer');
  });

  test('12.1.2: a forked call rings in several early dialogs; the first 200 ends the others', async () => {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    for (const toTag of ['a', 'b', 'c']) harness.peerAnswers(invite, 180, { toTag });
    assert.equal(harness.agent.sessions.size, 3);
    harness.peerAnswers(invite, 200, { toTag: 'b', sdp: 'answer of b' });
    await settle();
    assert.equal(log.session.dialog.remoteTag, 'b');
    assert.equal(harness.agent.sessions.size, 1);
    assert.deepEqual(harness.transport.takeNames(), ['ACK']);
  });

  test('13.2.2.4: a second 200 from another branch is acknowledged and ended', async () => {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 180, { toTag: 'late' });
    harness.peerAnswers(invite, 200, { toTag: 'first', sdp: 'x' });
    await settle();
    harness.transport.take();
    harness.peerAnswers(invite, 200, { toTag: 'late', sdp: 'y' });
    await settle();
    const [ack, bye] = harness.transport.take().map(({ message }) => message);
    assert.ok(ack?.kind === 'request' && ack.method === 'ACK' && ack.to.tag === 'late');
    assert.ok(bye?.kind === 'request' && bye.method === 'BYE' && bye.to.tag === 'late');
    assert.equal(log.session.dialog.state, 'confirmed', 'the first is not touched');
    harness.peerAnswers(invite, 200, { toTag: 'late', sdp: 'y' });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['ACK']);
  });

  test('9.1: CANCEL waits for a provisional response and is sent once', async () => {
    const harness = new AgentHarness();
    const { call, invite, log } = await harness.weCall();
    call.cancel([['Reason', 'SIP;cause=487']]);
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.peerAnswers(invite, 100);
    const cancel = harness.transport.takeRequest('CANCEL');
    assert.equal(cancel.headers.first('Reason'), 'SIP;cause=487');
    harness.peerAnswers(cancel, 200);
    harness.peerAnswers(invite, 180);
    harness.peerAnswers(invite, 487);
    assert.deepEqual(harness.transport.takeNames(), ['ACK']);
    assert.equal(log.lines.at(-1), 'failed 487');
  });

  test('9.1: a 200 that was faster than our CANCEL is acknowledged and ended with a BYE', async () => {
    const harness = new AgentHarness();
    const { call, invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 180);
    call.cancel();
    harness.peerAnswers(invite, 200, { sdp: 'peer answer' });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['CANCEL', 'ACK', 'BYE']);
    assert.deepEqual(log.lines, ['180', 'failed 487']);
  });

  test('9.1: a peer that never ends a cancelled INVITE is given 64*T1', async () => {
    const harness = new AgentHarness();
    const { call, invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 180);
    call.cancel();
    harness.clock.advance(32_000);
    assert.equal(log.lines.at(-1), 'failed 408');
    assert.equal(harness.agent.sessions.size, 0);
  });

  test('a call that rings for ever is given up', async () => {
    const harness = new AgentHarness({ policy: { maxRingMs: 60_000 } });
    const { invite } = await harness.weCall();
    harness.peerAnswers(invite, 180);
    harness.clock.advance(60_000);
    assert.deepEqual(harness.transport.takeNames(), ['CANCEL']);
  });

  test('a refusal ends every early dialog, whose owners are told', async () => {
    const harness = new AgentHarness();
    const early: string[] = [];
    const { invite, log } = await harness.weCall(
      {},
      {
        onProgress: ({ session }) => {
          if (session !== undefined) session.events = { onEnded: (end) => early.push(end.cause) };
        },
      },
    );
    harness.peerAnswers(invite, 183, { sdp: 'early media' });
    harness.peerAnswers(invite, 486);
    assert.deepEqual(log.lines, ['183 early media', 'failed 486']);
    assert.deepEqual(early, ['not-established']);
    assert.equal(harness.agent.sessions.size, 0);
    harness.clock.drain();
    assert.equal(harness.clock.pending, 0);
  });

  test('RFC 4028 7.3: 422 is answered with the interval it asks for', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall();
    harness.peerAnswers(invite, 422, { headers: [['Min-SE', '3600']] });
    await settle();
    const again = harness.transport.takeRequest('INVITE');
    assert.equal(again.headers.first('Session-Expires'), '3600');
    assert.equal(again.headers.first('Min-SE'), '3600');
    assert.equal(again.callId, invite.callId);
    assert.equal(again.cseq.sequence, invite.cseq.sequence + 1);
  });

  test('an unreachable peer is a failure, not an exception', async () => {
    const harness = new AgentHarness();
    harness.destinations = [];
    const someone = new NameAddr(uriOf('sip:nobody@nowhere.example'));
    const results: number[] = [];
    harness.agent.call({ to: someone, from: someone }, { onFailed: ({ status }) => results.push(status) });
    await settle();
    assert.deepEqual(results, [503]);
    assert.equal(harness.clock.pending, 0);
  });
});

describe('reliable provisional responses, RFC 3262 §4', () => {
  const reliably = (rseq: number) =>
    [
      ['Require', '100rel'],
      ['RSeq', `${rseq}`],
    ] as const;

  test('are acknowledged once, in order, inside the early dialog', async () => {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 183, { headers: reliably(10), sdp: 'answer' });
    await settle();
    const prack = harness.transport.takeRequest('PRACK');
    assert.equal(prack.headers.first('RAck'), `10 ${invite.cseq.sequence} INVITE`);
    assert.equal(prack.cseq.sequence, invite.cseq.sequence + 1);
    harness.peerAnswers(prack, 200);
    harness.peerAnswers(invite, 183, { headers: reliably(10), sdp: 'answer' });
    harness.peerAnswers(invite, 180, { headers: reliably(12) });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), [], 'a repetition, and one that has overtaken another');
    harness.peerAnswers(invite, 180, { headers: reliably(11) });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['PRACK']);
    assert.deepEqual(log.lines, ['183 answer', '180']);
  });

  test('a PRACK that is refused does not end the call: its INVITE has an outcome of its own', async () => {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 183, { headers: reliably(10), sdp: 'answer' });
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('PRACK'), 481);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.peerAnswers(invite, 200);
    assert.equal(log.lines.at(-1), 'answered');
  });

  test('§5: an offer in one is answered in its PRACK', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall(
      { offer: undefined },
      { onProgress: ({ acknowledge }) => acknowledge?.(sdp('our answer')) },
    );
    harness.peerAnswers(invite, 183, { headers: reliably(1), sdp: 'peer offer' });
    await settle();
    assert.equal(harness.transport.takeRequest('PRACK').body.toString(), 'our answer');
    harness.peerAnswers(invite, 200);
    await settle();
    assert.equal(harness.transport.takeRequest('ACK').body.length, 0);
  });

  test('RFC 3311: once the early offer is answered, an UPDATE may change the session', async () => {
    const harness = new AgentHarness();
    const changed: string[] = [];
    const { invite } = await harness.weCall(
      {},
      {
        onProgress: ({ session }) => {
          const started = session?.change(
            sdp('hold'),
            { onAccepted: (body) => changed.push(`${body?.bytes}`) },
            'UPDATE',
          );
          changed.push(`${started}`);
        },
      },
    );
    harness.peerAnswers(invite, 180);
    harness.peerAnswers(invite, 183, { headers: reliably(1), sdp: 'answer' });
    await settle();
    const sent = harness.transport.take().map(({ message }) => message);
    const update = sent.find((message) => message.kind === 'request' && message.method === 'UPDATE');
    assert.ok(update?.kind === 'request');
    harness.peerAnswers(update, 200, { sdp: 'held' });
    assert.deepEqual(changed, ['false', 'true', 'held']);
  });
});
