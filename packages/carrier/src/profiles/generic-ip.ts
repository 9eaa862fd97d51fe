import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711, NO_CHANNELS, PLUS_DELIVERY } from './shared.ts';

export const GENERIC_IP: CarrierProfile = {
  schema: 1,
  name: 'generic-ip',
  version: '1',
  title: 'A carrier that knows its customers by their addresses',
  habits: [],
  domain: 'sip.generic-ip.example',
  dialPlan: DIAL_PLANS.unitedKingdom,
  ipAuthentication: true,
  optionsFrom: 'customers',
  identity: {
    from: 'number',
    userPhone: false,
    formats: [{ style: '+e164' }, { style: 'e164' }],
    status: 403,
  },
  destinations: {
    formats: [{ style: '+e164' }, { style: 'e164' }, { style: '00' }],
    badFormatStatus: 404,
  },
  delivery: PLUS_DELIVERY,
  channelLimit: NO_CHANNELS,
  codecs: G711,
};
