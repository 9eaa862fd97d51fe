import type { Clock, Credentials, Random, Resolver, TransportProtocol } from '@tronco/sip';
import type { Customer, CarrierNumber } from './accounts/directory.ts';
import type { DestinationTable, PlainBehaviour } from './destinations/destination.ts';
import type { CarrierFaults } from './faults/faults.ts';
import type { CarrierProfile } from './profiles/profile.ts';

export interface ListenAddress {
  readonly protocol: TransportProtocol;
  /** An address of this machine; media uses the address of the signalling it belongs to. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface CarrierOptions {
  readonly profile: CarrierProfile;
  readonly listen: readonly ListenAddress[];
  readonly customers: readonly Customer[];
  readonly numbers: readonly CarrierNumber[];
  /** Default: real time. */
  readonly clock?: Clock | undefined;
  /** Default: of the operating system. */
  readonly random?: Random | undefined;
  /** For the faults that happen by chance: the same seed and the same traffic give the same faults. Default 1. */
  readonly seed?: number | undefined;
  /** For TLS. Default: one made at the start, issued by `carrier.authority`. */
  readonly certificate?: Credentials | undefined;
  /** Those in force from the start. */
  readonly faults?: CarrierFaults | undefined;
  /** Default: `MAGIC_NUMBERS`. */
  readonly destinations?: DestinationTable | undefined;
  /** For numbers that are not in the table. Default: 404, as for a number that nobody has. */
  readonly otherDestinations?: PlainBehaviour | undefined;
  /** How targets that are names are found. Default: RFC 3263 with the name servers of the machine. */
  readonly resolver?: Resolver | undefined;
  readonly limits?: Partial<CarrierLimits> | undefined;
}

export interface CarrierLimits {
  /** Calls at a time, both directions; more are answered 503, and `callInto` is told so. */
  readonly maxCalls: number;
  /** An answered call is ended after so long. */
  readonly maxCallMs: number;
  /** RTP packets a second that one call is given back. */
  readonly maxPacketsPerSecond: number;
}

export const DEFAULT_LIMITS: CarrierLimits = {
  maxCalls: 200,
  maxCallMs: 3_600_000,
  maxPacketsPerSecond: 200,
};
