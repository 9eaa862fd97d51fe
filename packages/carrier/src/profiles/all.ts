import { BRAZIL_NATIONAL } from './brazil-national.ts';
import { DIDWW } from './didww.ts';
import { GENERIC_IP } from './generic-ip.ts';
import { GENERIC_REGISTERED } from './generic-registered.ts';
import type { CarrierProfile } from './profile.ts';
import { TELNYX } from './telnyx.ts';
import { TWILIO } from './twilio.ts';

export const PROFILES: readonly CarrierProfile[] = [
  GENERIC_IP,
  GENERIC_REGISTERED,
  TWILIO,
  TELNYX,
  DIDWW,
  BRAZIL_NATIONAL,
];

export function findProfile(name: string): CarrierProfile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
