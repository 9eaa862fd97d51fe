import type { TransportLimits } from './limits.ts';
import type { AdvertisedAddress } from './sent-by.ts';
import type { TlsServerOptions } from './stream-listener.ts';
import type { TlsPolicy } from './tls-policy.ts';
import type { SendError, TransportProtocol } from './transport.ts';
import type { DatagramPort } from './udp-socket.ts';

export interface ListenerOptions {
  readonly protocol: TransportProtocol;
  /** An address of this machine; `0.0.0.0` or `::` for all of one family. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly advertised?: AdvertisedAddress | undefined;
  /** Needed for TLS. */
  readonly tls?: TlsServerOptions | undefined;
  /** UDP: SO_RCVBUF, default 4 MiB. */
  readonly receiveBufferBytes?: number | undefined;
}

export interface Source {
  readonly protocol: TransportProtocol;
  readonly address: string;
  readonly port: number;
}

export interface TransportLayerOptions {
  readonly listeners: readonly ListenerOptions[];
  /** For listeners that have none of their own. */
  readonly advertised?: AdvertisedAddress | undefined;
  /** CIDR: peers that are told our real addresses instead of the advertised one. Loopback always is. */
  readonly localNetworks?: readonly string[] | undefined;
  readonly limits?: Partial<TransportLimits> | undefined;
  /** For TLS destinations that name no policy. */
  readonly defaultTls?: TlsPolicy | undefined;
  /** Let peers ask for reuse of their connections (RFC 5923). Default true; see ConnectionAliases for the conditions. */
  readonly acceptAliases?: boolean | undefined;
  /** Asked before a datagram is parsed or a connection is kept. Must be fast and must not throw. */
  readonly admit?: ((source: Source) => boolean) | undefined;
  /** Puts something between a UDP socket and the transport: faults, a recorder. */
  readonly wrapDatagrams?: ((port: DatagramPort) => DatagramPort) | undefined;
  /** A peer could not complete a handshake with one of our TLS listeners. */
  readonly onHandshakeFailed?: ((error: SendError, source: Source) => void) | undefined;
  /** A listener met an error of the operating system, such as too many open files; it goes on. */
  readonly onListenerError?: ((error: SendError, listener: ListenerOptions) => void) | undefined;
}
