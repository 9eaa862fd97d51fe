// The border between protocol code and sockets. Everything above it is told what arrived and asks for octets to be
// sent; only what stands below it knows sockets, connections, TLS and DNS.
import type { SipParseError } from '../message/fault.ts';
import type { SipMessage } from '../message/message.ts';
import type { SipUri } from '../message/uri/sip-uri.ts';
import type { DnsFact } from '../resolver/dns-client.ts';
import type { TlsFailure } from './tls-facts.ts';

/** As a Via writes it (RFC 3261 §20.42). */
export type TransportProtocol = 'UDP' | 'TCP' | 'TLS';

/**
 * The pair of addresses a message came over or goes over (RFC 5626 §2): one connection, or for UDP one local socket
 * and one remote address and port. A value: it stays readable after its connection has closed.
 */
export interface Flow {
  /** Never used again for another connection while the process lives. */
  readonly id: string;
  readonly protocol: TransportProtocol;
  /** No retransmission is needed: everything but UDP. */
  readonly reliable: boolean;
  /** Addresses without brackets. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** One place to send to: what RFC 3263 §4 makes of a URI. */
export interface Destination {
  readonly protocol: TransportProtocol;
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
  /** TLS: the name the certificate must carry (RFC 5922 §7). Default: the address. */
  readonly serverName?: string | undefined;
  /** The name of a TLS or socket policy that the transport was given; protocol code only hands it on. */
  readonly policy?: string | undefined;
  /** Send from this socket where there are several; the transport chooses when left out. */
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

export type SendFailure =
  /** The flow has closed, or the transport has been shut down. */
  | 'closed'
  /** Nobody listens there: ICMP port unreachable, TCP reset. */
  | 'refused'
  /** No route, no such socket, or the network said no in another way. */
  | 'unreachable'
  /** The connection or its TLS handshake took too long. */
  | 'timeout'
  /** Certificate, name, version or pin were not acceptable. */
  | 'tls'
  /** Larger than a datagram can be. */
  | 'too-large'
  /** The peer does not read and the bound on unsent octets is reached. */
  | 'congested';

export interface SendError {
  readonly code: SendFailure;
  /** For people; holds nothing secret. */
  readonly detail: string;
  /** What the operating system or TLS called it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly system?: string | undefined;
  /** With the code `tls`: what was seen and what was wrong with it. */
  readonly tls?: TlsFailure | undefined;
}

export type SendResult =
  /** Handed to the network over `flow`; not a promise that it arrived. */
  { readonly ok: true; readonly flow: Flow } | { readonly ok: false; readonly error: SendError };

/** Called exactly once per send, perhaps before the send returns. */
export type SendCallback = (result: SendResult) => void;

/** What goes into our Via and Contact: where answers and new requests are to come (RFC 3261 §18.1.1). */
export interface SentBy {
  /** Bare: an IPv6 address gets its brackets where it is written. */
  readonly host: string;
  readonly port: number;
}

/** Sending. Never throws; the octets must not be changed afterwards. */
export interface Transport {
  /** Over an existing flow. A connection that is gone fails with `closed`; it is not opened again. */
  sendOnFlow(flow: Flow, bytes: Buffer, done?: SendCallback): void;
  /** Over a connection that is already open to there, else a new one; for UDP from the fitting socket. */
  sendTo(destination: Destination, bytes: Buffer, done?: SendCallback): void;
  /** The advertised address for that peer: the listening port, never an ephemeral one. */
  sentByFor(target: Destination | Flow): SentBy;
}

/** A message and the way it came. */
export interface IncomingMessage {
  /** The top Via of a request already says `received` and `rport` (RFC 3261 §18.2.1, RFC 3581 §4). */
  readonly message: SipMessage;
  readonly flow: Flow;
}

/**
 * What came over a flow and is no message, already answered where it may be (`error.answerable`). `error.via` is as it
 * was on the wire.
 */
export interface IncomingFault {
  readonly error: SipParseError;
  readonly flow: Flow;
}

/** The upper side, which a transport is given when it starts. Must not throw. Keep-alives never reach it. */
export interface TransportReceiver {
  onMessage(incoming: IncomingMessage): void;
  onFault(fault: IncomingFault): void;
  /** The connection has ended, whoever ended it. Never called for UDP. */
  onFlowClosed(flow: Flow, error: SendError | undefined): void;
}

export type ResolveResult =
  /** In the order to be tried (RFC 3263 §4.3); never empty. */
  | {
      readonly ok: true;
      readonly destinations: readonly Destination[];
      /** What DNS was asked on the way, for people. */
      readonly queries?: readonly DnsFact[] | undefined;
    }
  /** `not-found`: the names do not exist. `failed`: DNS did not answer, try again later. */
  | {
      readonly ok: false;
      readonly code: 'not-found' | 'failed' | 'unsupported';
      readonly detail: string;
      readonly queries?: readonly DnsFact[] | undefined;
    };

/** RFC 3263. Never rejects. */
export interface Resolver {
  resolve(uri: SipUri, signal?: AbortSignal): Promise<ResolveResult>;
}
