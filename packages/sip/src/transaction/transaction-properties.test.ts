import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createResponse } from '../message/create-response.ts';
import { withTopVia } from '../message/update.ts';
import { ClientLog, LayerHarness, PEER, TCP_PEER } from '../testing/layer-harness.ts';
import { fakeFlow } from '../testing/fake-transport.ts';
import { testRequest } from '../testing/requests.ts';

const RUNS = { numRuns: 1_000 };
const methods = fc.constantFrom('INVITE', 'OPTIONS', 'BYE', 'REGISTER');
const status = fc.integer({ min: 100, max: 699 });

const clientEvent = fc.oneof(
  fc.record({ type: fc.constant('response' as const), status }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ type: fc.constant('cancel' as const) }),
  fc.record({ type: fc.constant('network' as const), down: fc.boolean() }),
  fc.record({ type: fc.constant('closed' as const) }),
);

const serverEvent = fc.oneof(
  fc.record({ type: fc.constant('respond' as const), status }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ type: fc.constant('again' as const) }),
  fc.record({ type: fc.constant('ack' as const) }),
  fc.record({ type: fc.constant('cancel' as const) }),
  fc.record({ type: fc.constant('network' as const), down: fc.boolean() }),
);

/** Of one request, over UDP: timer E makes 11, timer G 11, timer A 7 (RFC 3261 §17.1.1.2, §17.1.2.2, §17.2.1). */
const MAX_OWN_SENDS = 11;
const down = { code: 'unreachable', detail: 'no route' } as const;

describe('any order of events', () => {
  test('a client transaction never throws, ends in time, and repeats itself a bounded number of times', () => {
    const property = fc.property(
      methods,
      fc.boolean(),
      fc.array(clientEvent, { maxLength: 25, size: 'max' }),
      (method, tcp, events) => {
        const harness = new LayerHarness();
        const target = tcp ? TCP_PEER : PEER;
        const log = new ClientLog();
        const request = withTopVia(testRequest({ method }), harness.layer.viaFor(target));
        const client = harness.layer.request(request, target, log);
        let provoked = 0;
        for (const event of events) {
          if (event.type === 'wait') harness.clock.advance(event.ms);
          else if (event.type === 'cancel') provoked += harness.layer.cancel(client) ? MAX_OWN_SENDS : 0;
          else if (event.type === 'network')
            harness.transport.failWith = () => (event.down ? down : undefined);
          else if (event.type === 'closed')
            harness.layer.onFlowClosed(fakeFlow({ id: client.flow?.id ?? '' }));
          else {
            provoked++;
            harness.receive(createResponse(request, { status: event.status, toTag: 'b' }));
          }
        }
        // Nothing is heard any more: timer C, the longest, is the bound.
        harness.clock.advance(600_000);
        assert.equal(client.stateName, 'Terminated');
        assert.equal(harness.clock.pending, 0);
        assert.equal(harness.layer.clientCount, 0);
        assert.ok(harness.transport.sent.length <= MAX_OWN_SENDS + provoked);
        assert.equal(log.lines.filter((line) => line === 'terminated').length, 1);
        assert.ok(log.failures.length <= 1 || method === 'INVITE');
        const finals = log.lines.filter((line) => line >= '200' && line <= '699');
        assert.ok(finals.length <= 1 || (method === 'INVITE' && finals.every((line) => line < '300')));
      },
    );
    fc.assert(property, RUNS);
  });

  test('a server transaction does so too, whatever its user and its client do', () => {
    const property = fc.property(
      methods,
      fc.boolean(),
      fc.array(serverEvent, { maxLength: 25, size: 'max' }),
      (method, tcp, events) => {
        const harness = new LayerHarness();
        const flow = fakeFlow({ protocol: tcp ? 'TCP' : 'UDP' });
        const branch = 'z9hG4bKp';
        const request = testRequest({ method, branch, callId: 'p' });
        harness.receive(request, flow);
        const server = harness.lastTransaction;
        let provoked = 0;
        for (const event of events) {
          if (event.type !== 'wait') provoked++;
          if (event.type === 'wait') harness.clock.advance(event.ms);
          else if (event.type === 'respond') server.reply({ status: event.status });
          else if (event.type === 'network')
            harness.transport.failWith = () => (event.down ? down : undefined);
          else if (event.type === 'again') harness.receive(request, flow);
          else {
            const sent = event.type === 'ack' ? 'ACK' : 'CANCEL';
            harness.receive(testRequest({ method: sent, branch, callId: 'p' }), flow);
          }
        }
        harness.clock.advance(600_000);
        for (const transaction of harness.transactions) assert.equal(transaction.stateName, 'Terminated');
        assert.equal(harness.clock.pending, 0);
        assert.equal(harness.layer.serverCount, 0);
        // Repetitions that came after the end are new requests to the layer, each with an own life.
        const lives = harness.transactions.length;
        // A failed flow is tried again over a new connection, so a send may count twice.
        assert.ok(harness.transport.sent.length <= 2 * (MAX_OWN_SENDS * lives + provoked + lives));
      },
    );
    fc.assert(property, RUNS);
  });
});
