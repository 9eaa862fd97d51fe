import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type IncomingCall, reasonLine } from '@tronco/sip';
import { issueCertificate } from '@tronco/sip/testing';
import { DID, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { digest, LOOPBACK } from '../testing/phone.ts';

describe('calls into the platform: where to', () => {
  test('a registered customer is called at its Contact, whatever address that names', async (t) => {
    const { carrier, phone, at } = await openCarrier(t);
    const contact = '<sip:line1@192.168.7.7:5099>';
    await phone.register(at, 'alice', { credentials: digest('alice', PASSWORD), contact });
    const { outcome } = await carrier.callInto(DID);
    assert.equal(outcome, 'answered');
    assert.equal(phone.calls[0]?.request.uri.toString(), 'sip:line1@192.168.7.7:5099');
  });

  for (const protocol of ['TCP', 'TLS'] as const) {
    test(`a customer that registered over ${protocol} is called over its own connection`, async (t) => {
      const listen = [{ protocol, host: LOOPBACK, port: 0 }];
      // The phone listens on UDP alone: there is no other way to it than the connection it opened.
      const { carrier, phone, at, log } = await openCarrier(t, { listen });
      await phone.register(at, 'alice', { credentials: digest('alice', PASSWORD) });
      const { outcome, call } = await carrier.callInto(DID);
      assert.equal(outcome, 'answered');
      call?.hangUp();
      assert.equal((await log.next('call-ended')).cause, 'bye-sent');
    });
  }

  for (const protocol of ['TCP', 'TLS'] as const) {
    test(`a target is called over ${protocol} when it says so`, async (t) => {
      const server = issueCertificate({ commonName: 'platform.example' });
      const { carrier, phone } = await openCarrier(t, {}, { protocol, server });
      const target = `sip:${LOOPBACK}:${phone.port};transport=${protocol.toLowerCase()}`;
      assert.equal((await carrier.callInto(DID, { target })).outcome, 'answered');
      assert.equal(phone.calls[0]?.flow.protocol, protocol);
    });
  }

  test('what cannot be written is not sent', async (t) => {
    const { carrier, phone } = await openCarrier(t);
    const header = await carrier.callInto(DID, { target: phone.uri, headers: [['X-Note', 'a\r\nb: c']] });
    const caller = await carrier.callInto(DID, { target: phone.uri, from: '020' });
    const target = await carrier.callInto(DID, { target: 'tel:+12025550100' });
    assert.deepEqual([header.outcome, caller.outcome, target.outcome], Array(3).fill('not-placed'));
  });

  test('without registration and target nothing is sent', async (t) => {
    const { carrier } = await openCarrier(t);
    const { outcome, reason } = await carrier.callInto(DID);
    assert.deepEqual(
      [outcome, reason],
      ['not-placed', 'the customer has neither a registration nor a target'],
    );
    assert.equal((await carrier.callInto('+442079460099')).reason, 'the number belongs to no customer');
  });
});

describe('calls into the platform: what comes of them', () => {
  test('an answer is told with its timings, its progress and both descriptions', async (t) => {
    const { carrier, phone, clock, log } = await openCarrier(t);
    const pickUpLater = async (call: IncomingCall) => {
      await log.next('call-ringing');
      clock.advance(4_000);
      phone.answer(call);
    };
    phone.onCall = (call) => {
      call.ring();
      void pickUpLater(call);
    };
    const result = await carrier.callInto(DID, { target: phone.uri });
    assert.deepEqual(result.progress, [{ status: 180, atMs: 0, hasSdp: false }]);
    assert.deepEqual(result.timings, { firstResponseMs: 0, ringingMs: 0, finalMs: 4_000 });
    assert.match(result.sdp.local ?? '', /m=audio/);
    assert.match(result.sdp.remote ?? '', /PCMA/);
    assert.equal(result.call?.audio?.codec.name, 'PCMA');
  });

  test('a refusal keeps its status, its words and its reasons', async (t) => {
    const { carrier, phone, log } = await openCarrier(t);
    phone.onCall = (call) =>
      call.reject(480, [reasonLine('Q.850', 20, 'no agent behind this number')], 'No Agent');
    const result = await carrier.callInto(DID, { target: phone.uri });
    assert.deepEqual([result.outcome, result.status, result.reason], ['refused', 480, 'No Agent']);
    assert.deepEqual(
      [result.reasons[0]?.cause, result.reasons[0]?.text],
      [20, 'no agent behind this number'],
    );
    assert.equal((await log.next('call-ended')).status, 480);
  });

  test('a signal gives a ringing call up', async (t) => {
    const { carrier, phone } = await openCarrier(t);
    const stop = new AbortController();
    phone.onCall = (call) => {
      call.ring();
      stop.abort();
    };
    const result = await carrier.callInto(DID, { target: phone.uri, signal: stop.signal });
    assert.deepEqual([result.outcome, result.status], ['cancelled', 487]);
  });

  test('nobody answers in time: CANCEL', async (t) => {
    const { carrier, phone, clock, log } = await openCarrier(t);
    phone.onCall = (call) => void call.ring();
    void log.next('call-ringing').then(() => clock.advance(20_000));
    const result = await carrier.callInto(DID, { target: phone.uri, cancelAfterMs: 20_000 });
    assert.equal(result.outcome, 'cancelled');
  });

  test('nobody is there at all', async (t) => {
    const { carrier, clock, log } = await openCarrier(t);
    const target = `sip:${LOOPBACK}:1`;
    const letTimePass = async () => {
      while (log.of('call-ended').length === 0) {
        clock.advance(1_000);
        await new Promise(setImmediate);
      }
    };
    void letTimePass();
    assert.equal((await carrier.callInto(DID, { target })).outcome, 'unreachable');
  });

  test('a call without an offer takes the platform’s', async (t) => {
    const { carrier, phone } = await openCarrier(t);
    const result = await carrier.callInto(DID, { target: phone.uri, offer: 'delayed' });
    assert.equal(result.call?.audio?.codec.name, 'PCMA');
  });

  test('an answer that fits nothing is acknowledged and ended', async (t) => {
    const { carrier, phone } = await openCarrier(t);
    phone.onCall = (call) => {
      const body = phone.offer();
      const bytes = Buffer.from(
        body.bytes.toString().replaceAll('PCMA', 'G729').replaceAll(/ 8\b/g, ' 18').replaceAll(':8 ', ':18 '),
      );
      call.answer({ body: { ...body, bytes } });
    };
    const result = await carrier.callInto(DID, { target: phone.uri });
    assert.match(result.reason, /codec/);
    assert.equal((await result.call?.ended)?.cause, 'bye-sent');
  });

  test('the platform may hang up, and so may the time', async (t) => {
    const { carrier, phone, clock, log } = await openCarrier(t);
    const first = await carrier.callInto(DID, { target: phone.uri });
    phone.calls[0]?.session.bye();
    assert.equal((await first.call?.ended)?.cause, 'bye-received');
    const second = await carrier.callInto(DID, { target: phone.uri, hangUpAfterMs: 9_000 });
    clock.advance(9_000);
    assert.equal((await second.call?.ended)?.cause, 'bye-sent');
    assert.equal(log.of('call-answered').length, 2);
  });

  test('stopping the carrier ends every call and leaves no promise open', async (t) => {
    const { carrier, phone } = await openCarrier(t);
    const answered = await carrier.callInto(DID, { target: phone.uri });
    phone.onCall = (call) => {
      call.ring();
      void carrier.stop();
    };
    const ringing = await carrier.callInto(DID, { target: phone.uri });
    assert.equal(ringing.outcome, 'cancelled');
    assert.equal((await answered.call?.ended)?.cause, 'bye-sent');
    assert.equal(carrier.counters().callsNow, 0);
  });
});
