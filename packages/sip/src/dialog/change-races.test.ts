import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AgentHarness, sdp, settle } from '../testing/agent-harness.ts';
import type { IncomingChange } from './incoming-change.ts';

describe('changes that meet', () => {
  test('14.1: our second try waits while the peer’s own change is under way', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const changes: IncomingChange[] = [];
    session.events.onChange = (change) => changes.push(change);
    session.change(sdp('hold'));
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 491);
    const theirs = harness.peerSends(session, 'INVITE', { body: 'their change' });
    harness.clock.advance(60_000);
    await settle();
    assert.equal(harness.transport.takeNames().includes('INVITE'), false);
    assert.equal(changes[0]?.isPending, true);
    changes[0]?.accept(sdp('answer'));
    harness.peerAcks(session, theirs);
    harness.clock.advance(4_000);
    await settle();
    assert.equal(harness.transport.takeNames().includes('INVITE'), true);
  });

  test('14.2: a busy peer says when to come back', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    session.change(sdp('hold'));
    await settle();
    const headers = [['Retry-After', '7']] as const;
    harness.peerAnswers(harness.transport.takeRequest('INVITE'), 500, { headers });
    harness.transport.take();
    harness.clock.advance(6_999);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.clock.advance(1);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['INVITE']);
  });

  test('RFC 3311 5.2: an UPDATE with an offer against our open offer is 491', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    session.change(sdp('hold'), {}, 'UPDATE');
    await settle();
    harness.peerSends(session, 'UPDATE', { body: 'theirs' });
    assert.deepEqual(harness.transport.takeNames(), ['UPDATE', '491']);
  });

  test('RFC 5407 3.1.4: the ACK of our 200 is lost, the peer’s next re-INVITE is taken all the same', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer' });
    const { session } = harness.call;
    harness.call.answer({ body: sdp('our answer') });
    session.events.onChange = (change) => change.accept(sdp('held'));
    const reinvite = harness.peerSends(session, 'INVITE', { body: 'hold' });
    harness.clock.advance(500);
    const names = harness.transport.take().map(({ message }) => `${message.cseq.sequence}`);
    assert.ok(names.includes(`${reinvite.cseq.sequence}`));
    harness.peerAcks(session, reinvite);
    harness.clock.advance(60_000);
    assert.equal(session.dialog.state, 'confirmed');
  });

  test('14.2: a change that we leave unanswered does not block the session for ever', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected({ headers: [] });
    session.timer.restart(undefined);
    session.events.onChange = () => undefined;
    harness.peerSends(session, 'INVITE', { body: 'one' });
    harness.clock.advance(600_000);
    assert.equal(session.offers.mayOffer, true);
  });

  test('RFC 3262 5: an offer in a PRACK is answered in its 200', () => {
    const harness = new AgentHarness();
    harness.peerCalls({ body: 'peer offer', headers: [['Supported', '100rel']] });
    const { session } = harness.call;
    session.events.onChange = (change) => change.accept(sdp(`answer to ${change.offer?.bytes}`));
    harness.call.ring({ status: 183, body: sdp('our answer') });
    const rseq = harness.transport.takeResponse(183).headers.first('RSeq');
    harness.call.answer();
    harness.peerSends(session, 'PRACK', { headers: [['RAck', `${rseq} 1 INVITE`]], body: 'second offer' });
    const [prack, invite] = harness.transport.take();
    assert.equal(prack?.message.body.toString(), 'answer to second offer');
    assert.equal(invite?.message.cseq.method, 'INVITE');
  });
});

describe('refreshes that meet something, RFC 4028', () => {
  async function connected(): Promise<{ readonly harness: AgentHarness; readonly session: IncomingSession }> {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    const headers = [['Session-Expires', '600;refresher=uac']] as const;
    harness.peerAnswers(invite, 200, { sdp: 'peer answer', headers });
    await settle();
    harness.transport.take();
    return { harness, session: log.session };
  }
  type IncomingSession = Awaited<ReturnType<AgentHarness['weAreConnected']>>['session'];

  test('7.3: 422 to a refresh raises the interval', async () => {
    const { harness } = await connected();
    harness.clock.advance(300_000);
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('UPDATE'), 422, { headers: [['Min-SE', '900']] });
    await settle();
    const again = harness.transport.takeRequest('UPDATE');
    assert.equal(again.headers.first('Session-Expires'), '900;refresher=uac');
    assert.equal(again.headers.first('Min-SE'), '900');
  });

  test('7.4: a refresh that falls due during another change follows it', async () => {
    const { harness, session } = await connected();
    harness.clock.advance(299_000);
    session.change(sdp('hold'));
    await settle();
    const reinvite = harness.transport.takeRequest('INVITE');
    harness.peerAnswers(reinvite, 100);
    harness.clock.advance(2_000);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.peerAnswers(reinvite, 488);
    harness.transport.take();
    harness.clock.advance(4_000);
    await settle();
    assert.deepEqual(harness.transport.takeNames(), ['UPDATE']);
  });
});
