import type { LocalCodec } from '@tronco/sip';
import type { DeliveryRules, DigestRules, RegistrationRules } from './profile.ts';

// What no source says otherwise for one of the carriers.

export const G711: readonly LocalCodec[] = [
  { name: 'PCMU', clockRate: 8_000, payloadType: 0 },
  { name: 'PCMA', clockRate: 8_000, payloadType: 8 },
];

export const G711_A_FIRST: readonly LocalCodec[] = G711.toReversed();

export const USUAL_REGISTRATION: RegistrationRules = {
  minExpiresSeconds: 60,
  defaultExpiresSeconds: 600,
  maxExpiresSeconds: 3_600,
  maxBindings: 5,
};

export const usualDigest = (realm: string): DigestRules => ({
  realm,
  algorithms: ['MD5'],
  qop: ['auth'],
  nonceLifetimeSeconds: 300,
  inviteStatus: 407,
  wrongCredentials: 401,
});

export const PLUS_DELIVERY: DeliveryRules = {
  calledStyle: '+e164',
  callerStyle: '+e164',
  scheme: 'sip',
  calledIn: 'request-uri',
  assertIdentity: true,
  userPhone: false,
};

export const NO_CHANNELS = { status: 503, reasonPhrase: 'Channel Limit Reached' } as const;
