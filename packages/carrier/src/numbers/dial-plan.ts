/** How numbers of one country are written inside it (ITU-T E.164 annex A, each country's own plan). */
export interface DialPlan {
  /** ITU country code: "55". */
  readonly countryCode: string;
  /** What stands before an area code inside the country; empty where nothing does. */
  readonly trunkPrefix: string;
  /** What stands before a country code. */
  readonly internationalPrefix: string;
  /** Digits after the country code, without the trunk prefix; a number of another length is no national number. */
  readonly nationalLengths: readonly number[];
  /** Digits of a long-distance carrier code that may stand between trunk prefix and number; 0 for none. */
  readonly carrierCodeDigits: number;
}

export const DIAL_PLANS = {
  /** North American Numbering Plan: ten digits; 011 leads abroad. */
  nanp: {
    countryCode: '1',
    trunkPrefix: '',
    internationalPrefix: '011',
    nationalLengths: [10],
    carrierCodeDigits: 0,
  },
  /** ITU-T E.164 recommends 00 and 0; the United Kingdom follows it. */
  unitedKingdom: {
    countryCode: '44',
    trunkPrefix: '0',
    internationalPrefix: '00',
    nationalLengths: [9, 10],
    carrierCodeDigits: 0,
  },
  /**
   * Two digits of area, then eight (fixed) or nine (mobile). Trunks carry them bare; telephones dial 0, the two digits
   * of the long-distance carrier, then these.
   */
  brazil: {
    countryCode: '55',
    trunkPrefix: '',
    internationalPrefix: '00',
    nationalLengths: [10, 11],
    carrierCodeDigits: 2,
  },
} as const satisfies Readonly<Record<string, DialPlan>>;
