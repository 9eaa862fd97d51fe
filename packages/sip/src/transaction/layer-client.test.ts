import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createResponse } from '../message/create-response.ts';
import type { SipRequest } from '../message/message.ts';
import { withTopVia } from '../message/update.ts';
import { ClientLog, LayerHarness, PEER, TCP_PEER } from '../testing/layer-harness.ts';
import { testRequest } from '../testing/requests.ts';
import type { ClientTransaction } from './client-transaction.ts';

function send(
  harness: LayerHarness,
  method: string,
  target: typeof PEER | typeof TCP_PEER = PEER,
): { readonly log: ClientLog; readonly request: SipRequest; readonly client: ClientTransaction } {
  const log = new ClientLog();
  const headers = [['Route', '<sip:p1.example;lr>']] as const;
  const request = withTopVia(testRequest({ method, headers }), harness.layer.viaFor(target));
  const client = harness.layer.request(request, target, log);
  return { log, request, client };
}

const answer = (request: SipRequest, status: number, toTag = 'b1') =>
  createResponse(request, { status, toTag });

describe('client side', () => {
  test('17.1.1.2: INVITE over UDP goes out at 0, .5, 1.5, 3.5, 7.5, 15.5, 31.5 s, then times out', () => {
    const harness = new LayerHarness();
    const { log } = send(harness, 'INVITE');
    const times: number[] = [];
    for (let ms = 0; ms <= 33_000; ms += 100) {
      if (harness.transport.take().length > 0) times.push(ms);
      harness.clock.advance(100);
    }
    assert.deepEqual(times, [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    assert.deepEqual(log.lines, ['timeout', 'terminated']);
    assert.equal(harness.layer.clientCount, 0);
    assert.equal(harness.clock.pending, 0);
  });

  test('17.1.2.2: OPTIONS over UDP goes out 11 times, pauses capped at T2', () => {
    const harness = new LayerHarness();
    const { log } = send(harness, 'OPTIONS');
    harness.clock.drain();
    assert.equal(harness.transport.sent.length, 11);
    assert.deepEqual(log.lines, ['timeout', 'terminated']);
  });

  test('table 4: over TCP nothing is repeated', () => {
    const harness = new LayerHarness();
    send(harness, 'INVITE', TCP_PEER);
    send(harness, 'OPTIONS', TCP_PEER);
    harness.clock.drain();
    assert.deepEqual(harness.transport.takeNames(), ['INVITE', 'OPTIONS']);
  });

  test('17.1.1.3: the ACK for a rejection has the INVITE’s branch, route and number, and the response’s tag', () => {
    const harness = new LayerHarness();
    const { log, request } = send(harness, 'INVITE');
    harness.transport.take();
    harness.receive(answer(request, 486));
    const ack = harness.transport.takeRequest('ACK');
    assert.equal(ack.via.toString(), request.via.toString());
    assert.equal(ack.to.tag, 'b1');
    assert.deepEqual(ack.cseq, { sequence: 1, method: 'ACK' });
    assert.deepEqual(ack.headers.all('Route'), ['<sip:p1.example;lr>']);
    harness.receive(answer(request, 486));
    assert.equal(harness.transport.takeNames().join(), 'ACK');
    assert.deepEqual(log.lines, ['486']);
  });

  test('RFC 6026 8.4: every 2xx of a forked INVITE is delivered until timer M', () => {
    const harness = new LayerHarness();
    const { log, request } = send(harness, 'INVITE');
    for (const tag of ['b1', 'b2', 'b1']) harness.receive(answer(request, 200, tag));
    harness.clock.drain();
    harness.receive(answer(request, 200, 'b3'));
    assert.deepEqual(log.lines, ['200', '200', '200', 'terminated']);
    assert.equal(harness.strays.length, 1);
  });

  test('17.1.3: a response whose method is another one’s does not match', () => {
    const harness = new LayerHarness();
    const { log, request } = send(harness, 'OPTIONS');
    const other = createResponse(withTopVia(testRequest({ method: 'INVITE' }), request.via), { status: 200 });
    harness.receive(other);
    assert.deepEqual(log.lines, []);
    assert.equal(harness.strays.length, 1);
  });

  test('8.1.3.3: a response with two Via values is dropped', () => {
    const harness = new LayerHarness();
    const { log, request } = send(harness, 'OPTIONS');
    const twice = createResponse(request, {
      status: 200,
      headers: [['Via', 'SIP/2.0/UDP a;branch=z9hG4bKx']],
    });
    harness.receive(twice);
    assert.deepEqual(log.lines, []);
  });

  test('9.1: CANCEL is sent only after a provisional response, and the INVITE then has 64*T1 to end', () => {
    const harness = new LayerHarness();
    const { log, request, client } = send(harness, 'INVITE');
    assert.equal(harness.layer.cancel(client), false);
    harness.receive(answer(request, 180));
    harness.transport.take();
    assert.equal(
      harness.layer.cancel(client, [['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]),
      true,
    );
    const cancel = harness.transport.takeRequest('CANCEL');
    assert.equal(cancel.via.branch, request.via.branch);
    assert.deepEqual(cancel.cseq, { sequence: 1, method: 'CANCEL' });
    assert.equal(cancel.to.tag, undefined);
    assert.match(cancel.headers.first('Reason') ?? '', /elsewhere/);
    harness.receive(answer(cancel, 200));
    harness.clock.advance(31_999);
    assert.deepEqual(log.lines, ['180']);
    harness.clock.advance(1);
    assert.deepEqual(log.lines, ['180', 'timeout', 'terminated']);
  });

  test('a transport error that comes before send returns is reported once, with its cause', () => {
    const harness = new LayerHarness();
    harness.transport.failWith = () => ({ code: 'refused', detail: 'port unreachable' });
    const { log } = send(harness, 'INVITE');
    assert.deepEqual(log.lines, ['transport-error', 'terminated']);
    assert.deepEqual(log.failures, [
      { reason: 'transport-error', error: { code: 'refused', detail: 'port unreachable' } },
    ]);
    assert.equal(harness.clock.pending, 0);
  });

  test('a connection that closes fails what waits on it, but not a call that rings', () => {
    const harness = new LayerHarness();
    const waiting = send(harness, 'OPTIONS', TCP_PEER);
    const ringing = send(harness, 'INVITE', TCP_PEER);
    harness.receive(answer(ringing.request, 180));
    assert.ok(waiting.client.flow);
    harness.layer.onFlowClosed(waiting.client.flow);
    assert.deepEqual(waiting.log.lines, ['transport-error', 'terminated']);
    assert.deepEqual(ringing.log.lines, ['180']);
  });

  test('beyond the limit nothing is sent', () => {
    const harness = new LayerHarness({ limits: { maxClientTransactions: 1 } });
    send(harness, 'OPTIONS');
    const { log } = send(harness, 'OPTIONS');
    harness.clock.advance(0);
    assert.deepEqual(log.lines, ['overloaded']);
    assert.equal(harness.transport.sent.length, 1);
  });

  test('close leaves neither transactions nor timers', () => {
    const harness = new LayerHarness();
    send(harness, 'INVITE');
    send(harness, 'OPTIONS');
    harness.layer.close();
    assert.equal(harness.clock.pending, 0);
    assert.equal(harness.layer.clientCount, 0);
  });
});
