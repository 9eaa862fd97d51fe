// A session description as its lines say it (RFC 8866 §5), before anything is concluded from the attributes.

export interface Attribute {
  readonly name: string;
  /** Undefined for a property attribute such as a=sendonly. */
  readonly value?: string | undefined;
}

export interface Origin {
  readonly username: string;
  /** Decimal digits from well-behaved peers; kept as text because it may exceed 64 bits. */
  readonly sessionId: string;
  readonly version: string;
  readonly addressType: string;
  readonly address: string;
}

export interface Connection {
  /** `IP4` or `IP6`, upper case; other network types are kept as sent. */
  readonly addressType: string;
  readonly address: string;
  /** What follows a multicast address: TTL and count. */
  readonly suffix?: string | undefined;
}

/** A line the negotiation has no use for, kept so that nothing is lost. */
export interface OtherLine {
  readonly type: string;
  readonly value: string;
}

export interface MediaDescription {
  /** `audio`, `video`, `image`, … lower case. */
  readonly kind: string;
  readonly port: number;
  /** Number of consecutive ports; 1 unless written. */
  readonly portCount: number;
  /** Transport, upper case: `RTP/AVP`, `RTP/SAVP`, … */
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly connection?: Connection | undefined;
  readonly other: readonly OtherLine[];
  readonly attributes: readonly Attribute[];
}

export interface SessionDescription {
  readonly origin: Origin;
  readonly name: string;
  readonly connection?: Connection | undefined;
  /** Values of the t= lines; `0 0` when the peer sent none. */
  readonly times: readonly string[];
  readonly other: readonly OtherLine[];
  readonly attributes: readonly Attribute[];
  readonly media: readonly MediaDescription[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** First value of an attribute; an empty string when it has none, undefined when it is absent. */
export function attributeValue(attributes: readonly Attribute[], name: string): string | undefined {
  const found = attributes.find((attribute) => attribute.name === name);
  return found && (found.value ?? '');
}

export function attributeValues(attributes: readonly Attribute[], name: string): string[] {
  return attributes.filter((attribute) => attribute.name === name).map((attribute) => attribute.value ?? '');
}
