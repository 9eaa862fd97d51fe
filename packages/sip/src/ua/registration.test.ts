import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DigestClient } from '../auth/digest-client.ts';
import { createResponse } from '../message/create-response.ts';
import { contactExpires, contactHeader } from '../message/headers/contact.ts';
import { NameAddr } from '../message/headers/name-addr.ts';
import type { SipRequest } from '../message/message.ts';
import { sipUri } from '../message/uri/sip-uri.ts';
import { withTopVia } from '../message/update.ts';
import { AgentHarness, settle } from '../testing/agent-harness.ts';
import { fakeFlow } from '../testing/fake-transport.ts';
import { testRequest, uriOf } from '../testing/requests.ts';
import { Registration, type RegistrationOptions, type RegistrationPhase } from './registration.ts';
import {
  DEFAULT_REGISTRATION_POLICY,
  readBinding,
  refreshDelayMs,
  retryDelayMs,
} from './registration-decisions.ts';

interface Setup {
  readonly harness: AgentHarness;
  readonly registration: Registration;
  readonly phases: RegistrationPhase[];
  next(): Promise<SipRequest>;
}

function setUp(options: Partial<RegistrationOptions> = {}): Setup {
  const harness = new AgentHarness();
  const phases: RegistrationPhase[] = [];
  const registration = new Registration({
    sender: harness.agent.sender,
    clock: harness.clock,
    random: harness.random,
    registrar: sipUri({ host: 'carrier.example' }),
    addressOfRecord: new NameAddr(uriOf('sip:trunk7@carrier.example')),
    contact: (target) => harness.agent.contactFor(target, 'trunk7'),
    onChange: ({ phase }) => phases.push(phase),
    ...options,
  });
  const next = async (): Promise<SipRequest> => {
    await settle();
    return harness.transport.takeRequest('REGISTER');
  };
  return { harness, registration, phases, next };
}

const expiresOf = (request: SipRequest): number | undefined => {
  const contact = request.headers.values(contactHeader)[0];
  return contact === undefined ? undefined : contactExpires(contact);
};

const bound = (seconds: number) => [['Contact', `<sip:trunk7@192.0.2.1:5060>;expires=${seconds}`]] as const;

describe('keeping a binding, RFC 3261 §10.2', () => {
  test('registers, refreshes before the end with the same Call-ID and rising numbers', async () => {
    const { harness, registration, next } = setUp();
    registration.start();
    const first = await next();
    assert.equal(first.uri.toString(), 'sip:carrier.example', '10.2: no user in the Request-URI');
    assert.equal(expiresOf(first), 600);
    harness.receive(createResponse(first, { status: 200, headers: bound(300) }));
    assert.equal(registration.state.phase, 'registered');
    assert.deepEqual(registration.state.binding, { contact: 'exact', expiresSeconds: 300 });
    harness.clock.advance(260_000);
    const second = await next();
    assert.equal(second.callId, first.callId);
    assert.ok(second.cseq.sequence > first.cseq.sequence);
    assert.ok(harness.clock.nowMs() < (registration.state.expiresAtMs ?? 0));
  });

  test('10.2.8: 423 is answered with the interval it asks for, and not for ever', async () => {
    const { harness, registration, next } = setUp();
    registration.start();
    let asked = 600;
    for (let i = 0; i < 3; i++) {
      const request = await next();
      assert.equal(expiresOf(request), asked);
      asked += 600;
      harness.receive(createResponse(request, { status: 423, headers: [['Min-Expires', `${asked}`]] }));
    }
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    assert.equal(registration.state.phase, 'waiting');
  });

  test('a challenge is answered; a wrong password is not tried again soon', async () => {
    const credentials = new DigestClient({
      identityFor: () => ({ username: 'trunk7', password: 'wrong' }),
      createCnonce: () => 'c',
    });
    const { harness, registration, next } = setUp({ credentials });
    registration.start();
    const headers = [['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']] as const;
    harness.receive(createResponse(await next(), { status: 401, headers }));
    const second = await next();
    assert.ok(second.headers.has('Authorization'));
    harness.receive(createResponse(second, { status: 401, headers }));
    const { lastResult, nextAttemptAtMs } = registration.state;
    assert.ok(lastResult?.kind === 'response' && lastResult.authFailure === 'wrong-credentials');
    assert.ok((nextAttemptAtMs ?? 0) >= 450_000);
    registration.refreshNow();
    assert.equal((await next()).method, 'REGISTER', 'but at once when somebody has changed it');
  });

  test('RFC 5626 4.5: failures wait ever longer, success forgets them; Retry-After is obeyed', async () => {
    const { harness, registration, next } = setUp();
    registration.start();
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      harness.receive(createResponse(await next(), { status: 500 }));
      const waitMs = (registration.state.nextAttemptAtMs ?? 0) - harness.clock.nowMs();
      waits.push(waitMs);
      harness.clock.advance(waitMs);
    }
    assert.deepEqual(waits, [3_750, 7_500, 15_000, 30_000]);
    harness.receive(createResponse(await next(), { status: 200, headers: bound(600) }));
    assert.equal(registration.state.failuresInARow, 0);
    registration.refreshNow();
    harness.receive(createResponse(await next(), { status: 503, headers: [['Retry-After', '120']] }));
    assert.equal((registration.state.nextAttemptAtMs ?? 0) - harness.clock.nowMs(), 120_000);
  });

  test('10.2.2: stop removes our binding only', async () => {
    const { harness, registration, phases, next } = setUp();
    registration.start();
    harness.receive(createResponse(await next(), { status: 200, headers: bound(600) }));
    const done: (number | undefined)[] = [];
    registration.stop((result) => done.push(result?.status));
    const removal = await next();
    assert.equal(expiresOf(removal), 0);
    assert.equal(removal.headers.first('Contact')?.includes('trunk7@192.0.2.1'), true);
    harness.receive(createResponse(removal, { status: 200 }));
    assert.deepEqual(done, [200]);
    assert.deepEqual(phases, ['registering', 'registered', 'unregistering', 'stopped']);
    harness.clock.drain();
    assert.equal(harness.clock.pending, 0);
    assert.deepEqual(harness.transport.takeNames(), []);
  });

  test('stop while a REGISTER is under way waits for it, then removes', async () => {
    const { harness, registration, next } = setUp();
    registration.start();
    const first = await next();
    const done: (number | undefined)[] = [];
    registration.stop((result) => done.push(result?.status));
    await settle();
    assert.deepEqual(harness.transport.takeNames(), []);
    harness.receive(createResponse(first, { status: 200, headers: bound(600) }));
    const removal = await next();
    assert.equal(expiresOf(removal), 0);
    harness.receive(createResponse(removal, { status: 200 }));
    assert.deepEqual(done, [200]);
  });

  test('stop without a binding is done at once', () => {
    const { registration } = setUp();
    const done: unknown[] = [];
    registration.stop((result) => done.push(result));
    assert.deepEqual(done, [undefined]);
  });

  test('RFC 5626 4.4: a lost connection is a lost binding', async () => {
    const { harness, registration, next } = setUp();
    harness.destinations = [{ protocol: 'TCP', address: '198.51.100.9', port: 5060 }];
    registration.start();
    const flow = fakeFlow({ protocol: 'TCP', id: 'c1' });
    harness.receive(createResponse(await next(), { status: 200, headers: bound(600) }), flow);
    registration.noteFlowClosed(fakeFlow({ protocol: 'TCP', id: 'c2' }));
    assert.equal(registration.state.phase, 'registered');
    registration.noteFlowClosed(flow);
    harness.clock.advance(5_000);
    await next();
  });

  test('RFC 3581: our address as the registrar sees it', async () => {
    const { harness, registration, next } = setUp();
    registration.start();
    const request = await next();
    const via = request.via.withParam('received', '203.0.113.5').withParam('rport', '61000');
    harness.receive(createResponse(withTopVia(request, via), { status: 200, headers: bound(600) }));
    assert.deepEqual(registration.state.seenAs, { address: '203.0.113.5', port: 61_000 });
  });
});

describe('decisions', () => {
  const own = uriOf('sip:trunk7@192.0.2.1:5060');
  const answer = (...headers: readonly (readonly [string, string])[]) =>
    createResponse(testRequest({ method: 'REGISTER' }), { status: 200, headers });

  test('10.2.4: our binding among others, its own expires before the header', () => {
    const others = '<sip:trunk7@192.0.2.99>;expires=50, <sip:trunk7@192.0.2.1:5060>;expires=120';
    const response = answer(['Contact', others], ['Expires', '3600']);
    assert.deepEqual(readBinding(response, own, 600), { contact: 'exact', expiresSeconds: 120 });
    assert.equal(readBinding(answer(['Expires', '3600']), own, 600).expiresSeconds, 3_600);
    assert.deepEqual(readBinding(answer(), own, 600), { contact: 'absent', expiresSeconds: 600 });
  });

  test('a registrar that mends NAT shows another address for us', () => {
    const response = answer(['Contact', '<sip:trunk7@203.0.113.5:61000>;expires=60']);
    assert.deepEqual(readBinding(response, own, 600), { contact: 'rewritten', expiresSeconds: 60 });
  });

  test('a refresh always comes before the end, and not at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 1_000_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (seconds, unit) => {
          const delayMs = refreshDelayMs(seconds, unit);
          assert.ok(delayMs >= seconds * 400 && delayMs <= seconds * 900);
        },
      ),
    );
  });

  test('retries stay between half the base and their ceiling', () => {
    const outcome = { kind: 'retry', notBeforeMs: 0 } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, unit) => {
          const delayMs = retryDelayMs(DEFAULT_REGISTRATION_POLICY, outcome, failures, unit);
          assert.ok(delayMs >= 2_500 && delayMs <= 300_000);
        },
      ),
    );
  });
});
