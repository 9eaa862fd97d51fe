import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AgentHarness, sdp, settle } from '../testing/agent-harness.ts';
import { fakeFlow } from '../testing/fake-transport.ts';
import { testRequest } from '../testing/requests.ts';
import type { IncomingChange } from './incoming-change.ts';

describe('changes from the peer', () => {
  test('14.2: a re-INVITE is answered, its 200 repeated until the ACK, and the target follows its Contact', async () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    const offers: string[] = [];
    session.events.onChange = (change) => {
      offers.push(`${change.offer?.bytes}`);
      change.accept(sdp('held'));
    };
    const headers = [['Contact', '<sip:moved@203.0.113.7>']] as const;
    const reinvite = harness.peerSends(session, 'INVITE', { body: 'hold', headers });
    harness.clock.advance(600);
    assert.deepEqual(harness.transport.takeNames(), ['200', '200']);
    assert.deepEqual(offers, ['hold']);
    harness.peerAcks(session, reinvite);
    harness.clock.advance(60_000);
    assert.deepEqual(harness.transport.takeNames(), []);
  });

  test('14.2: a refused re-INVITE leaves the session as it was', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    session.events.onChange = (change) => change.reject(488);
    harness.peerSends(session, 'INVITE', { body: 'video' });
    assert.deepEqual(harness.transport.takeNames(), ['488']);
    assert.equal(session.dialog.state, 'confirmed');
    assert.equal(session.lastRemoteBody?.bytes.toString(), 'peer offer');
  });

  test('nobody listens: the same description again is a refresh, a new one is 488', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    const refresh = harness.peerSends(session, 'INVITE', { body: 'peer offer' });
    const ok = harness.transport.takeResponse(200);
    assert.equal(ok.body.toString(), 'our answer');
    harness.peerAcks(session, refresh);
    harness.peerSends(session, 'UPDATE');
    assert.deepEqual(harness.transport.takeNames(), ['200']);
    harness.peerSends(session, 'INVITE', { body: 'other' });
    assert.deepEqual(harness.transport.takeNames(), ['488']);
  });

  test('14.2: while one waits for our answer a second is 500 with Retry-After; UPDATE too (RFC 3311 5.2)', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    const changes: IncomingChange[] = [];
    session.events.onChange = (change) => changes.push(change);
    harness.peerSends(session, 'INVITE', { body: 'one' });
    harness.peerSends(session, 'INVITE', { body: 'two' });
    assert.equal(harness.transport.takeResponse(500).headers.first('Retry-After'), '5');
    harness.peerSends(session, 'UPDATE', { body: 'three' });
    assert.deepEqual(harness.transport.takeNames(), ['500']);
    assert.equal(session.change(sdp('ours')), false, '14.1: we must not begin one either');
    changes[0]?.accept(sdp('answer'));
    assert.deepEqual(harness.transport.takeNames(), ['200']);
  });

  test('a re-INVITE that was cancelled is 487', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    session.events.onChange = () => undefined;
    const reinvite = harness.peerSends(session, 'INVITE', { body: 'one' });
    const cancel = { ...reinvite, method: 'CANCEL', cseq: { ...reinvite.cseq, method: 'CANCEL' } };
    harness.receive(cancel);
    assert.deepEqual(harness.transport.takeNames(), ['200', '487']);
    assert.equal(session.dialog.state, 'confirmed');
  });

  test('12.2.2: an older CSeq is 500, an unknown dialog 481', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    harness.peerSends(session, 'INFO', { sequence: 900 });
    harness.peerSends(session, 'INFO', { sequence: 899 });
    assert.deepEqual(harness.transport.takeNames(), ['200', '500']);
    session.drop('peer-lost');
    harness.peerSends(session, 'INFO', { sequence: 901 });
    assert.deepEqual(harness.transport.takeNames(), ['481']);
  });

  test('INFO is answered and reported, unknown NOTIFY packages are 489, OPTIONS tells what we can', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    const seen: string[] = [];
    session.events.onInfo = (body) => seen.push(`${body?.bytes}`);
    harness.peerSends(session, 'INFO', { body: 'digits' });
    harness.peerSends(session, 'NOTIFY', { headers: [['Event', 'presence']] });
    harness.peerSends(session, 'OPTIONS');
    harness.peerSends(session, 'MESSAGE');
    assert.deepEqual(harness.transport.takeNames(), ['200', '489', '200', '405']);
    assert.deepEqual(seen, ['digits']);
  });
});

describe('changes of ours', () => {
  test('14.1: a re-INVITE is acknowledged with its own number', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const answers: string[] = [];
    assert.equal(session.change(sdp('hold'), { onAccepted: (body) => answers.push(`${body?.bytes}`) }), true);
    await settle();
    const reinvite = harness.transport.takeRequest('INVITE');
    for (let i = 0; i < 2; i++) {
      harness.peerAnswers(reinvite, 200, { sdp: 'held' });
      await settle();
    }
    const acks = harness.transport.take().map(({ message }) => message);
    assert.equal(acks.length, 2, 'a repeated 200 means that the ACK was lost');
    assert.ok(acks.every((ack) => ack.cseq.sequence === reinvite.cseq.sequence));
    assert.deepEqual(answers, ['held']);
  });

  test('14.1: glare: 491 waits 2.1 to 4 s where we own the Call-ID', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    session.change(sdp('hold'));
    await settle();
    const first = harness.transport.takeRequest('INVITE');
    harness.peerSends(session, 'INVITE', { body: 'their hold' });
    assert.deepEqual(harness.transport.takeNames(), ['491']);
    harness.peerAnswers(first, 491);
    harness.transport.take();
    harness.clock.advance(2_099);
    await settle();
    assert.equal(harness.transport.takeNames().includes('INVITE'), false);
    harness.clock.advance(1_901);
    await settle();
    const again = harness.transport.takeRequest('INVITE');
    assert.ok(again.cseq.sequence > first.cseq.sequence);
    assert.equal(again.body.toString(), 'hold');
  });

  test('14.1: glare: at most 2 s where the peer owns it', async () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    session.change(sdp('hold'));
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 491);
    harness.transport.take();
    harness.clock.advance(2_000);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['INVITE']);
  });

  test('a peer that always answers 491 is not asked for ever', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const rejected: number[] = [];
    session.change(sdp('hold'), { onRejected: ({ status }) => rejected.push(status) });
    for (let i = 0; i < 12; i++) {
      await settle();
      for (const { message } of harness.transport.take()) {
        if (message.kind === 'request' && message.method === 'INVITE') harness.peerAnswers(message, 491);
      }
      harness.clock.advance(4_000);
    }
    assert.deepEqual(rejected, [491]);
    assert.equal(session.offers.mayOffer, true);
  });

  test('14.1: a refusal leaves the session, 481 ends it', async () => {
    const harness = new AgentHarness();
    const { session, ends } = await harness.weAreConnected();
    session.change(sdp('hold'));
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 488);
    assert.equal(session.dialog.state, 'confirmed');
    harness.transport.take();
    session.change(sdp('hold'));
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 481);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['ACK', 'BYE']);
    assert.equal(ends[0]?.cause, 'peer-lost');
  });

  test('14.1: without our offer the answer to theirs goes into the ACK', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    session.change(undefined, { onAccepted: (_offer, acknowledge) => acknowledge(sdp('our answer')) });
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 200, { sdp: 'peer offer' });
    await settle();
    assert.equal(harness.transport.takeRequest('ACK').body.toString(), 'our answer');
  });
});

describe('BYE', () => {
  test('15.1.1: the session is over when the BYE leaves; its dialog waits for the answer', async () => {
    const harness = new AgentHarness();
    const { session, ends } = await harness.weAreConnected();
    session.bye([['Reason', 'Q.850;cause=16']]);
    assert.equal(ends[0]?.reasons[0]?.cause, 16);
    await settle();
    const bye = harness.transport.takeRequest('BYE');
    assert.equal(harness.agent.sessions.size, 1);
    harness.peerAnswers(bye, 200);
    assert.equal(harness.agent.sessions.size, 0);
  });

  test('RFC 5407 3.2: BYEs that cross are both answered 200', async () => {
    const harness = new AgentHarness();
    const { session, ends } = await harness.weAreConnected();
    session.bye();
    await settle();
    harness.peerSends(session, 'BYE');
    assert.deepEqual(harness.transport.takeNames(), ['BYE', '200']);
    assert.equal(ends.length, 1);
  });

  test('RFC 5407 3.1.3: a BYE that meets our re-INVITE: its late 200 is still acknowledged', async () => {
    const harness = new AgentHarness();
    const { session, ends } = await harness.weAreConnected();
    session.change(sdp('hold'));
    await settle();
    const reinvite = harness.transport.takeRequest('INVITE');
    harness.peerSends(session, 'BYE');
    assert.deepEqual(harness.transport.takeNames(), ['200']);
    assert.equal(ends[0]?.cause, 'bye-received');
    harness.peerAnswers(reinvite, 200, { sdp: 'held' });
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['ACK']);
    harness.clock.drain();
    assert.equal(harness.clock.pending, 0);
  });

  test('15.1.2: a BYE while their re-INVITE waits for us answers both', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    session.events.onChange = () => undefined;
    harness.peerSends(session, 'INVITE', { body: 'one' });
    harness.peerSends(session, 'BYE');
    assert.deepEqual(harness.transport.takeNames(), ['200', '487']);
  });

  test('a BYE that nobody answers leaves nothing behind', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    session.bye();
    await settle();
    harness.clock.drain();
    assert.equal(harness.agent.sessions.size, 0);
    assert.equal(harness.clock.pending, 0);
  });
});

describe('the way of requests inside a dialog', () => {
  test('a private Contact behind a public address: the BYE goes back the way the INVITE came', async () => {
    const harness = new AgentHarness();
    const nat = fakeFlow({ remoteAddress: '203.0.113.80', remotePort: 33_000 });
    const headers = [['Contact', '<sip:phone@10.0.0.5:5060>']] as const;
    const invite = testRequest({ method: 'INVITE', body: 'peer offer', headers });
    harness.receive(invite, nat);
    const { session } = harness.call;
    harness.call.answer({ body: sdp('our answer') });
    harness.peerSends(session, 'ACK', { sequence: invite.cseq.sequence, headers }, nat);
    harness.transport.take();
    session.bye();
    await settle();
    const [bye] = harness.transport.take();
    assert.deepEqual(bye?.target, nat);
    assert.ok(bye?.text.startsWith('BYE sip:phone@10.0.0.5:5060 SIP/2.0'), '12.2.1.1: the target stays');
  });

  test('a Contact that names nothing: likewise', async () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    harness.destinations = [];
    harness.transport.take();
    session.bye();
    await settle();
    const [sent] = harness.transport.take();
    assert.ok(sent && 'id' in sent.target && sent.target.remoteAddress === '198.51.100.9');
  });
});
