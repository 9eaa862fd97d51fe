import { isIP } from 'node:net';
import type { SipUri } from '../message/uri/sip-uri.ts';
import { bareHost } from '../transport/addresses.ts';
import type { TransportProtocol } from '../transport/transport.ts';
import type { NaptrRecord } from './dns-client.ts';

/** One way to reach a domain: a protocol, and the SRV name that says where. */
export interface Service {
  readonly protocol: TransportProtocol;
  readonly srvName: string;
}

/** What the URI itself fixes, before any DNS (RFC 3263 §4). */
export interface Target {
  /** A name or an address without brackets: `maddr` when there is one. */
  readonly host: string;
  readonly isNumeric: boolean;
  readonly port: number | undefined;
  /** TLS certificates must carry this: the domain of the URI, wherever DNS leads (RFC 5922 §5). */
  readonly serverName: string;
  /** Undefined leaves the choice to DNS. */
  readonly protocol: TransportProtocol | undefined;
  readonly isSips: boolean;
}

export type ReadTargetResult =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly detail: string };

export function readTarget(uri: SipUri): ReadTargetResult {
  const host = bareHost(uri.params.get('maddr') ?? uri.host);
  const isSips = uri.scheme === 'sips';
  const isNumeric = isIP(host) !== 0;
  const chosen = explicitProtocol(uri, isSips);
  if (chosen === 'unsupported') {
    return { ok: false, detail: 'the transport that the URI asks for is not supported' };
  }
  // §4.1: an address or a port without a transport means UDP, and for SIPS TLS over TCP.
  const fixed = isNumeric || uri.port !== undefined ? (isSips ? 'TLS' : 'UDP') : undefined;
  const protocol = chosen ?? fixed;
  const serverName = bareHost(uri.host);
  return { ok: true, target: { host, isNumeric, port: uri.port, serverName, protocol, isSips } };
}

function explicitProtocol(uri: SipUri, isSips: boolean): TransportProtocol | undefined | 'unsupported' {
  const { transport } = uri;
  if (transport === undefined) return undefined;
  if (transport === 'tcp') return isSips ? 'TLS' : 'TCP';
  // Deprecated by RFC 3261 §26.2.2, and what many carriers write.
  if (transport === 'tls') return 'TLS';
  return transport === 'udp' && !isSips ? 'UDP' : 'unsupported';
}

const NAPTR_SERVICES: Readonly<Record<string, TransportProtocol>> = {
  'SIP+D2U': 'UDP',
  'SIP+D2T': 'TCP',
  'SIPS+D2T': 'TLS',
};

/** The usable services of a domain's NAPTR records in their order (RFC 3263 §4.1). */
export function servicesOfNaptr(
  records: readonly NaptrRecord[],
  supported: readonly TransportProtocol[],
  isSips: boolean,
): readonly Service[] {
  const services: Service[] = [];
  const ordered = records.toSorted((a, b) => a.order - b.order || a.preference - b.preference);
  for (const { flags, service, replacement } of ordered) {
    const protocol = NAPTR_SERVICES[service.toUpperCase()];
    const usable = protocol !== undefined && supported.includes(protocol) && (!isSips || protocol === 'TLS');
    if (usable && flags.toLowerCase() === 's' && replacement !== '' && replacement !== '.') {
      services.push({ protocol, srvName: bareHost(replacement) });
    }
  }
  return services;
}

/** The SRV name of a protocol where no NAPTR record gives one (RFC 3263 §4.1). */
export function srvNameOf(protocol: TransportProtocol, domain: string): string {
  if (protocol === 'UDP') return `_sip._udp.${domain}`;
  return protocol === 'TCP' ? `_sip._tcp.${domain}` : `_sips._tcp.${domain}`;
}
