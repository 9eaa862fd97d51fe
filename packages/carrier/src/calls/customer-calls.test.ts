import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NameAddr, warningHeader } from '@tronco/sip';
import { BRAZIL_NATIONAL } from '../profiles/brazil-national.ts';
import { GENERIC_IP } from '../profiles/generic-ip.ts';
import { TELNYX } from '../profiles/telnyx.ts';
import { TWILIO } from '../profiles/twilio.ts';
import { DID, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { addr, digest, LOOPBACK, sipUriOf } from '../testing/phone.ts';

const credentials = () => digest('alice', PASSWORD);
const from = (text: string) => ({ from: addr(text) });

describe('who may call', () => {
  test('a wrong password is refused, and no call without one gets through', async (t) => {
    const { phone, at, log } = await openCarrier(t);
    const wrong = await phone.dial(at, '+12025550101', { credentials: digest('alice', 'guess') });
    const none = await phone.dial(at, '+12025550101');
    assert.deepEqual([wrong.status, none.status], [403, 407]);
    assert.equal(log.of('call-started').length, 0);
  });

  test('a source that is no customer is refused where addresses decide', async (t) => {
    const elsewhere = { id: 'acme', addresses: ['192.0.2.0/24'] };
    const { phone, at, log } = await openCarrier(t, {
      profile: GENERIC_IP,
      customers: [elsewhere],
      numbers: [],
    });
    assert.equal((await phone.dial(at, '+12025550101')).status, 403);
    assert.equal((await log.next('call-refused')).rule, 'source');
  });

  test('a customer known by its address stands beside one that has a password', async (t) => {
    const alice = { id: 'acme', username: 'alice', password: PASSWORD };
    const neighbour = (addresses: readonly string[]) => ({ id: 'other', addresses });
    const near = await openCarrier(t, { profile: TELNYX, customers: [alice, neighbour(['127.0.0.0/8'])] });
    const far = await openCarrier(t, { profile: TELNYX, customers: [alice, neighbour(['2001:db8::/32'])] });
    await near.phone.dial(near.at, '+12025550101', from('sip:+442079460002@platform.example'));
    await far.phone.dial(far.at, '+12025550101', { credentials: credentials() });
    const customers = [near, far].map(({ log }) => log.of('call-started')[0]?.customer);
    assert.deepEqual(customers, ['other', 'acme']);
    assert.deepEqual(
      [near, far].map(({ carrier }) => carrier.counters().challenges),
      [0, 1],
    );
  });

  test('customers behind one address are told apart by tech prefix, then by From', async (t) => {
    const customers = [
      { id: 'acme', addresses: [LOOPBACK], techPrefix: '7001' },
      { id: 'other', addresses: [LOOPBACK] },
    ];
    const { phone, at, log } = await openCarrier(t, { profile: GENERIC_IP, customers });
    await phone.dial(at, '700112025550101');
    await phone.dial(at, '+12025550101', from('sip:+442079460002@platform.example'));
    const bare = await phone.dial(at, '+12025550101');
    assert.deepEqual(
      log.of('call-started').map(({ customer }) => customer),
      ['acme', 'other'],
    );
    assert.equal(bare.status, 403);
    assert.equal(log.of('call-refused')[0]?.rule, 'tech-prefix');
  });

  test('more calls than channels are refused as the profile says', async (t) => {
    const customers = [{ id: 'acme', addresses: [LOOPBACK], channels: 1 }];
    const numbers = [{ number: DID, customer: 'acme' }];
    const { phone, at, log } = await openCarrier(t, { profile: GENERIC_IP, customers, numbers });
    const first = await phone.dial(at, '+12025550109');
    const { status, result } = await phone.dial(at, '+12025550109');
    assert.equal(status, 503);
    assert.equal(result?.kind === 'response' && result.response.reasonPhrase, 'Channel Limit Reached');
    first.session?.bye();
    await log.next('call-ended');
    assert.equal((await phone.dial(at, '+12025550109')).status, 200);
  });

  test('more calls than the carrier bears are 503', async (t) => {
    const { phone, at } = await openCarrier(t, { limits: { maxCalls: 0 } });
    const { status } = await phone.dial(at, '+12025550109', { credentials: credentials() });
    assert.equal(status, 503);
  });
});

describe('number formats of destinations', () => {
  test('a carrier that wants +E.164 takes nothing else', async (t) => {
    const customers = [{ id: 'acme', addresses: [LOOPBACK] }];
    const numbers = [{ number: DID, customer: 'acme' }];
    const { phone, at, log } = await openCarrier(t, { profile: TWILIO, customers, numbers });
    assert.equal((await phone.dial(at, '+12025550101')).status, 486);
    for (const number of ['12025550101', '2025550101', '0012025550101', 'echo']) {
      assert.equal((await phone.dial(at, number)).status, 400);
      assert.equal((await log.next('call-refused')).rule, 'number-format');
    }
    const { result } = await phone.dial(at, '2025550101%0D%0AX-Injected:%20yes');
    assert.ok(result?.kind === 'response');
    assert.equal(result.status, 400);
    assert.equal(result.response.headers.first('X-Injected'), undefined);
    assert.match(result.response.headers.values(warningHeader)[0]?.text ?? '', /number-format: "2025550101/);
  });

  test('a Brazilian carrier wants national numbers, PAI or PPI, and user=phone', async (t) => {
    const customers = [{ id: 'acme', username: 'alice', addresses: [LOOPBACK] }];
    const numbers = [{ number: '+551132103210', customer: 'acme' }];
    const destinations = [
      {
        number: '+5511987654321',
        name: 'busy',
        summary: '',
        behaviour: { kind: 'refuse', status: 486 } as const,
      },
    ];
    const options = { profile: BRAZIL_NATIONAL, customers, numbers, destinations };
    const { phone, at, log } = await openCarrier(t, options);
    const headers = [['P-Preferred-Identity', '<sip:1132103210@x.example;user=phone>']] as const;
    const dial = (number: string) =>
      phone.dial(at, number, { headers, userPhone: true, ...from('sip:alice@x.example') });
    assert.equal((await dial('11987654321')).status, 486);
    assert.equal((await dial('01511987654321')).status, 486);
    assert.equal((await dial('+5511987654321')).status, 404);
    assert.deepEqual(
      log.of('call-started').map(({ caller }) => caller),
      ['+551132103210', '+551132103210'],
    );
  });

  test('a tel URI dials like any other', async (t) => {
    const { phone, at } = await openCarrier(t);
    const tel = addr('tel:+1-202-555-0101');
    const { status } = await phone.dial(at, 'unused', {
      credentials: credentials(),
      to: new NameAddr(tel.uri),
      target: tel.uri,
      nextHop: sipUriOf(at),
    });
    assert.equal(status, 486);
  });
});
