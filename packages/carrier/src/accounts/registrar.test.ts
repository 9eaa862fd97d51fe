import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contactExpires, contactHeader, Registration, type RequestResult } from '@tronco/sip';
import { GENERIC_IP } from '../profiles/generic-ip.ts';
import { GENERIC_REGISTERED } from '../profiles/generic-registered.ts';
import { TWILIO } from '../profiles/twilio.ts';
import { ALICE, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { addr, digest, LOOPBACK, sipUriOf } from '../testing/phone.ts';

function responseOf(result: RequestResult) {
  if (result.kind !== 'response') throw new Error(`no response: ${result.failure.reason}`);
  return result.response;
}

const credentials = () => digest('alice', PASSWORD);

describe('registrar', () => {
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    for (const protocol of ['UDP', 'TCP', 'TLS'] as const) {
      test(`a customer registers with ${algorithm} over ${protocol}`, async (t) => {
        const listen = [{ protocol, host: LOOPBACK, port: 0 }];
        const { carrier, phone, at, log } = await openCarrier(t, { listen }, { protocol: 'UDP' });
        const result = await phone.register(at, 'alice', {
          credentials: digest('alice', PASSWORD, [algorithm]),
        });
        assert.equal(result.status, 200);
        assert.equal((await log.next('registered')).customer, 'acme');
        const [own] = carrier.registrations();
        assert.equal(own?.expiresInMs, 600_000);
        const [contact] = responseOf(result).headers.values(contactHeader);
        assert.equal(contact === undefined ? undefined : contactExpires(contact), 600);
      });
    }
  }

  test('auth-int covers the body, and a profile can challenge with it alone', async (t) => {
    const profile = {
      ...GENERIC_REGISTERED,
      digest: { ...GENERIC_REGISTERED.digest!, qop: ['auth-int'] as const },
    };
    const { phone, at } = await openCarrier(t, { profile });
    assert.equal((await phone.register(at, 'alice', { credentials: credentials() })).status, 200);
  });

  test('a wrong password and an unknown user are told apart by nobody', async (t) => {
    const { phone, at, log, carrier } = await openCarrier(t);
    const wrong = await phone.register(at, 'alice', { credentials: digest('alice', 'guess') });
    const unknown = await phone.register(at, 'carol', { credentials: digest('carol', 'guess') });
    assert.deepEqual([wrong.status, unknown.status], [403, 403]);
    assert.deepEqual(
      log.of('registration-refused').map(({ detail }) => detail),
      ['mismatch', 'unknown-user'],
    );
    assert.deepEqual(carrier.registrations(), []);
    assert.equal(carrier.counters().registrationsRefused, 2);
  });

  test('a carrier that challenges again instead of refusing is understood as a wrong password', async (t) => {
    const profile = {
      ...GENERIC_REGISTERED,
      digest: { ...GENERIC_REGISTERED.digest!, wrongCredentials: 401 as const },
    };
    const { phone, at } = await openCarrier(t, { profile });
    const result = await phone.register(at, 'alice', { credentials: digest('alice', 'guess') });
    assert.equal(result.status, 401);
    assert.equal(result.kind === 'response' && result.authFailure, 'wrong-credentials');
  });

  test('an account that is not there is 404, somebody else’s 403', async (t) => {
    const { phone, at } = await openCarrier(t);
    const missing = await phone.register(at, 'alice', { credentials: credentials(), to: 'nobody' });
    const foreign = await phone.register(at, 'alice', { credentials: credentials(), to: 'bob' });
    assert.deepEqual([missing.status, foreign.status], [404, 403]);
  });

  test('too brief is 423 with the least that is granted, too long is cut', async (t) => {
    const { phone, at, carrier } = await openCarrier(t);
    const brief = await phone.register(at, 'alice', { credentials: credentials(), expires: 30 });
    assert.equal(brief.status, 423);
    assert.equal(responseOf(brief).headers.first('Min-Expires'), '60');
    await phone.register(at, 'alice', { credentials: credentials(), expires: 86_400 });
    assert.equal(carrier.registrations()[0]?.expiresInMs, 3_600_000);
  });

  test('a binding ends with its time, and not before', async (t) => {
    const { phone, at, carrier, clock, log } = await openCarrier(t);
    await phone.register(at, 'alice', { credentials: credentials(), expires: 60 });
    clock.advance(59_999);
    assert.equal(carrier.registrations().length, 1);
    clock.advance(1);
    assert.deepEqual(carrier.registrations(), []);
    assert.equal((await log.next('unregistered')).cause, 'expired');
  });

  test('a nonce ends with its lifetime and is called stale, so that the client tries again by itself', async (t) => {
    const { phone, at, clock, log } = await openCarrier(t);
    const same = credentials();
    await phone.register(at, 'alice', { credentials: same });
    clock.advance(300_001);
    assert.equal((await phone.register(at, 'alice', { credentials: same })).status, 200);
    assert.deepEqual(
      log.of('challenged').map(({ reason }) => reason),
      ['missing', 'stale'],
    );
  });

  test('expires 0 removes one binding, a star all of them', async (t) => {
    const { phone, at, carrier, log } = await openCarrier(t);
    const same = credentials();
    for (const contact of ['<sip:a@127.0.0.1:7001>', '<sip:b@127.0.0.1:7002>', '<sip:c@127.0.0.1:7003>']) {
      await phone.register(at, 'alice', { credentials: same, contact });
    }
    assert.equal(carrier.registrations().length, 3);
    await phone.register(at, 'alice', { credentials: same, contact: '<sip:b@127.0.0.1:7002>;expires=0' });
    assert.deepEqual(
      carrier.registrations().map(({ contact }) => contact),
      ['sip:c@127.0.0.1:7003', 'sip:a@127.0.0.1:7001'],
    );
    const refused = await phone.register(at, 'alice', { credentials: same, contact: '*', expires: 60 });
    assert.equal(refused.status, 400);
    await phone.register(at, 'alice', { credentials: same, contact: '*', expires: 0 });
    assert.deepEqual(carrier.registrations(), []);
    assert.deepEqual(
      log.of('unregistered').map(({ cause }) => cause),
      ['asked', 'asked', 'asked'],
    );
  });

  test('the oldest of too many bindings gives way', async (t) => {
    const profile = {
      ...GENERIC_REGISTERED,
      registration: { ...GENERIC_REGISTERED.registration!, maxBindings: 1 },
    };
    const { phone, at, carrier, log } = await openCarrier(t, { profile });
    const same = credentials();
    await phone.register(at, 'alice', { credentials: same, contact: '<sip:a@127.0.0.1:7001>' });
    await phone.register(at, 'alice', { credentials: same, contact: '<sip:b@127.0.0.1:7002>' });
    assert.deepEqual(
      carrier.registrations().map(({ contact }) => contact),
      ['sip:b@127.0.0.1:7002'],
    );
    assert.equal((await log.next('unregistered')).cause, 'replaced');
  });

  test('the Registration of a client keeps its binding, learns how it is seen, and takes it away', async (t) => {
    const { phone, at, carrier, log } = await openCarrier(t);
    const registration = new Registration({
      sender: phone.agent.sender,
      clock: phone.agent.context.clock,
      random: phone.agent.context.random,
      registrar: sipUriOf(at),
      addressOfRecord: addr('sip:alice@carrier.example'),
      contact: (target) => phone.agent.contactFor(target),
      credentials: credentials(),
    });
    registration.start();
    await log.next('registered');
    registration.refreshNow();
    while (registration.state.phase !== 'registered') await new Promise(setImmediate);
    registration.refreshNow();
    assert.equal((await log.next('registered')).refreshed, true);
    assert.equal(carrier.registrations().length, 1);
    while (registration.state.phase !== 'registered') await new Promise(setImmediate);
    assert.deepEqual(registration.state.seenAs, { address: LOOPBACK, port: phone.port });
    assert.equal(registration.state.binding?.contact, 'exact');
    await new Promise((resolve) => registration.stop(resolve));
    assert.deepEqual(carrier.registrations(), []);
  });

  test('a customer behind NAT is told the address it is seen at', async (t) => {
    const { phone, at } = await openCarrier(t);
    const { via } = responseOf(await phone.register(at, 'alice', { credentials: credentials() }));
    assert.deepEqual([via.received, via.rport], [LOOPBACK, phone.port]);
  });

  test('a carrier without registration does not know the method', async (t) => {
    const { phone, at } = await openCarrier(t, { profile: TWILIO });
    const result = await phone.register(at, 'alice', { credentials: credentials() });
    assert.equal(result.status, 405);
    assert.ok(!responseOf(result).headers.first('Allow')?.includes('REGISTER'));
  });
});

describe('OPTIONS', () => {
  const ask = (at: string) => ({ to: addr(at), from: addr('sip:platform@platform.example') });

  test('is answered to anyone where the profile says so, with what the carrier can do', async (t) => {
    const { phone, at, log } = await openCarrier(t);
    const { status, headers } = responseOf(await phone.request('OPTIONS', ask(at)));
    assert.equal(status, 200);
    assert.ok(headers.first('Allow')?.includes('REGISTER'));
    assert.equal((await log.next('options')).customer, undefined);
  });

  test('is answered to customers alone where the profile says so', async (t) => {
    const known = { ...ALICE, addresses: ['127.0.0.0/8', '::1'] };
    const open = await openCarrier(t, { profile: GENERIC_IP, customers: [known], numbers: [] });
    assert.equal((await open.phone.request('OPTIONS', ask(open.at))).status, 200);
    assert.equal((await open.log.next('options')).customer, 'acme');
    const elsewhere = { ...ALICE, addresses: ['192.0.2.0/24'] };
    const shut = await openCarrier(t, { profile: GENERIC_IP, customers: [elsewhere], numbers: [] });
    assert.equal((await shut.phone.request('OPTIONS', ask(shut.at))).status, 403);
  });
});
