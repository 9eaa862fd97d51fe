import type { ParseLimits } from '../message/limits.ts';

/** Bounds on what strangers can make this process hold. All of them can be changed when the transport is made. */
export interface TransportLimits {
  /** TCP and TLS connections in all, ours and theirs, those in their handshake included. */
  readonly maxConnections: number;
  /** The same from one remote address. */
  readonly maxConnectionsPerSource: number;
  /** Octets of messages that are not complete yet, over all connections. */
  readonly maxBufferedBytes: number;
  /** Octets one connection may owe to a peer that does not read. */
  readonly maxUnsentBytes: number;
  /** TCP until it stands. */
  readonly connectTimeoutMs: number;
  /** TLS, from the TCP connection to the end of the handshake. */
  readonly handshakeTimeoutMs: number;
  /** From the first octet of a message on a stream to its last. */
  readonly messageTimeoutMs: number;
  /** From accepting a connection to its first whole message or keep-alive. */
  readonly firstMessageTimeoutMs: number;
  /** A connection on which nothing moves is closed. */
  readonly idleTimeoutMs: number;
  /** How long a peer may leave octets unread. */
  readonly writeTimeoutMs: number;
  /** Between two pings on connections we opened (RFC 5626 §4.4.1 recommends about 120 s); 0 sends none. */
  readonly pingIntervalMs: number;
  /** For the answer to a ping, from a peer that has answered one before (RFC 5626 §4.4.1). */
  readonly pongTimeoutMs: number;
  /** Answers a second to requests that cannot be parsed, over all sources. */
  readonly maxFaultAnswersPerSecond: number;
  readonly parse: Partial<ParseLimits>;
}

export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  maxConnections: 4_096,
  maxConnectionsPerSource: 64,
  maxBufferedBytes: 64 * 1024 * 1024,
  maxUnsentBytes: 1024 * 1024,
  connectTimeoutMs: 5_000,
  handshakeTimeoutMs: 5_000,
  messageTimeoutMs: 10_000,
  firstMessageTimeoutMs: 30_000,
  idleTimeoutMs: 600_000,
  writeTimeoutMs: 10_000,
  pingIntervalMs: 100_000,
  pongTimeoutMs: 10_000,
  maxFaultAnswersPerSecond: 200,
  parse: {},
};
