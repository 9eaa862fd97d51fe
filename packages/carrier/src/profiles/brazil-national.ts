import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711_A_FIRST, NO_CHANNELS, USUAL_REGISTRATION, usualDigest } from './shared.ts';

const DOMAIN = 'sip.brazil-national.example';

export const BRAZIL_NATIONAL: CarrierProfile = {
  schema: 1,
  name: 'brazil-national',
  version: '1',
  title: 'A Brazilian carrier that writes numbers as they are dialled there',
  habits: [
    {
      habit: 'Area code of two digits, then eight digits (fixed) or nine that begin with 9 (mobile).',
      source: 'Brazilian numbering plan (Anatel), as published by the ITU under E.164',
    },
    {
      habit: 'Long-distance calls may be dialled as 0, the two digits of a carrier, area code and number.',
      source: 'Anatel: carrier selection codes (CSP)',
    },
    {
      habit: 'A-law is the G.711 variant of the Brazilian network.',
      source: 'ITU-T G.711: A-law outside North America and Japan',
    },
  ],
  domain: DOMAIN,
  dialPlan: DIAL_PLANS.brazil,
  registration: USUAL_REGISTRATION,
  digest: usualDigest(DOMAIN),
  ipAuthentication: true,
  optionsFrom: 'anyone',
  // From names the account and the number stands in an identity header: what trips platforms that expect it in From.
  identity: {
    from: 'number-or-user',
    requires: 'either',
    userPhone: true,
    formats: [{ style: 'national' }, { style: 'e164' }],
    status: 403,
  },
  destinations: { formats: [{ style: 'national' }], badFormatStatus: 404 },
  delivery: {
    calledStyle: 'national',
    callerStyle: 'national',
    scheme: 'sip',
    calledIn: 'request-uri',
    assertIdentity: true,
    userPhone: true,
  },
  channelLimit: NO_CHANNELS,
  codecs: G711_A_FIRST,
};
