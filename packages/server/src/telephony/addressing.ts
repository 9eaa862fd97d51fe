import { isIP } from 'node:net';
import { NameAddr, parseUri, type SipUri, sipUri, uriParamsOf } from '@tronco/sip';
import type { TrunkTarget } from '../domain/trunks/probe.ts';
import { defaultPort } from '../domain/trunks/schemas.ts';

export type TrunkAddressing = {
  /** What RFC 3263 resolves: the outbound proxy, else the domain. */
  nextHop: SipUri;
  isNumeric: boolean;
  /** Request-URI of OPTIONS and REGISTER (RFC 3261 §10.2: the domain without a user). */
  registrar: SipUri;
  /** To and From. */
  addressOfRecord: NameAddr;
  /** User part of our Contact. */
  user: string;
};

export function addressingOf(target: TrunkTarget): TrunkAddressing {
  const host = withoutBrackets(target.domain);
  // Left out, the port is looked up (RFC 3263 §4.2): many carriers publish SRV records and nothing else.
  const port = target.port === defaultPort(target.transport) ? undefined : target.port;
  const params = uriParamsOf({ transport: target.transport });
  const proxy = target.outboundProxy === null ? undefined : proxyUri(target.outboundProxy, target.transport);
  const nextHop = proxy ?? sipUri({ host, port, params });
  const user = userOf(target.username);
  return {
    nextHop,
    isNumeric: isIP(withoutBrackets(nextHop.host)) !== 0,
    registrar: sipUri({ host, port }),
    addressOfRecord: new NameAddr(sipUri({ user, host })),
    user,
  };
}

/** `host`, `host:port` or a SIP URI; what it does not say of the transport, the trunk says. */
function proxyUri(proxy: string, transport: string): SipUri | undefined {
  const parsed = parseUri(/^sips?:/i.test(proxy) ? proxy : `sip:${proxy}`);
  if (!parsed.ok || parsed.value.kind !== 'sip') return undefined;
  const { scheme, host, port, params } = parsed.value;
  const own = scheme === 'sips' ? undefined : (params.get('transport') ?? transport);
  return sipUri({ scheme, host: withoutBrackets(host), port, params: uriParamsOf({ transport: own }) });
}

/** Some carriers hand out `user@domain` as the name to authenticate with; the address has the user alone. */
const userOf = (username: string): string => username.replace(/@[^@]*$/, '') || username;

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
