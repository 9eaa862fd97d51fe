import type { SipRequest } from '../message/message.ts';
import { defaultPort, sameAddress } from './addresses.ts';
import type { Connection } from './connection.ts';
import { namesCover } from './tls-policy.ts';
import type { Destination } from './transport.ts';

/**
 * Connections opened by the peer that may also carry our requests to it (RFC 5923). Only when the peer asks with
 * `alias`, and only for what it has proven: the sent-by address must be the one it really has, and over TLS a trusted
 * certificate must cover the name that we would have checked on a connection of our own (§9).
 */
export class ConnectionAliases {
  private readonly byPlace = new Map<string, Connection>();
  private readonly places = new WeakMap<Connection, string>();

  /** To be called for every request that came over a stream. */
  learn(connection: Connection, request: SipRequest): void {
    const { via } = request;
    if (connection.role !== 'server' || !via.params.has('alias')) return;
    if (via.transport !== connection.flow.protocol) return;
    const { remoteAddress, protocol } = connection.flow;
    if (protocol === 'TCP' && !sameAddress(via.host, remoteAddress)) return;
    if (protocol === 'TLS' && connection.tls?.trusted !== true) return;
    const place = placeOf(protocol, remoteAddress, via.port ?? defaultPort(protocol));
    // A connection that stands keeps its place: a later one could be somebody else on the same address.
    if (this.byPlace.get(place)?.isOpen === true) return;
    this.forget(connection);
    this.byPlace.set(place, connection);
    this.places.set(connection, place);
  }

  find(destination: Destination): Connection | undefined {
    const { protocol, address, port, serverName } = destination;
    const connection = this.byPlace.get(placeOf(protocol, address, port));
    if (connection?.isOpen !== true) return undefined;
    if (protocol !== 'TLS') return connection;
    // A policy may ask for more than a trusted certificate: a pin, other authorities.
    if (destination.policy !== undefined) return undefined;
    const names = connection.tls?.chain[0]?.names ?? [];
    return namesCover(names, serverName ?? address, false) ? connection : undefined;
  }

  forget(connection: Connection): void {
    const place = this.places.get(connection);
    if (place === undefined) return;
    this.places.delete(connection);
    if (this.byPlace.get(place) === connection) this.byPlace.delete(place);
  }
}

const placeOf = (protocol: string, address: string, port: number): string => `${protocol} ${address} ${port}`;
