import type { DigestAlgorithm, LocalCodec, Qop } from '@tronco/sip';
import type { DialPlan } from '../numbers/dial-plan.ts';
import type { NumberFormat, NumberStyle } from '../numbers/number-format.ts';

/** What is publicly known of a carrier, and where it is written. Everything else in a profile is our choice. */
export interface Habit {
  readonly habit: string;
  readonly source: string;
}

export interface RegistrationRules {
  /** A shorter wish is answered 423 with Min-Expires (RFC 3261 §10.3). */
  readonly minExpiresSeconds: number;
  readonly defaultExpiresSeconds: number;
  /** A longer wish is granted this. */
  readonly maxExpiresSeconds: number;
  /** One more replaces the oldest. */
  readonly maxBindings: number;
}

export interface DigestRules {
  readonly realm: string;
  /** In the order of the challenges, one header each (RFC 8760 §2.3). */
  readonly algorithms: readonly DigestAlgorithm[];
  readonly qop: readonly Qop[];
  readonly nonceLifetimeSeconds: number;
  /** How an INVITE is challenged; REGISTER always with 401 (RFC 3261 §22.2). */
  readonly inviteStatus: 401 | 407;
  /** A second challenge tells a client that its password is wrong; many carriers say 403 and count it. */
  readonly wrongCredentials: 401 | 403;
}

/** What the carrier wants to see in a call from a customer. A call that breaks a rule is refused. */
export interface IdentityRules {
  /** What the user part of From must be: one of the customer's numbers, its user name, either, or anything. */
  readonly from: 'any' | 'number' | 'user' | 'number-or-user';
  /** The header that must carry one of the customer's numbers (RFC 3325). */
  readonly requires?: 'P-Asserted-Identity' | 'P-Preferred-Identity' | 'either' | undefined;
  /** Request-URI, To and From with a number must carry `user=phone` (RFC 3261 §19.1.1). */
  readonly userPhone: boolean;
  /** How the customer writes its own numbers. */
  readonly formats: readonly NumberFormat[];
  readonly status: 403 | 488 | 400;
}

/** How calls into the customer's platform look. */
export interface DeliveryRules {
  readonly calledStyle: NumberStyle;
  readonly callerStyle: NumberStyle;
  readonly scheme: 'sip' | 'tel';
  /**
   * Where the called number stands. With `to` and `p-called-party-id` the Request-URI is the Contact or target as it is,
   * and with the last one To names the account.
   */
  readonly calledIn: 'request-uri' | 'to' | 'p-called-party-id';
  /** The caller's number in P-Asserted-Identity as well. */
  readonly assertIdentity: boolean;
  readonly userPhone: boolean;
}

/** A carrier as data. A change that tests may notice gets a new `version`; a new shape of this type a new `schema`. */
export interface CarrierProfile {
  readonly schema: 1;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly habits: readonly Habit[];
  /** For From, To and the realm; reserved names only, so that nothing here passes for the real carrier. */
  readonly domain: string;
  readonly dialPlan: DialPlan;
  /** Undefined: REGISTER is answered 405. */
  readonly registration?: RegistrationRules | undefined;
  /** Undefined: nobody is challenged. */
  readonly digest?: DigestRules | undefined;
  /** Customers may be known by their address alone. */
  readonly ipAuthentication: boolean;
  /** Who is answered 200 to OPTIONS; others get 403. */
  readonly optionsFrom: 'anyone' | 'customers';
  readonly identity: IdentityRules;
  readonly destinations: {
    readonly formats: readonly NumberFormat[];
    /** For a number in another format, and for one that nobody has. */
    readonly badFormatStatus: 400 | 404 | 484;
  };
  readonly delivery: DeliveryRules;
  readonly channelLimit: { readonly status: 403 | 480 | 486 | 503; readonly reasonPhrase: string };
  /** In order of preference. */
  readonly codecs: readonly LocalCodec[];
}
