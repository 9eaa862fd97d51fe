// The package's only door.
export {
  type CallView,
  type Carrier,
  createCarrier,
  type RegistrationView,
  type StartResult,
} from './carrier.ts';
export type { CarrierLimits, CarrierOptions, ListenAddress } from './options.ts';
export type { CarrierNumber, Customer } from './accounts/directory.ts';
export type { CarrierAddress, CarrierEvent, CarrierEventBody, CarrierEventListener, Peer } from './events.ts';
export type { CarrierCounters } from './counters.ts';
export type { CarrierFaults } from './faults/faults.ts';

// Calls into the platform
export type {
  CallIntoEnd,
  CallIntoOptions,
  CallIntoResult,
  CallIntoTimings,
  PlacedCall,
} from './calls/call-into-result.ts';
export type { DeliveryOptions } from './calls/delivery.ts';
export type { EchoCounts } from './media/echo-port.ts';

// Numbers that do something when a customer calls them
export {
  type DestinationBehaviour,
  type DestinationTable,
  MAGIC_NUMBERS,
  type MagicNumber,
  type PlainBehaviour,
} from './destinations/destination.ts';

// Carriers as data
export { findProfile, PROFILES } from './profiles/all.ts';
export type {
  CarrierProfile,
  DeliveryRules,
  DigestRules,
  Habit,
  IdentityRules,
  RegistrationRules,
} from './profiles/profile.ts';
export { type DialPlan, DIAL_PLANS } from './numbers/dial-plan.ts';
export {
  formatNumber,
  isE164,
  type NumberFormat,
  type NumberStyle,
  readNumber,
  type ReadNumber,
} from './numbers/number-format.ts';
