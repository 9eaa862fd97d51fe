import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711, NO_CHANNELS, PLUS_DELIVERY, USUAL_REGISTRATION, usualDigest } from './shared.ts';

const DOMAIN = 'sip.telnyx-like.example';

export const TELNYX: CarrierProfile = {
  schema: 1,
  name: 'telnyx',
  version: '1',
  title: 'Habits of Telnyx SIP connections',
  habits: [
    {
      habit:
        'A connection is known by credentials, with which it registers, by its address or by its host name.',
      source: 'Telnyx API reference: credential, IP and FQDN connections',
    },
    {
      habit: 'Customers behind one address can be told apart by a tech prefix.',
      source: 'Telnyx API reference, IP connections: tech_prefix',
    },
    {
      habit: 'The formats of called and calling numbers are settings of each connection.',
      source: 'Telnyx API reference: dnis_number_format and ani_number_format',
    },
  ],
  domain: DOMAIN,
  dialPlan: DIAL_PLANS.nanp,
  registration: USUAL_REGISTRATION,
  digest: usualDigest(DOMAIN),
  ipAuthentication: true,
  optionsFrom: 'anyone',
  identity: {
    from: 'number-or-user',
    userPhone: false,
    formats: [{ style: '+e164' }, { style: 'e164' }],
    status: 403,
  },
  destinations: {
    formats: [{ style: '+e164' }, { style: 'national' }, { style: 'e164' }],
    badFormatStatus: 404,
  },
  delivery: PLUS_DELIVERY,
  channelLimit: NO_CHANNELS,
  codecs: G711,
};
