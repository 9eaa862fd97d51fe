import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711, NO_CHANNELS, PLUS_DELIVERY, USUAL_REGISTRATION, usualDigest } from './shared.ts';

const DOMAIN = 'sip.generic-registered.example';

export const GENERIC_REGISTERED: CarrierProfile = {
  schema: 1,
  name: 'generic-registered',
  version: '1',
  title: 'A carrier whose customers register with user name and password',
  habits: [],
  domain: DOMAIN,
  dialPlan: DIAL_PLANS.unitedKingdom,
  registration: USUAL_REGISTRATION,
  digest: { ...usualDigest(DOMAIN), algorithms: ['SHA-256', 'MD5'], wrongCredentials: 403 },
  ipAuthentication: false,
  optionsFrom: 'anyone',
  identity: {
    from: 'number-or-user',
    userPhone: false,
    formats: [{ style: '+e164' }, { style: 'e164' }],
    status: 403,
  },
  destinations: {
    formats: [{ style: '+e164' }, { style: 'e164' }, { style: '00' }, { style: 'national' }],
    badFormatStatus: 404,
  },
  // A registered line is called at its Contact as it registered it; the number stands in To.
  delivery: { ...PLUS_DELIVERY, calledStyle: 'e164', calledIn: 'to', assertIdentity: false },
  channelLimit: NO_CHANNELS,
  codecs: G711,
};
