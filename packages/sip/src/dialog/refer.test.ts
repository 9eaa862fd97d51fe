import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NameAddr } from '../message/headers/name-addr.ts';
import { replacesOfReferTo } from '../message/headers/referral.ts';
import { AgentHarness, settle } from '../testing/agent-harness.ts';
import { uriOf } from '../testing/requests.ts';
import { referToReplacing, sendRefer } from './refer-client.ts';
import type { IncomingRefer, ReferNotifier } from './refer-server.ts';
import { makeSipfrag, readSipfrag } from './sipfrag.ts';

const CAROL = new NameAddr(uriOf('sip:carol@carrier.example'));

describe('asking for a transfer, RFC 3515', () => {
  test('2.4: 202, NOTIFYs of the progress, the final one ends it', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const log: string[] = [];
    sendRefer(session, CAROL, {
      onAccepted: () => log.push('accepted'),
      onProgress: (status, phrase) => log.push(`${status} ${phrase}`),
      onDone: (status) => log.push(`done ${status}`),
    });
    await settle();
    const refer = harness.transport.takeRequest('REFER');
    assert.equal(refer.headers.first('Refer-To'), '<sip:carol@carrier.example>');
    harness.peerAnswers(refer, 202);
    for (const [frag, state] of [
      ['SIP/2.0 100 Trying', 'active;expires=60'],
      ['SIP/2.0 180 Ringing', 'active;expires=50'],
      ['SIP/2.0 200 OK', 'terminated;reason=noresource'],
    ] as const) {
      const headers = [['Event', 'refer'] as const, ['Subscription-State', state] as const];
      harness.peerSends(session, 'NOTIFY', { headers, body: frag });
    }
    assert.deepEqual(harness.transport.takeNames(), ['200', '200', '200']);
    assert.deepEqual(log, ['accepted', '100 Trying', '180 Ringing', '200 OK', 'done 200']);
    harness.peerSends(session, 'NOTIFY', { headers: [['Event', 'refer']], body: 'SIP/2.0 200 OK' });
    assert.deepEqual(harness.transport.takeNames(), ['481']);
  });

  test('2.4.4: a NOTIFY may overtake the 202; RFC 5057: it may follow our BYE', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const log: string[] = [];
    sendRefer(session, CAROL, { onDone: (status) => log.push(`done ${status}`) });
    await settle();
    const refer = harness.transport.takeRequest('REFER');
    harness.peerSends(session, 'NOTIFY', { headers: [['Event', 'refer']], body: 'SIP/2.0 100 Trying' });
    harness.peerAnswers(refer, 202);
    session.bye();
    await settle();
    const sent = harness.transport.take().map(({ message }) => message);
    const bye = sent.find((message) => message.kind === 'request');
    assert.ok(bye?.kind === 'request');
    harness.peerAnswers(bye, 200);
    assert.equal(harness.agent.sessions.size, 1, 'the transfer is still spoken of');
    const headers = [['Event', `refer;id=${refer.cseq.sequence}`]] as const;
    harness.peerSends(session, 'NOTIFY', { headers, body: 'SIP/2.0 603 Decline' });
    assert.deepEqual(log, ['done 603']);
    assert.equal(harness.agent.sessions.size, 0);
  });

  test('RFC 5589 7: an attended transfer names the consultation as its other side knows it', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const { callId, localTag, remoteTag } = session.dialog;
    const replaces = replacesOfReferTo(referToReplacing(session).uri);
    assert.deepEqual(replaces, {
      ok: true,
      value: { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false },
    });
  });

  test('a peer that accepts and then says nothing is not waited for without end', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const log: string[] = [];
    sendRefer(session, CAROL, { onDone: (status) => log.push(`done ${status}`) });
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('REFER'), 202);
    harness.clock.advance(300_000);
    assert.deepEqual(log, ['done undefined']);
  });

  test('a refused REFER leaves the call alone', async () => {
    const harness = new AgentHarness();
    const { session } = await harness.weAreConnected();
    const log: string[] = [];
    sendRefer(session, CAROL, { onRejected: ({ status }) => log.push(`${status}`) });
    await settle();
    harness.peerAnswers(harness.transport.takeRequest('REFER'), 603);
    assert.deepEqual(log, ['603']);
    assert.equal(session.dialog.state, 'confirmed');
    assert.equal(session.referSubscriptions.length, 0);
  });
});

describe('being asked for one, RFC 3515', () => {
  test('2.4: 202 and a NOTIFY at once, then what the application reports', async () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    let notifier: ReferNotifier | undefined;
    const refers: IncomingRefer[] = [];
    session.events.onRefer = (refer) => {
      refers.push(refer);
      notifier = refer.accept();
    };
    const to = '<sip:dave@x.example?Replaces=c1%3Bto-tag%3Da%3Bfrom-tag%3Db>';
    harness.peerSends(session, 'REFER', {
      headers: [
        ['Refer-To', to],
        ['Referred-By', '<sip:alice@x.example>'],
      ],
    });
    await settle();
    assert.deepEqual(refers[0]?.replaces, {
      ok: true,
      value: { callId: 'c1', toTag: 'a', fromTag: 'b', earlyOnly: false },
    });
    assert.deepEqual(refers[0]?.referredBy?.uri.toString(), 'sip:alice@x.example');
    const [accepted, first] = harness.transport.take();
    assert.ok(accepted?.text.startsWith('SIP/2.0 202'));
    assert.match(first?.text ?? '', /^NOTIFY[^]*Event: refer\r\n[^]*SIP\/2\.0 100 Trying/);
    notifier?.notify(180);
    notifier?.notify(486);
    notifier?.notify(200);
    await settle();
    const later = harness.transport.take().map(({ text }) => text);
    assert.equal(later.length, 2, 'nothing after the final one');
    assert.match(later[1] ?? '', /terminated;reason=noresource[^]*SIP\/2\.0 486 Busy Here/);
  });

  test('2.4.1: without one Refer-To it is 400; nobody who transfers: 603', () => {
    const harness = new AgentHarness();
    const { session } = harness.peerIsConnected();
    harness.peerSends(session, 'REFER');
    harness.peerSends(session, 'REFER', { headers: [['Refer-To', '<sip:x@y>']] });
    assert.deepEqual(harness.transport.takeNames(), ['400', '603']);
  });
});

test('sipfrag: only a status line counts, and ours cannot be broken out of', () => {
  assert.deepEqual(readSipfrag(Buffer.from('SIP/2.0 200\r\n')), { status: 200, reasonPhrase: '' });
  assert.equal(readSipfrag(Buffer.from('INVITE sip:a@b SIP/2.0\r\n')), undefined);
  assert.equal(readSipfrag(Buffer.from('')), undefined);
  assert.equal(makeSipfrag(486, 'a\r\nb').bytes.toString(), 'SIP/2.0 486 a b\r\n');
});
