import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GENERIC_REGISTERED } from '../profiles/generic-registered.ts';
import type { CarrierProfile, IdentityRules } from '../profiles/profile.ts';
import { DID, openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { addr, digest } from '../testing/phone.ts';

const credentials = () => digest('alice', PASSWORD);
const from = (text: string) => ({ from: addr(text) });

describe('identity rules', () => {
  const PAI = ['P-Asserted-Identity', `<sip:${DID}@platform.example>`] as const;
  const PPI = ['P-Preferred-Identity', `<sip:${DID}@platform.example>`] as const;
  const ANONYMOUS = 'sip:anonymous@anonymous.invalid';

  const rules = (identity: Partial<IdentityRules>): CarrierProfile => ({
    ...GENERIC_REGISTERED,
    identity: { ...GENERIC_REGISTERED.identity, ...identity },
  });

  const cases: readonly {
    readonly name: string;
    readonly identity: Partial<IdentityRules>;
    readonly from: string;
    readonly headers?: readonly (readonly [string, string])[];
    readonly refusedBy?: string;
    readonly caller?: string;
  }[] = [
    {
      name: 'a number of the customer',
      identity: { from: 'number' },
      from: `sip:${DID}@x.example`,
      caller: DID,
    },
    {
      name: 'a number of somebody else',
      identity: { from: 'number' },
      from: 'sip:+442079460002@x.example',
      refusedBy: 'from',
    },
    {
      name: 'the number in a format that is not accepted',
      identity: { from: 'number', formats: [{ style: '+e164' }] },
      from: 'sip:442079460001@x.example',
      refusedBy: 'from',
    },
    {
      name: 'the user name where a number is wanted',
      identity: { from: 'number' },
      from: 'sip:alice@x.example',
      refusedBy: 'from',
    },
    { name: 'the user name where it is wanted', identity: { from: 'user' }, from: 'sip:alice@x.example' },
    {
      name: 'a number where the user name is wanted',
      identity: { from: 'user' },
      from: `sip:${DID}@x.example`,
      refusedBy: 'from',
    },
    { name: 'anything where nobody looks', identity: { from: 'any' }, from: 'sip:whoever@x.example' },
    {
      name: 'no identity header where one is wanted',
      identity: { requires: 'either' },
      from: 'sip:alice@x.example',
      refusedBy: 'identity-header',
    },
    {
      name: 'PPI where either will do',
      identity: { requires: 'either' },
      from: 'sip:alice@x.example',
      headers: [PPI],
      caller: DID,
    },
    {
      name: 'PPI where PAI is wanted',
      identity: { requires: 'P-Asserted-Identity' },
      from: 'sip:alice@x.example',
      headers: [PPI],
      refusedBy: 'identity-header',
    },
    {
      name: 'PAI where it is wanted',
      identity: { requires: 'P-Asserted-Identity' },
      from: 'sip:alice@x.example',
      headers: [PAI],
      caller: DID,
    },
    {
      name: 'PAI where PPI is wanted',
      identity: { requires: 'P-Preferred-Identity' },
      from: 'sip:alice@x.example',
      headers: [PAI],
      refusedBy: 'identity-header',
    },
    {
      name: 'PAI with a number of somebody else',
      identity: { requires: 'P-Asserted-Identity' },
      from: 'sip:alice@x.example',
      headers: [['P-Asserted-Identity', '<sip:+442079460002@x.example>']],
      refusedBy: 'identity-header',
    },
    {
      name: 'an anonymous caller whom a header names',
      identity: { from: 'number' },
      from: ANONYMOUS,
      headers: [PAI, ['Privacy', 'id']],
      caller: DID,
    },
    {
      name: 'an anonymous caller whom nobody names',
      identity: { from: 'number' },
      from: ANONYMOUS,
      refusedBy: 'from',
    },
    {
      name: 'numbers without user=phone where it is wanted',
      identity: { userPhone: true },
      from: `sip:${DID}@x.example`,
      refusedBy: 'user-phone',
    },
  ];

  for (const { name, identity, headers, refusedBy, caller, ...own } of cases) {
    test(`${name} is ${refusedBy === undefined ? 'accepted' : 'refused'}`, async (t) => {
      const { phone, at, log } = await openCarrier(t, { profile: rules(identity) });
      const { status } = await phone.dial(at, '+12025550101', {
        credentials: credentials(),
        headers,
        ...from(own.from),
      });
      assert.equal(status, refusedBy === undefined ? 486 : 403);
      assert.equal(log.of('call-refused')[0]?.rule, refusedBy);
      assert.equal(log.of('call-started')[0]?.caller, caller);
    });
  }

  test('user=phone is seen in all three URIs', async (t) => {
    const { phone, at } = await openCarrier(t, { profile: rules({ userPhone: true }) });
    const { status } = await phone.dial(at, '+12025550101', {
      credentials: credentials(),
      userPhone: true,
      ...from(`sip:${DID}@x.example;user=phone`),
    });
    assert.equal(status, 486);
  });
});
