import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AgentHarness, noteEnds, sdp, settle } from '../testing/agent-harness.ts';
import { testRequest } from '../testing/requests.ts';

/** Answers the other side's BYE or NOTIFY so that nothing is left waiting. */
async function restIn(harness: AgentHarness): Promise<void> {
  await settle();
  for (const { message } of harness.transport.take()) {
    if (message.kind === 'request' && message.method !== 'ACK') harness.peerAnswers(message, 200);
  }
  harness.clock.drain();
}

function assertNothingLeft(harness: AgentHarness): void {
  assert.equal(harness.clock.pending, 0);
  assert.equal(harness.agent.sessions.size, 0);
  assert.equal(harness.agent.layer.serverCount + harness.agent.layer.clientCount, 0);
}

describe('answering an INVITE', () => {
  test('13.3.1: 180, 200, ACK, BYE', async () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls({ body: 'peer offer' });
    assert.equal(harness.call.offer?.bytes.toString(), 'peer offer');
    harness.call.ring();
    const ringing = harness.transport.takeResponse(180);
    harness.call.answer({ body: sdp('our answer') });
    const ok = harness.transport.takeResponse(200);
    assert.equal(ok.to.tag, ringing.to.tag, '12.1.1: both make the same dialog');
    assert.equal(ok.headers.first('Contact'), '<sip:192.0.2.1:5060>');
    assert.match(ok.headers.first('Allow') ?? '', /UPDATE/);
    const { session } = harness.call;
    const ends = noteEnds(session);
    harness.peerAcks(session, invite);
    harness.peerSends(session, 'BYE', { headers: [['Reason', 'Q.850;cause=16']] });
    assert.deepEqual(harness.transport.takeNames(), ['200']);
    assert.equal(ends[0]?.cause, 'bye-received');
    assert.equal(ends[0]?.reasons[0]?.cause, 16);
    await restIn(harness);
    assertNothingLeft(harness);
  });

  test('13.3.1.4: the 2xx is repeated at T1, doubling to T2, until its ACK', () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls({ body: 'peer offer' });
    harness.call.answer({ body: sdp('our answer') });
    harness.clock.advance(7_500);
    assert.deepEqual(harness.transport.takeNames(), ['200', '200', '200', '200', '200']);
    harness.peerAcks(harness.call.session, invite);
    harness.clock.advance(60_000);
    assert.deepEqual(harness.transport.takeNames(), []);
  });

  test('13.3.1.4: without any ACK the session is ended by a BYE after 64*T1', async () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer' });
    const ends = noteEnds(harness.call.session);
    harness.call.answer({ body: sdp('our answer') });
    harness.clock.advance(31_999);
    assert.equal(ends.length, 0);
    harness.clock.advance(1);
    await settle();
    assert.equal(harness.transport.take().at(-1)?.text.split(' ')[0], 'BYE');
    assert.equal(ends[0]?.cause, 'no-ack');
    harness.clock.drain();
    assertNothingLeft(harness);
  });

  test('15: a BYE of ours waits for the ACK of our 2xx', async () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls({ body: 'peer offer' });
    harness.call.answer({ body: sdp('our answer') });
    harness.transport.take();
    harness.call.session.bye();
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.peerAcks(harness.call.session, invite);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['BYE']);
  });

  test('9.2: CANCEL before the answer gives 487 to the INVITE, and its Reason to us', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ branch: 'z9hG4bKc1', body: 'peer offer' });
    const seen: string[] = [];
    harness.call.events = { onEnded: (cause, reasons) => seen.push(`${cause} ${reasons[0]?.text}`) };
    harness.call.ring();
    harness.transport.take();
    const headers = [['Reason', 'SIP;cause=200;text="Call completed elsewhere"']] as const;
    harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKc1', headers }));
    assert.deepEqual(harness.transport.takeNames(), ['200', '487']);
    assert.deepEqual(seen, ['cancelled Call completed elsewhere']);
    assert.equal(harness.call.answer(), false, 'too late to answer');
    harness.receive(testRequest({ method: 'ACK', branch: 'z9hG4bKc1' }));
    harness.clock.drain();
    assertNothingLeft(harness);
  });

  test('9.2: CANCEL after the 200 changes nothing: the caller has to send a BYE', () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls({ branch: 'z9hG4bKc2', body: 'peer offer' });
    const { session } = harness.call;
    harness.call.answer({ body: sdp('our answer') });
    harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKc2' }));
    assert.deepEqual(harness.transport.takeNames(), ['200', '200']);
    assert.equal(session.dialog.state, 'confirmed');
    harness.peerAcks(session, invite);
    harness.peerSends(session, 'BYE');
    assert.equal(session.dialog.state, 'terminated');
  });

  test('15.1.2: a BYE in the early dialog is answered, and so is the INVITE', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer' });
    harness.call.ring();
    harness.transport.take();
    harness.peerSends(harness.call.session, 'BYE');
    assert.deepEqual(harness.transport.takeNames().toSorted(), ['200', '487']);
    assert.equal(harness.call.isPending, false);
  });

  test('a refusal carries what the caller should know', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer' });
    harness.call.reject(480, [['Reason', 'Q.850;cause=20']], 'No agent');
    const response = harness.transport.takeResponse(480);
    assert.equal(response.reasonPhrase, 'No agent');
    assert.equal(response.headers.first('Reason'), 'Q.850;cause=20');
    assert.equal(harness.agent.sessions.size, 0);
  });

  test('a call that nobody answers ends by itself', () => {
    const harness = new AgentHarness({ policy: { maxRingMs: 60_000 } });
    harness.peerCalls({ body: 'peer offer' });
    const seen: string[] = [];
    harness.call.events = { onEnded: (cause) => seen.push(cause) };
    harness.clock.drain();
    assert.deepEqual(seen, ['timeout']);
    assert.ok(harness.transport.takeNames().includes('480'));
    assertNothingLeft(harness);
  });

  test('13.3.1: an INVITE without an offer gets ours in the 200, its ACK the answer', () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls();
    assert.equal(harness.call.offer, undefined);
    const answers: string[] = [];
    harness.call.session.events = { onAnswer: (body) => answers.push(body.bytes.toString()) };
    harness.call.answer({ body: sdp('our offer') });
    assert.equal(harness.call.session.change(sdp('another'), {}), false, '14.1: the last one is not over');
    harness.peerAcks(harness.call.session, invite, 'peer answer');
    assert.deepEqual(answers, ['peer answer']);
    assert.equal(harness.call.session.change(sdp('another'), {}), true);
  });

  test('retransmissions make no second call', () => {
    const harness = new AgentHarness();
    const invite = harness.peerCalls({ body: 'peer offer' });
    for (let i = 0; i < 5; i++) harness.receive(invite);
    assert.equal(harness.calls.length, 1);
    assert.equal(harness.agent.sessions.size, 1);
  });
});

describe('reliable provisional responses, RFC 3262 §3', () => {
  const can100rel = [['Supported', '100rel']] as const;

  test('are repeated until the PRACK, which is answered; the 200 waits for it', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer', headers: can100rel });
    const { session } = harness.call;
    harness.call.ring({ status: 183, body: sdp('our answer') });
    harness.clock.advance(1_500);
    const sent = harness.transport.take();
    assert.equal(sent.length, 3);
    const rseq = sent[0]?.message.headers.first('RSeq');
    assert.equal(sent[0]?.message.headers.first('Require'), '100rel');
    harness.call.answer();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.peerSends(session, 'PRACK', { headers: [['RAck', `${rseq} 1 INVITE`]] });
    assert.deepEqual(harness.transport.takeNames(), ['200', '200'], 'of the PRACK, of the INVITE');
  });

  test('a PRACK for nothing is 481', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer', headers: can100rel });
    harness.call.ring({ reliable: true });
    harness.transport.take();
    harness.peerSends(harness.call.session, 'PRACK', { headers: [['RAck', '7 1 INVITE']] });
    assert.deepEqual(harness.transport.takeNames(), ['481']);
  });

  test('a lost PRACK ends the call with 504 after 64*T1', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer', headers: can100rel });
    const seen: string[] = [];
    harness.call.events = { onEnded: (cause) => seen.push(cause) };
    harness.call.ring({ status: 183, body: sdp('our answer') });
    harness.clock.advance(32_000);
    assert.deepEqual(seen, ['timeout']);
    assert.ok(harness.transport.takeNames().includes('504'));
  });

  test('§5: our offer in a 183, the answer in its PRACK', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ headers: [['Require', '100rel']] });
    const { session } = harness.call;
    const answers: string[] = [];
    session.events = { onAnswer: (body) => answers.push(body.bytes.toString()) };
    harness.call.ring({ status: 183, body: sdp('our offer') });
    const rseq = harness.transport.takeResponse(183).headers.first('RSeq');
    harness.peerSends(session, 'PRACK', { headers: [['RAck', `${rseq} 1 INVITE`]], body: 'peer answer' });
    assert.deepEqual(answers, ['peer answer']);
  });

  test('are sent one at a time, and not to a caller that cannot', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer', headers: can100rel });
    harness.call.ring({ reliable: true });
    harness.call.ring({ status: 183, reliable: true });
    assert.deepEqual(harness.transport.takeNames(), ['180']);
    harness.peerCalls({ body: 'peer offer' });
    harness.call.ring({ reliable: true });
    assert.equal(harness.transport.takeResponse(180).headers.has('RSeq'), false);
  });
});
