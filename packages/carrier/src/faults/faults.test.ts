import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { describe, test } from 'node:test';
import { contactHeader, type RequestResult } from '@tronco/sip';
import { createCarrier } from '../carrier.ts';
import { GENERIC_IP } from '../profiles/generic-ip.ts';
import { DID, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { addr, digest, LOOPBACK, type Phone } from '../testing/phone.ts';

const credentials = () => digest('alice', PASSWORD);
const register = (phone: Phone, at: string) => phone.register(at, 'alice', { credentials: credentials() });
const options = (phone: Phone, at: string) =>
  phone.request('OPTIONS', { to: addr(at), from: addr('sip:platform@platform.example') });
const failureOf = (result: RequestResult) =>
  result.kind === 'response' ? result.authFailure : result.failure.reason;

describe('faults of the network', () => {
  test('datagrams are lost, doubled and reordered, and calls come through all the same', async (t) => {
    const chance = { drop: 0.2, duplicate: 0.2, reorder: 0.1 };
    const { phone, at, carrier } = await openCarrier(t, {
      seed: 7,
      faults: { datagrams: { sending: chance, receiving: chance } },
    });
    for (let round = 0; round < 5; round++) assert.equal((await options(phone, at)).status, 200);
    const { datagramsDropped, datagramsDuplicated } = carrier.counters();
    assert.ok(datagramsDropped > 0 && datagramsDuplicated > 0);
    carrier.setFaults({});
    assert.equal((await register(phone, at)).status, 200);
  });

  test('a doubled INVITE is one call', async (t) => {
    const { phone, at, log } = await openCarrier(t, {
      faults: { datagrams: { receiving: { duplicate: 1 } } },
    });
    const { status } = await phone.dial(at, '+12025550109', { credentials: credentials() });
    assert.equal(status, 200);
    assert.equal(log.of('call-started').length, 1);
  });

  test('the same seed and the same traffic give the same faults', async (t) => {
    const fates: number[] = [];
    for (let run = 0; run < 2; run++) {
      const { phone, at, carrier } = await openCarrier(t, {
        seed: 3,
        faults: { datagrams: { receiving: { duplicate: 0.5 } } },
      });
      for (let round = 0; round < 6; round++) await options(phone, at);
      fates.push(carrier.counters().datagramsDuplicated);
    }
    assert.ok(fates[0]! > 0);
    assert.equal(fates[0], fates[1]);
  });
});

describe('a carrier that dies', () => {
  test('says nothing, sends nothing, and lives again', async (t) => {
    const { phone, at, carrier, log, clock } = await openCarrier(t);
    const pending = phone.dial(at, '+12025550103', { credentials: credentials() });
    await log.next('call-ringing');
    carrier.setFaults({ silent: true });
    clock.advance(180_000);
    const before = log.of('options').length;
    const asked = options(phone, at);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(log.of('options').length, before);
    carrier.setFaults({});
    // Both sides repeat themselves until they are heard.
    assert.equal((await asked).status, 200);
    clock.advance(1_000);
    assert.equal((await pending).status, 480);
  });

  test('a late answer is late by so much', async (t) => {
    const { phone, at, log, clock } = await openCarrier(t, { faults: { answerDelayMs: 700 } });
    let answered = false;
    const asked = options(phone, at).then((result) => {
      answered = true;
      return result;
    });
    await log.next('options');
    clock.advance(699);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(answered, false);
    clock.advance(1);
    assert.equal((await asked).status, 200);
  });
});

describe('a carrier that challenges wrongly', () => {
  test('a realm that credentials are not for', async (t) => {
    const { phone, at } = await openCarrier(t, { faults: { realm: 'somewhere.example' } });
    const result = await register(phone, at);
    assert.deepEqual([result.status, failureOf(result)], [401, 'wrong-credentials']);
    const challenge = result.kind === 'response' ? result.response.headers.first('WWW-Authenticate') : '';
    assert.match(challenge ?? '', /realm="somewhere.example"/);
  });

  for (const [endlessChallenge, expected] of [
    ['plain', 'wrong-credentials'],
    ['stale', 'stale-loop'],
  ] as const) {
    test(`401 without end, ${endlessChallenge}: the client gives up with ${expected}`, async (t) => {
      const { phone, at, carrier } = await openCarrier(t, { faults: { endlessChallenge } });
      const result = await register(phone, at);
      assert.deepEqual([result.status, failureOf(result)], [401, expected]);
      assert.ok(carrier.counters().challenges < 6);
      const call = await phone.dial(at, '+12025550101', { credentials: credentials() });
      assert.equal(call.status, 407);
      carrier.setFaults({});
      assert.equal((await register(phone, at)).status, 200);
    });
  }
});

describe('a carrier behind NAT', () => {
  test('names an address in Contact and SDP that leads nowhere', async (t) => {
    const customers = [{ id: 'acme', addresses: [LOOPBACK] }];
    const numbers = [{ number: DID, customer: 'acme' }];
    const { phone, carrier } = await openCarrier(t, {
      profile: GENERIC_IP,
      customers,
      numbers,
      faults: { privateContact: '192.168.1.20', privateMedia: '10.1.2.3' },
    });
    phone.onCall = (call) => call.reject(480);
    const result = await carrier.callInto(DID, { target: phone.uri });
    assert.equal(result.status, 480);
    const { request } = phone.calls[0]!;
    const [contact] = request.headers.values(contactHeader);
    assert.equal(contact?.uri.kind === 'sip' && contact.uri.host, '192.168.1.20');
    assert.match(request.body.toString(), /c=IN IP4 10\.1\.2\.3/);
  });

  test('does not change the Contact of whoever registers', async (t) => {
    const { phone, at } = await openCarrier(t, { faults: { privateContact: '192.168.1.20' } });
    const result = await register(phone, at);
    const contacts = result.kind === 'response' ? result.response.headers.values(contactHeader) : [];
    assert.equal(contacts[0]?.uri.kind === 'sip' && contacts[0].uri.host, LOOPBACK);
  });
});

describe('a carrier that is overloaded', () => {
  test('refuses what is new with 503 and lets calls go on', async (t) => {
    const { phone, at, carrier, log } = await openCarrier(t);
    const { session } = await phone.dial(at, '+12025550109', { credentials: credentials() });
    carrier.setFaults({ unavailable: { retryAfterSeconds: 30 } });
    const result = await options(phone, at);
    assert.equal(result.status, 503);
    assert.equal(result.kind === 'response' && result.response.headers.first('Retry-After'), '30');
    assert.equal((await register(phone, at)).status, 503);
    session?.bye();
    assert.equal((await log.next('call-ended')).cause, 'bye-received');
  });

  test('a storm can spare some, by chance', async (t) => {
    const { phone, at } = await openCarrier(t, { seed: 5, faults: { unavailable: { share: 0.5 } } });
    const statuses = new Set<number>();
    for (let round = 0; round < 20; round++) statuses.add((await options(phone, at)).status);
    assert.deepEqual([...statuses].sort(), [200, 503]);
  });
});

describe('certificates', () => {
  const listen = [{ protocol: 'TLS', host: LOOPBACK, port: 0 } as const];

  test('an expired one is recognised by the client, and a good one is back at once', async (t) => {
    const { phone, at, carrier } = await openCarrier(t, { listen });
    carrier.setFaults({ expiredCertificate: true });
    const result = await options(phone, at);
    assert.ok(result.kind === 'failure' && result.failure.reason === 'transport-error');
    const { code, tls } = result.failure.error;
    assert.deepEqual([code, tls?.reason], ['tls', 'expired']);
    carrier.setFaults({});
    assert.equal((await options(phone, at)).status, 200);
  });

  test('it may be expired from the start', async (t) => {
    const { phone, at } = await openCarrier(t, { listen, faults: { expiredCertificate: true } });
    assert.equal((await options(phone, at)).kind, 'failure');
  });

  test('a client that does not trust the issuer sends nothing', async (t) => {
    const { phone, at, log } = await openCarrier(t, { listen }, { tls: {} });
    assert.equal((await options(phone, at)).kind, 'failure');
    assert.equal(log.of('options').length, 0);
  });
});

test('noise is told, and answered where it may be', async (t) => {
  const { carrier, log } = await openCarrier(t);
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.send('GET / HTTP/1.1\r\n\r\n', carrier.addresses[0]!.port, LOOPBACK);
  assert.equal((await log.next('malformed')).peer.address, LOOPBACK);
  assert.equal(carrier.counters().malformed, 1);
});

test('a port that is taken is a value, not an exception', async (t) => {
  const { carrier } = await openCarrier(t);
  const { port } = carrier.addresses[0]!;
  const second = createCarrier({
    profile: GENERIC_IP,
    listen: [{ protocol: 'UDP', host: LOOPBACK, port }],
    customers: [],
    numbers: [],
  });
  const started = await second.start();
  assert.equal(started.ok, false);
});

test('options that contradict themselves are a RangeError', () => {
  const base = { profile: GENERIC_IP, listen: [], customers: [{ id: 'a' }], numbers: [] };
  assert.throws(() => createCarrier({ ...base, customers: [{ id: 'a' }, { id: 'a' }] }), RangeError);
  assert.throws(() => createCarrier({ ...base, numbers: [{ number: DID, customer: 'b' }] }), RangeError);
  assert.throws(() => createCarrier({ ...base, numbers: [{ number: '123', customer: 'a' }] }), RangeError);
});
