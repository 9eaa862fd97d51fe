import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711_A_FIRST, NO_CHANNELS, PLUS_DELIVERY, usualDigest } from './shared.ts';

const DOMAIN = 'sip.didww-like.example';

export const DIDWW: CarrierProfile = {
  schema: 1,
  name: 'didww',
  version: '1',
  title: 'Habits of DIDWW trunks',
  habits: [
    {
      habit: 'DIDs are written as digits without a +.',
      source: 'DIDWW API 3 reference: the attribute "number" of DIDs',
    },
    {
      habit: 'The caller is delivered raw, as E.164 or in local format, with an optional prefix.',
      source: 'DIDWW API 3 reference, voice in trunks: cli_format and cli_prefix',
    },
    {
      habit: 'Calls from customers carry user name and password, from addresses that may be restricted.',
      source: 'DIDWW API 3 reference, voice out trunks',
    },
  ],
  domain: DOMAIN,
  dialPlan: DIAL_PLANS.unitedKingdom,
  digest: usualDigest(DOMAIN),
  ipAuthentication: false,
  optionsFrom: 'anyone',
  identity: {
    from: 'number',
    userPhone: false,
    formats: [{ style: 'e164' }, { style: '+e164' }],
    status: 403,
  },
  destinations: { formats: [{ style: 'e164' }, { style: '+e164' }], badFormatStatus: 404 },
  delivery: { ...PLUS_DELIVERY, calledStyle: 'e164', callerStyle: 'e164', assertIdentity: false },
  channelLimit: NO_CHANNELS,
  codecs: G711_A_FIRST,
};
