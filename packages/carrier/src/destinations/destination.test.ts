import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { warningHeader } from '@tronco/sip';
import { DID, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { digest, sdpBody } from '../testing/phone.ts';

const credentials = () => digest('alice', PASSWORD);

describe('magic numbers', () => {
  test('the echo number rings, answers and holds until the caller hangs up', async (t) => {
    const { phone, at, clock, log, carrier } = await openCarrier(t);
    const calling = phone.dial(at, '+12025550100', { credentials: credentials() });
    const started = await log.next('call-started');
    assert.deepEqual(
      [started.customer, started.caller, started.called, started.behaviour],
      ['acme', DID, '+12025550100', 'echo'],
    );
    await log.next('call-ringing');
    clock.advance(1_000);
    const { progress, session, status } = await calling;
    assert.deepEqual([progress, status], [[180], 200]);
    await log.next('call-answered');
    // The answer to it proves that the ACK before it has arrived.
    await new Promise((resolve) => session?.request('INFO', {}, resolve));
    clock.advance(600_000);
    assert.equal(session?.isTerminated, false);
    session?.bye();
    assert.equal((await log.next('call-ended')).cause, 'bye-received');
    assert.equal(carrier.counters().callsNow, 0);
  });

  for (const [number, name, expected] of [
    ['+12025550101', 'busy', 486],
    ['+12025550107', 'unallocated', 404],
    ['+12025550108', 'not-acceptable', 488],
    ['+12025550111', 'a number that is in no table', 404],
  ] as const) {
    test(`${name}: ${expected} at once`, async (t) => {
      const { phone, at } = await openCarrier(t);
      const { status, progress } = await phone.dial(at, number, { credentials: credentials() });
      assert.deepEqual([status, progress], [expected, []]);
    });
  }

  test('declines: rings, then 603', async (t) => {
    const { phone, at, clock, log } = await openCarrier(t);
    const calling = phone.dial(at, '+12025550102', { credentials: credentials() });
    await log.next('call-ringing');
    clock.advance(2_000);
    const { status, progress } = await calling;
    assert.deepEqual([status, progress], [603, [180]]);
  });

  test('no answer: rings until the caller cancels', async (t) => {
    const { phone, at, log } = await openCarrier(t);
    const calling = phone.dial(at, '+12025550103', { credentials: credentials() }, (call) => {
      void log.next('call-ringing').then(() => call.cancel());
    });
    assert.equal((await calling).status, 487);
    assert.deepEqual(
      log.of('call-ended').map(({ cause, status }) => [cause, status]),
      [['cancelled', 487]],
    );
  });

  test('no answer: 480 when nobody cancels', async (t) => {
    const { phone, at, clock, log } = await openCarrier(t);
    const calling = phone.dial(at, '+12025550103', { credentials: credentials() });
    await log.next('call-ringing');
    clock.advance(180_000);
    assert.equal((await calling).status, 480);
  });

  test('recovers: 503 with Retry-After, then an answer, then the same again', async (t) => {
    const { phone, at } = await openCarrier(t);
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) {
      const { status, result, session } = await phone.dial(at, '+12025550104', {
        credentials: credentials(),
      });
      statuses.push(status);
      if (result?.kind === 'response') assert.equal(result.response.headers.first('Retry-After'), '1');
      session?.bye();
    }
    assert.deepEqual(statuses, [503, 200, 503, 200]);
  });

  test('recovers: a retry after more than a minute fails again', async (t) => {
    const { phone, at, clock } = await openCarrier(t);
    const dial = () => phone.dial(at, '+12025550104', { credentials: credentials() });
    assert.equal((await dial()).status, 503);
    clock.advance(60_001);
    assert.equal((await dial()).status, 503);
  });

  for (const noOffer of [false, true]) {
    test(`early media ${noOffer ? 'cannot answer a call without an offer' : 'comes with SDP in a 183'}`, async (t) => {
      const { phone, at, clock, log } = await openCarrier(t);
      const calling = phone.dial(at, '+12025550105', { credentials: credentials(), noOffer });
      const { status: ringing } = await log.next('call-ringing');
      clock.advance(3_000);
      const { status, early, body } = await calling;
      assert.deepEqual([ringing, status], [noOffer ? 180 : 183, 200]);
      // RFC 3262 §5: our phone takes the 183 reliably, so that its SDP is the answer and the 200 has none.
      assert.equal(early !== undefined, !noOffer);
      assert.equal(body !== undefined, noOffer);
    });
  }

  test('slow ringing: nothing is heard for eight seconds', async (t) => {
    const { phone, at, clock, log } = await openCarrier(t);
    const calling = phone.dial(at, '+12025550106', { credentials: credentials() });
    await log.next('call-started');
    clock.advance(7_999);
    assert.equal(log.of('call-ringing').length, 0);
    clock.advance(1);
    await log.next('call-ringing');
    clock.advance(1_000);
    assert.equal((await calling).status, 200);
  });

  test('hangs up: the carrier ends the call', async (t) => {
    const { phone, at, clock, log } = await openCarrier(t);
    const { session } = await phone.dial(at, '+12025550109', { credentials: credentials() });
    const ended = new Promise<number | undefined>((resolve) => {
      session!.events = { onEnded: ({ reasons }) => resolve(reasons[0]?.cause) };
    });
    await log.next('call-answered');
    while (!log.all.some(({ type }) => type === 'call-ended')) {
      clock.advance(5_000);
      await new Promise(setImmediate);
    }
    assert.equal(await ended, 16);
  });

  test('the table and the rest of the world can be replaced', async (t) => {
    const { phone, at } = await openCarrier(t, {
      destinations: [
        {
          number: '+5511987654321',
          name: 'teapot',
          summary: '',
          behaviour: { kind: 'refuse', status: 418 },
        },
      ],
      otherDestinations: { kind: 'answer', answerAfterMs: 0 },
    });
    const dial = (number: string) => phone.dial(at, number, { credentials: credentials() });
    assert.equal((await dial('+5511987654321')).status, 418);
    assert.equal((await dial('+12025550101')).status, 200);
  });
});

describe('descriptions', () => {
  test('what cannot be agreed on is 488 with a Warning', async (t) => {
    const { phone, at } = await openCarrier(t);
    const offer = sdpBody(phone.offer().bytes.toString().replace('PCMA', 'G729').replaceAll(/ 8\b/g, ' 18'));
    const { status, result } = await phone.dial(at, '+12025550109', { credentials: credentials(), offer });
    assert.equal(status, 488);
    const warnings = result?.kind === 'response' ? result.response.headers.values(warningHeader) : [];
    assert.equal(warnings[0]?.code, 305);
  });

  test('a call without an offer gets ours, and a hold is agreed to', async (t) => {
    const { phone, at } = await openCarrier(t);
    const { session, body } = await phone.dial(at, '+12025550109', {
      credentials: credentials(),
      noOffer: true,
    });
    assert.match(body?.bytes.toString() ?? '', /m=audio \d+ RTP\/AVP 0 8 101/);
    const hold = sdpBody(phone.offer().bytes.toString().replace('a=sendrecv', 'a=sendonly'));
    const answer = await new Promise<string>((resolve) => {
      session?.change(hold, { onAccepted: (sdp) => resolve(sdp?.bytes.toString() ?? '') });
    });
    assert.match(answer, /a=recvonly/);
  });
});
