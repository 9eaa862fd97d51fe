import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeFlow } from '../testing/fake-transport.ts';
import { LayerHarness } from '../testing/layer-harness.ts';
import { testRequest } from '../testing/requests.ts';

describe('server side', () => {
  test('17.2.1: 100 after 200 ms when the user says nothing, and it answers repetitions', () => {
    const harness = new LayerHarness();
    const invite = testRequest({ method: 'INVITE' });
    harness.receive(invite);
    harness.clock.advance(199);
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.clock.advance(1);
    harness.receive(invite);
    assert.deepEqual(harness.transport.takeNames(), ['100', '100']);
    assert.equal(harness.transactions.length, 1);
  });

  test('17.2.1: a rejection is repeated until its ACK', () => {
    const harness = new LayerHarness();
    const invite = testRequest({ method: 'INVITE', branch: 'z9hG4bKx' });
    harness.receive(invite);
    assert.equal(harness.lastTransaction.reply({ status: 486 }), true);
    assert.equal(harness.lastTransaction.reply({ status: 200 }), false, 'only one final response');
    harness.clock.advance(3_600);
    assert.deepEqual(harness.transport.takeNames(), ['486', '486', '486', '486']);
    const toTag = harness.lastTransaction.localTag;
    harness.receive(testRequest({ method: 'ACK', branch: 'z9hG4bKx', toTag }));
    harness.clock.advance(4_999);
    assert.equal(harness.layer.serverCount, 1, 'timer I absorbs more of them');
    harness.clock.drain();
    assert.deepEqual(harness.transport.takeNames(), []);
    assert.equal(harness.layer.serverCount, 0);
    assert.deepEqual(harness.acks, [], 'the user never sees this ACK');
  });

  test('17.2.1: no ACK is an event, not a hang', () => {
    const harness = new LayerHarness();
    harness.receive(testRequest({ method: 'INVITE' }));
    const seen: string[] = [];
    harness.lastTransaction.events = { onFailure: (failure) => seen.push(failure.reason) };
    harness.lastTransaction.reply({ status: 603 });
    harness.clock.drain();
    assert.deepEqual(seen, ['timeout']);
  });

  test('17.2.3: the same branch from another sent-by is another transaction', () => {
    const harness = new LayerHarness();
    harness.receive(testRequest({ branch: 'z9hG4bKsame', viaPort: 5060 }));
    harness.receive(testRequest({ branch: 'z9hG4bKsame', viaPort: 5070 }));
    assert.equal(harness.transactions.length, 2);
  });

  test('17.2.3: without a magic branch the headers decide, for the ACK with our tag', () => {
    const harness = new LayerHarness();
    const old = { branch: undefined, callId: 'old' } as const;
    harness.receive(testRequest({ ...old, method: 'INVITE' }));
    harness.receive(testRequest({ ...old, method: 'INVITE' }));
    assert.equal(harness.transactions.length, 1);
    const invite = harness.lastTransaction;
    invite.reply({ status: 404 });
    harness.receive(testRequest({ ...old, method: 'ACK', toTag: 'forged' }));
    assert.equal(invite.stateName, 'Completed');
    harness.receive(testRequest({ ...old, method: 'ACK', toTag: invite.localTag }));
    assert.equal(invite.stateName, 'Confirmed');
  });

  test('8.2.2.2: a copy over another path is 482, a retry after a refusal is not', () => {
    const harness = new LayerHarness();
    const call = { method: 'INVITE', callId: 'merged', fromTag: 'a' } as const;
    harness.receive(testRequest(call));
    harness.receive(testRequest(call));
    assert.deepEqual(harness.transport.takeNames(), ['482']);
    harness.lastTransaction.reply({ status: 401 });
    harness.receive(testRequest(call));
    assert.equal(harness.transactions.length, 2);
  });

  test('9.2: CANCEL is answered 200 with the INVITE’s tag and reported; unknown ones get 481', () => {
    const harness = new LayerHarness();
    harness.receive(testRequest({ method: 'INVITE', branch: 'z9hG4bKc' }));
    const invite = harness.lastTransaction;
    const seen: string[] = [];
    invite.events = { onCancel: (cancel) => seen.push(cancel.headers.first('Reason') ?? '') };
    const headers = [['Reason', 'Q.850;cause=16']] as const;
    harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKc', headers }));
    const ok = harness.transport.takeResponse(200);
    assert.equal(ok.to.tag, invite.localTag);
    assert.deepEqual(seen, ['Q.850;cause=16']);
    harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKunknown' }));
    assert.deepEqual(harness.transport.takeNames(), ['481']);
  });

  test('9.2: a CANCEL after the final response changes nothing', () => {
    const harness = new LayerHarness();
    harness.receive(testRequest({ method: 'INVITE', branch: 'z9hG4bKd' }));
    const seen: string[] = [];
    harness.lastTransaction.events = { onCancel: () => seen.push('cancel') };
    harness.lastTransaction.reply({ status: 200 });
    harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKd' }));
    assert.deepEqual(harness.transport.takeNames(), ['200', '200']);
    assert.deepEqual(seen, []);
  });

  test('RFC 6026 7.1: repeated INVITEs are absorbed after a 2xx, ACKs of any branch reach the user', () => {
    const harness = new LayerHarness();
    const invite = testRequest({ method: 'INVITE', branch: 'z9hG4bKe' });
    harness.receive(invite);
    harness.lastTransaction.reply({ status: 200 });
    harness.transport.take();
    harness.receive(invite);
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.receive(testRequest({ method: 'ACK', branch: 'z9hG4bKother' }));
    assert.equal(harness.acks.length, 1);
  });

  test('a full table answers 503 with Retry-After and keeps nothing', () => {
    const harness = new LayerHarness({ limits: { maxServerTransactions: 2 } });
    for (let i = 0; i < 50; i++) harness.receive(testRequest({ method: 'INVITE' }));
    const answers = harness.transport.take();
    assert.equal(answers.length, 48);
    assert.ok(answers.every(({ text }) => text.startsWith('SIP/2.0 503') && text.includes('Retry-After: 5')));
    assert.equal(harness.layer.serverCount, 2);
    harness.receive(testRequest({ method: 'BYE', toTag: 'ours' }));
    assert.equal(harness.lastTransaction.request.method, 'BYE', 'calls that exist can still be ended');
  });

  test('admission is asked before anything is kept: drop, or one stateless answer with a stable tag', () => {
    const harness = new LayerHarness({
      admit: (request) =>
        request.method === 'INVITE'
          ? { action: 'drop' }
          : { action: 'answer', response: { status: 403, headers: [['Retry-After', '60']] } },
    });
    harness.receive(testRequest({ method: 'INVITE' }));
    const options = testRequest({ method: 'OPTIONS' });
    harness.receive(options);
    harness.receive(options);
    const tags = harness.transport.take().map(({ message }) => message.to.tag);
    assert.equal(tags.length, 2);
    assert.equal(tags[0], tags[1]);
    assert.equal(harness.layer.serverCount, 0);
    assert.equal(harness.clock.pending, 0);
  });

  test('18.2.2: responses go back by rport, else to the sent-by port, else over a new connection', () => {
    const harness = new LayerHarness();
    const nat = fakeFlow({ remotePort: 40_000 });
    harness.receive(testRequest(), nat);
    harness.lastTransaction.reply({ status: 200 });
    assert.deepEqual(harness.transport.take()[0]?.target, nat);
    harness.receive(testRequest({ branch: undefined }), nat);
    harness.lastTransaction.reply({ status: 200 });
    const target = harness.transport.take()[0]?.target;
    assert.ok(target && 'address' in target && target.port === 5060 && target.address === nat.remoteAddress);

    const tcp = fakeFlow({ protocol: 'TCP', remotePort: 41_000 });
    harness.receive(testRequest(), tcp);
    harness.transport.failWith = (to) => ('id' in to ? { code: 'closed', detail: 'gone' } : undefined);
    harness.lastTransaction.reply({ status: 200 });
    const tried = harness.transport.take().map((sent) => sent.target);
    assert.equal(tried.length, 2);
    assert.deepEqual(tried[1], { protocol: 'TCP', address: nat.remoteAddress, port: 5060 });
  });

  test('close leaves neither transactions nor timers', () => {
    const harness = new LayerHarness();
    harness.receive(testRequest({ method: 'INVITE' }));
    harness.receive(testRequest({ method: 'OPTIONS' }));
    harness.layer.close();
    assert.equal(harness.clock.pending, 0);
    assert.equal(harness.layer.serverCount + harness.layer.clientCount, 0);
  });
});
