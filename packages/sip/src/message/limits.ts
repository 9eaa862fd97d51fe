/** Upper bounds on what the parser will look at. Every one can be changed per call. */
export interface ParseLimits {
  /** Octets of the whole message, start line to the end of the body. */
  readonly maxMessageBytes: number;
  /** Octets from the start line to the empty line. */
  readonly maxHeadBytes: number;
  /** Characters of one header value after unfolding. */
  readonly maxHeaderChars: number;
  /** Header lines. A request may have crossed 70 proxies (RFC 3261 §8.1.1.6), each adding Via and Record-Route. */
  readonly maxHeaders: number;
  /** Parameters after one value, or inside one URI. */
  readonly maxParams: number;
  /** Comma-separated values of one header field over all of its lines. */
  readonly maxListItems: number;
}

export const DEFAULT_LIMITS: ParseLimits = {
  maxMessageBytes: 65_536,
  maxHeadBytes: 49_152,
  maxHeaderChars: 8_192,
  maxHeaders: 200,
  maxParams: 64,
  maxListItems: 256,
};

export function resolveLimits(limits: Partial<ParseLimits> | undefined): ParseLimits {
  return limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits };
}
