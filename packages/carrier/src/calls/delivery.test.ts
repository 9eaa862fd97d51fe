import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertedIdentityHeader, calledPartyIdHeader, type IncomingCall, privacyHeader } from '@tronco/sip';
import { dialledIn } from '../numbers/number-in-uri.ts';
import { BRAZIL_NATIONAL } from '../profiles/brazil-national.ts';
import { DIDWW } from '../profiles/didww.ts';
import { GENERIC_IP } from '../profiles/generic-ip.ts';
import { GENERIC_REGISTERED } from '../profiles/generic-registered.ts';
import type { CarrierProfile } from '../profiles/profile.ts';
import { TELNYX } from '../profiles/telnyx.ts';
import { TWILIO } from '../profiles/twilio.ts';
import { DID, openCarrier } from '../testing/open-carrier.ts';
import { LOOPBACK, Phone } from '../testing/phone.ts';
import type { DeliveryOptions } from './delivery.ts';

/** What a platform has to find the number in. */
function seen({ request }: IncomingCall) {
  const { headers, to, from, uri } = request;
  const party = headers.value(calledPartyIdHeader);
  return {
    requestUri: uri.toString(),
    to: dialledIn(to.uri),
    from: dialledIn(from.uri),
    ...(party === undefined ? {} : { calledParty: party.uri.toString() }),
  };
}

describe('calls into the platform: formats', () => {
  const formats: readonly (readonly [string, DeliveryOptions, (port: number) => ReturnType<typeof seen>])[] =
    [
      [
        '+E.164 in the Request-URI',
        {},
        (port) => ({ requestUri: `sip:${DID}@${LOOPBACK}:${port}`, to: DID, from: '+12025550199' }),
      ],
      [
        'E.164 without +',
        { calledStyle: 'e164', callerStyle: 'e164', from: '+442079460050' },
        (port) => ({
          requestUri: `sip:442079460001@${LOOPBACK}:${port}`,
          to: '442079460001',
          from: '442079460050',
        }),
      ],
      [
        '00 before it',
        { calledStyle: '00' },
        (port) => ({
          requestUri: `sip:00442079460001@${LOOPBACK}:${port}`,
          to: '00442079460001',
          from: '+12025550199',
        }),
      ],
      [
        'national numbers',
        { calledStyle: 'national', callerStyle: 'national' },
        (port) => ({
          requestUri: `sip:02079460001@${LOOPBACK}:${port}`,
          to: '02079460001',
          from: '0012025550199',
        }),
      ],
      [
        'a tech prefix',
        { calledStyle: 'e164', techPrefix: '9876' },
        (port) => ({
          requestUri: `sip:9876442079460001@${LOOPBACK}:${port}`,
          to: '9876442079460001',
          from: '+12025550199',
        }),
      ],
      [
        'user=phone',
        { userPhone: true },
        (port) => ({
          requestUri: `sip:${DID}@${LOOPBACK}:${port};user=phone`,
          to: DID,
          from: '+12025550199',
        }),
      ],
      ['a tel URI', { scheme: 'tel' }, () => ({ requestUri: `tel:${DID}`, to: DID, from: '+12025550199' })],
      [
        'a tel URI with a national number',
        { scheme: 'tel', calledStyle: 'national' },
        () => ({ requestUri: 'tel:02079460001;phone-context=+44', to: '02079460001', from: '+12025550199' }),
      ],
      [
        'the number in To alone',
        { calledIn: 'to' },
        (port) => ({ requestUri: `sip:trunk@${LOOPBACK}:${port}`, to: DID, from: '+12025550199' }),
      ],
      [
        'the number in P-Called-Party-ID alone',
        { calledIn: 'p-called-party-id' },
        (port) => ({
          requestUri: `sip:trunk@${LOOPBACK}:${port}`,
          to: 'acme',
          from: '+12025550199',
          calledParty: `sip:${DID}@sip.generic-ip.example`,
        }),
      ],
    ];

  for (const [name, options, expected] of formats) {
    test(`${name} reaches the platform at its target`, async (t) => {
      const phone = await Phone.open();
      t.after(() => phone.close());
      const target = `sip:trunk@${LOOPBACK}:${phone.port}`;
      const { carrier } = await openCarrier(t, {
        profile: GENERIC_IP,
        customers: [{ id: 'acme', target }],
        numbers: [{ number: DID, customer: 'acme' }],
      });
      const result = await carrier.callInto(DID, options);
      assert.equal(result.outcome, 'answered');
      assert.deepEqual(seen(phone.calls[0]!), expected(phone.port));
      result.call?.hangUp();
      assert.equal((await result.call?.ended)?.cause, 'bye-sent');
    });
  }

  for (const [profile, called] of [
    [GENERIC_IP, DID],
    [GENERIC_REGISTERED, '442079460001'],
    [TWILIO, DID],
    [TELNYX, DID],
    [DIDWW, '442079460001'],
    [BRAZIL_NATIONAL, '00442079460001'],
  ] as const satisfies readonly (readonly [CarrierProfile, string])[]) {
    test(`${profile.name} writes the number its own way`, async (t) => {
      const { carrier, phone } = await openCarrier(t, { profile });
      await carrier.callInto(DID, { target: phone.uri });
      assert.equal(seen(phone.calls[0]!).to, called);
    });
  }

  test('an anonymous caller is named to those whom the carrier trusts', async (t) => {
    const { carrier, phone } = await openCarrier(t, { profile: TWILIO });
    await carrier.callInto(DID, { target: phone.uri, anonymous: true, from: '+12025550150' });
    const { headers, from } = phone.calls[0]!.request;
    assert.equal(from.uri.toString(), 'sip:anonymous@anonymous.invalid');
    assert.deepEqual(headers.value(privacyHeader), ['id']);
    assert.equal(dialledIn(headers.values(assertedIdentityHeader)[0]!.uri), '+12025550150');
  });
});
