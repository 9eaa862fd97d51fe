import type { SipUri } from '../message/uri/sip-uri.ts';
import { bareHost, defaultPort, isIpv6 } from '../transport/addresses.ts';
import type { Destination, ResolveResult, Resolver, TransportProtocol } from '../transport/transport.ts';
import {
  type DnsAnswer,
  type DnsClient,
  type DnsFact,
  isDefinite,
  type RecordOf,
  type RecordType,
  type SrvRecord,
} from './dns-client.ts';
import { readTarget, type Service, servicesOfNaptr, srvNameOf, type Target } from './services.ts';
import { orderSrv } from './srv-order.ts';

export interface SipResolverOptions {
  /** Usually a DnsCache over a NodeDnsClient. */
  readonly dns: DnsClient;
  /** Numbers from 0 up to but not including 1, for SRV weights. */
  readonly unit: () => number;
  /** What the transport can do, the preferred first where DNS does not say. Default UDP, TCP, TLS. */
  readonly protocols?: readonly TransportProtocol[] | undefined;
  /** Address families that can be reached, the preferred first. Default 4, 6. */
  readonly families?: readonly (4 | 6)[] | undefined;
  /** For the whole of it. Default 5 s. */
  readonly timeoutMs?: number | undefined;
  /** Places that are tried at most. Default 32. */
  readonly maxDestinations?: number | undefined;
}

/** SRV targets whose addresses are asked for; somebody else's zone decides how many there are. */
const MAX_SRV_TARGETS = 16;

/** Where a SIP URI leads (RFC 3263 §4): NAPTR, then SRV, then addresses, in the order they are to be tried. */
export class SipResolver implements Resolver {
  private readonly options: SipResolverOptions;

  constructor(options: SipResolverOptions) {
    this.options = options;
  }

  async resolve(uri: SipUri, signal?: AbortSignal): Promise<ResolveResult> {
    const read = readTarget(uri);
    if (!read.ok) return { ok: false, code: 'unsupported', detail: read.detail, queries: [] };
    const limit = AbortSignal.timeout(this.options.timeoutMs ?? 5_000);
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    return new Resolution(this.options, read.target, both).run();
  }
}

/** One URI on its way to destinations. Remembers what was asked and what came of it. */
class Resolution {
  private readonly options: SipResolverOptions;
  private readonly protocols: readonly TransportProtocol[];
  private readonly target: Target;
  private readonly signal: AbortSignal;
  private readonly queries: DnsFact[] = [];

  constructor(options: SipResolverOptions, target: Target, signal: AbortSignal) {
    this.options = options;
    this.protocols = options.protocols ?? ['UDP', 'TCP', 'TLS'];
    this.target = target;
    this.signal = signal;
  }

  async run(): Promise<ResolveResult> {
    const { host, isNumeric, port, protocol } = this.target;
    if (protocol !== undefined && !this.protocols.includes(protocol)) {
      return this.fail('unsupported', `${protocol} is not available here`);
    }
    if (isNumeric) {
      const own = protocol ?? 'UDP';
      return this.succeed([this.destination(own, host, port ?? defaultPort(own))]);
    }
    if (port !== undefined) {
      const own = protocol ?? 'UDP';
      return this.succeed(await this.addressesOf(own, host, port));
    }
    return this.byService(await this.services());
  }

  /** §4.1. A transport that the URI names needs no NAPTR. */
  private async services(): Promise<readonly Service[]> {
    const { host, protocol, isSips } = this.target;
    if (protocol !== undefined) return [{ protocol, srvName: srvNameOf(protocol, host) }];
    const naptr = await this.ask('NAPTR', host);
    // A name server that chokes on NAPTR must not hide the SRV records behind it.
    const services = naptr.ok ? servicesOfNaptr(naptr.records, this.protocols, isSips) : [];
    if (services.length > 0) return services;
    const usable = isSips ? this.protocols.filter((own) => own === 'TLS') : this.protocols;
    return usable.map((own) => ({ protocol: own, srvName: srvNameOf(own, host) }));
  }

  /** §4.2. Without any SRV record the domain itself is the host. */
  private async byService(services: readonly Service[]): Promise<ResolveResult> {
    const { host, isSips, protocol } = this.target;
    if (services.length === 0) return this.fail('unsupported', 'SIPS needs TLS, which is not available here');
    const answers = await Promise.all(services.map(({ srvName }) => this.ask('SRV', srvName)));
    const found = await Promise.all(
      services.map((service, i) =>
        this.bySrv(service.protocol, answers[i] ?? { ok: false, code: 'no-records' }),
      ),
    );
    const destinations = found.flat();
    if (destinations.length > 0 || answers.some(({ ok }) => ok)) return this.succeed(destinations);
    // Guessing the default port while DNS cannot tell could reach the wrong server.
    if (answers.some((answer) => !answer.ok && !isDefinite(answer.code))) return this.succeed([]);
    const own = protocol ?? (isSips ? 'TLS' : (this.protocols[0] ?? 'UDP'));
    return this.succeed(await this.addressesOf(own, host, defaultPort(own)));
  }

  private async bySrv(
    protocol: TransportProtocol,
    answer: DnsAnswer<SrvRecord>,
  ): Promise<readonly Destination[]> {
    if (!answer.ok) return [];
    // RFC 2782: the root as target says that the service is not offered.
    const offered = answer.records.filter(
      ({ target, port }) => bareHost(target) !== '' && target !== '.' && port > 0,
    );
    const ordered = orderSrv(offered, this.options.unit).slice(0, MAX_SRV_TARGETS);
    const places = await Promise.all(
      ordered.map(({ target, port }) => this.addressesOf(protocol, bareHost(target), port)),
    );
    return places.flat();
  }

  private async addressesOf(
    protocol: TransportProtocol,
    name: string,
    port: number,
  ): Promise<readonly Destination[]> {
    const families = this.options.families ?? [4, 6];
    const answers = await Promise.all(families.map((family) => this.ask(family === 4 ? 'A' : 'AAAA', name)));
    const addresses = answers.flatMap((answer) => (answer.ok ? answer.records : []));
    return addresses.map((address) => this.destination(protocol, address, port));
  }

  private destination(protocol: TransportProtocol, address: string, port: number): Destination {
    const { serverName } = this.target;
    return protocol === 'TLS' ? { protocol, address, port, serverName } : { protocol, address, port };
  }

  private async ask<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    const answer = await this.options.dns.query(type, name, this.signal);
    const outcome = answer.ok ? 'found' : answer.code;
    this.queries.push({ type, name, outcome, records: answer.ok ? answer.records.length : 0 });
    return answer;
  }

  private succeed(all: readonly Destination[]): ResolveResult {
    const { families, maxDestinations = 32 } = this.options;
    const reachable = (families ?? [4, 6]).map((family) => family === 6);
    const usable = all.filter(({ address }) => reachable.includes(isIpv6(address)));
    const destinations = withoutRepeats(usable).slice(0, maxDestinations);
    if (destinations.length > 0) return { ok: true, destinations, queries: this.queries };
    const failed = this.queries.find(({ outcome }) => outcome !== 'found' && !isDefinite(outcome));
    if (failed !== undefined) return this.fail('failed', describe(failed));
    const absent = this.queries.filter(({ outcome }) => outcome !== 'found');
    const missing = absent.findLast(({ type }) => type === 'A') ?? absent.at(-1);
    if (missing === undefined)
      return this.fail('unsupported', 'no address of a family that is available here');
    return this.fail('not-found', describe(missing));
  }

  private fail(code: 'not-found' | 'failed' | 'unsupported', detail: string): ResolveResult {
    return { ok: false, code, detail, queries: this.queries };
  }
}

const OUTCOMES: Readonly<Record<DnsFact['outcome'], string>> = {
  found: 'was found',
  'no-such-name': 'does not exist',
  'no-records': 'has no such record',
  'timed-out': 'got no answer in time',
  unreachable: 'could not be asked for: the name server cannot be reached',
  refused: 'was refused by the name server',
  'server-failure': 'made the name server fail',
  'bad-name': 'is no DNS name',
  aborted: 'was not answered before the time was over',
};

const describe = ({ type, name, outcome }: DnsFact): string => `${type} ${name} ${OUTCOMES[outcome]}`;

function withoutRepeats(destinations: readonly Destination[]): readonly Destination[] {
  const seen = new Set<string>();
  return destinations.filter(({ protocol, address, port }) => {
    const key = `${protocol} ${address} ${port}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
