import { DIAL_PLANS } from '../numbers/dial-plan.ts';
import type { CarrierProfile } from './profile.ts';
import { G711, NO_CHANNELS, PLUS_DELIVERY, usualDigest } from './shared.ts';

const DOMAIN = 'pstn.twilio-like.example';

export const TWILIO: CarrierProfile = {
  schema: 1,
  name: 'twilio',
  version: '1',
  title: 'Habits of Twilio Elastic SIP Trunking',
  habits: [
    {
      habit:
        'Calls from customers are authenticated by address lists, credential lists or both; nobody registers.',
      source: 'Twilio documentation, Elastic SIP Trunking, Termination: IP ACL and Credential Lists',
    },
    {
      habit: 'Numbers are E.164 with a leading + in both directions.',
      source: 'Twilio documentation, Elastic SIP Trunking: numbers must be in E.164 format',
    },
    {
      habit:
        'Calls to customers go to the origination URIs that they set, the called number in the Request-URI.',
      source: 'Twilio documentation, Elastic SIP Trunking, Origination',
    },
  ],
  domain: DOMAIN,
  dialPlan: DIAL_PLANS.nanp,
  digest: usualDigest(DOMAIN),
  ipAuthentication: true,
  optionsFrom: 'anyone',
  identity: { from: 'number', userPhone: false, formats: [{ style: '+e164' }], status: 403 },
  destinations: { formats: [{ style: '+e164' }], badFormatStatus: 400 },
  delivery: PLUS_DELIVERY,
  channelLimit: NO_CHANNELS,
  codecs: G711,
};
