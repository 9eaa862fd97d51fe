import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createResponse } from '../message/create-response.ts';
import { sessionExpiresHeader } from '../message/headers/session-timer.ts';
import { AgentHarness, settle } from '../testing/agent-harness.ts';
import { testRequest } from '../testing/requests.ts';
import { decideSessionTimer, DEFAULT_SESSION_TIMER, type SessionTimerPolicy } from './session-timer.ts';

const POLICY: SessionTimerPolicy = { ...DEFAULT_SESSION_TIMER, refresher: 'remote' };
const CAN = ['Supported', 'timer'] as const;

type Lines = readonly (readonly [string, string])[];
const decide = (headers: Lines, policy = POLICY) =>
  decideSessionTimer(testRequest({ method: 'INVITE', headers }), policy);

/** RFC 4028 table 2: what the request says, and the refresher of the 2xx. */
const TABLE_2: readonly (readonly [name: string, headers: Lines, answer: string, required: boolean])[] = [
  ['no timer at the client: the server', [], '1800;refresher=uas', false],
  ['no timer, though a proxy asks', [['Session-Expires', '600']], '600;refresher=uas', false],
  ['the client leaves it open', [CAN, ['Session-Expires', '600']], '600;refresher=uac', true],
  ['the client wants to', [CAN, ['Session-Expires', '600;refresher=uac']], '600;refresher=uac', true],
  ['the client wants us to', [CAN, ['Session-Expires', '600;refresher=uas']], '600;refresher=uas', false],
  ['supported, not asked for', [CAN], '1800;refresher=uac', true],
  ['longer than ours is shortened', [CAN, ['Session-Expires', '7200']], '1800;refresher=uac', true],
  [
    'but not below its Min-SE',
    [CAN, ['Session-Expires', '7200'], ['Min-SE', '3600']],
    '3600;refresher=uac',
    true,
  ],
];

describe('negotiation, RFC 4028', () => {
  for (const [name, headers, answer, required] of TABLE_2) {
    test(`9, table 2: ${name}`, () => {
      const decision = decide(headers);
      assert.equal(decision.action, 'accept');
      const lines = new Map(decision.headers);
      assert.equal(lines.get('Session-Expires'), answer);
      assert.equal(lines.get('Require'), required ? 'timer' : undefined);
    });
  }

  test('9: too short an interval is 422 with our Min-SE, if the client understands that', () => {
    const short = ['Session-Expires', '60'] as const;
    assert.deepEqual(decide([CAN, short]), { action: 'refuse', status: 422, headers: [['Min-SE', '90']] });
    assert.equal(decide([short]).action, 'accept');
  });

  test('switched off: nothing is proposed, the peer’s wish is honoured', () => {
    const off = { ...POLICY, mode: 'off' } as const;
    assert.deepEqual(decide([CAN], off), { action: 'accept', headers: [], interval: undefined });
    const asked = decide([CAN, ['Session-Expires', '7200']], off);
    assert.deepEqual(asked.headers[0], ['Session-Expires', '7200;refresher=uac']);
  });

  test('the interval agreed is never below 90 s, nor longer than asked for', () => {
    const seconds = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(seconds, fc.boolean(), seconds, (asked, supports, own) => {
        const headers = [['Session-Expires', `${asked}`] as const, ...(supports ? [CAN] : [])];
        const decision = decide(headers, { ...POLICY, intervalSeconds: own });
        if (decision.action === 'refuse') return assert.ok(asked < 90);
        const agreed = sessionExpiresHeader.parse(new Map(decision.headers).get('Session-Expires') ?? '');
        assert.ok(agreed.ok && agreed.value.intervalSeconds >= 90);
        assert.ok(agreed.value.intervalSeconds <= Math.max(asked, 90));
        assert.equal(agreed.value.intervalSeconds, decision.interval?.intervalSeconds);
      }),
    );
  });
});

describe('keeping it, RFC 4028', () => {
  /** A call of ours that the peer answers with that agreement. */
  async function connected(answer: Lines): Promise<{ harness: AgentHarness; ends: string[] }> {
    const harness = new AgentHarness();
    const { invite, log } = await harness.weCall();
    harness.peerAnswers(invite, 200, { sdp: 'peer answer', headers: answer });
    await settle();
    harness.transport.take();
    const ends: string[] = [];
    log.session.events.onEnded = (end) => ends.push(end.cause);
    return { harness, ends };
  }

  test('7.2: as the refresher we send an UPDATE after half of the interval, again and again', async () => {
    const { harness, ends } = await connected([['Session-Expires', '600;refresher=uac']]);
    for (let i = 0; i < 3; i++) {
      harness.clock.advance(299_999);
      assert.deepEqual(harness.transport.takeNames(), []);
      harness.clock.advance(1);
      await settle();
      const update = harness.transport.takeRequest('UPDATE');
      assert.equal(update.headers.first('Session-Expires'), '600;refresher=uac');
      assert.equal(update.body.length, 0);
      harness.peerAnswers(update, 200, { headers: [['Session-Expires', '600;refresher=uac']] });
    }
    assert.deepEqual(ends, []);
  });

  test('7.4: a peer without UPDATE gets a re-INVITE with the description it has', async () => {
    const harness = new AgentHarness();
    const { invite } = await harness.weCall();
    const headers = [
      ['Allow', 'INVITE, ACK, BYE'] as const,
      ['Session-Expires', '600;refresher=uac'] as const,
    ];
    const body = { body: Buffer.from('peer answer'), contentType: 'application/sdp' };
    harness.receive(createResponse(invite, { status: 200, toTag: 'p', headers, ...body }));
    await settle();
    harness.transport.take();
    harness.clock.advance(300_000);
    await settle();
    assert.equal(harness.transport.takeRequest('INVITE').body.toString(), 'our offer');
  });

  test('10: when the peer does not refresh, a BYE goes out 32 s before the end', async () => {
    const { harness, ends } = await connected([['Session-Expires', '600;refresher=uas']]);
    harness.clock.advance(567_999);
    assert.deepEqual(ends, []);
    harness.clock.advance(1);
    await settle();
    const bye = harness.transport.takeRequest('BYE');
    assert.match(bye.headers.first('Reason') ?? '', /408/);
    assert.deepEqual(ends, ['session-expired']);
    harness.peerAnswers(bye, 200);
    harness.clock.drain();
    assert.equal(harness.clock.pending, 0);
  });

  test('10: a third of a short interval before its end', async () => {
    const { harness, ends } = await connected([['Session-Expires', '90;refresher=uas']]);
    harness.clock.advance(60_000);
    assert.deepEqual(ends, ['session-expired']);
  });

  test('9: a refresh from the peer starts the time anew', () => {
    const harness = new AgentHarness();
    const headers = [CAN, ['Session-Expires', '600;refresher=uac']] as const;
    const { session, ends } = harness.peerIsConnected({ headers });
    harness.clock.advance(500_000);
    harness.peerSends(session, 'UPDATE', { headers });
    const ok = harness.transport.takeResponse(200);
    assert.equal(ok.headers.first('Session-Expires'), '600;refresher=uac');
    harness.clock.advance(500_000);
    assert.equal(ends.length, 0);
    harness.clock.advance(100_000);
    assert.equal(ends[0]?.cause, 'session-expired');
  });

  test('7.2: a refresh that nobody answers ends the session', async () => {
    const { harness, ends } = await connected([['Session-Expires', '600;refresher=uac']]);
    harness.clock.advance(300_000);
    await settle();
    harness.clock.advance(32_000);
    assert.deepEqual(ends, ['peer-lost']);
  });

  test('7.2: no Session-Expires in the 200 means no timer', async () => {
    const { harness, ends } = await connected([]);
    harness.clock.advance(86_400_000);
    assert.deepEqual(ends, []);
    assert.equal(harness.clock.pending, 0);
  });
});
