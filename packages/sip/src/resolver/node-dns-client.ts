import { Resolver } from 'node:dns/promises';
import { systemCode } from '../transport/faults.ts';
import type { DnsAnswer, DnsClient, DnsFailureCode, RecordOf, RecordType } from './dns-client.ts';
import { HostsFile } from './hosts-file.ts';

export interface NodeDnsOptions {
  /** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:53`. Default: those of the operating system. */
  readonly servers?: readonly string[] | undefined;
  /** For the first try; each further try waits longer. Default 1 s. */
  readonly timeoutMs?: number | undefined;
  /** Default 3. */
  readonly tries?: number | undefined;
  /** Looked into before A and AAAA are asked for; `false` for none. Default `/etc/hosts`. */
  readonly hostsFile?: string | false | undefined;
}

const FAILURES: Readonly<Record<string, DnsFailureCode>> = {
  ENOTFOUND: 'no-such-name',
  ENODATA: 'no-records',
  ETIMEOUT: 'timed-out',
  ECONNREFUSED: 'unreachable',
  EREFUSED: 'refused',
  EBADNAME: 'bad-name',
  ECANCELLED: 'aborted',
};

/** node:dns, which asks the servers itself and never blocks a thread. It tells TTLs only for A and AAAA. */
export class NodeDnsClient implements DnsClient {
  private readonly resolver: Resolver;
  private readonly hosts: HostsFile | undefined;

  /** Throws when a server is no address. */
  constructor(options: NodeDnsOptions = {}) {
    const { servers, timeoutMs = 1_000, tries = 3, hostsFile } = options;
    this.resolver = new Resolver({ timeout: timeoutMs, tries });
    if (servers !== undefined) this.resolver.setServers(servers);
    this.hosts = hostsFile === false ? undefined : new HostsFile(hostsFile);
  }

  async query<T extends RecordType>(
    type: T,
    name: string,
    signal: AbortSignal,
  ): Promise<DnsAnswer<RecordOf[T]>> {
    if (signal.aborted) return { ok: false, code: 'aborted' };
    const { promise: aborted, resolve } = Promise.withResolvers<DnsAnswer<RecordOf[T]>>();
    const abort = (): void => resolve({ ok: false, code: 'aborted' });
    signal.addEventListener('abort', abort);
    try {
      // node:dns can only cancel all its queries together, so an aborted one runs on, to its own time limit.
      return await Promise.race([aborted, this.ask(type, name)]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private async ask<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    try {
      // The switch in `fetch` gives records of just that type.
      const { records, ttlSeconds } = (await this.fetch(type, name)) as Fetched<RecordOf[T]>;
      return records.length === 0 ? { ok: false, code: 'no-records' } : { ok: true, records, ttlSeconds };
    } catch (error) {
      return { ok: false, code: FAILURES[systemCode(error) ?? ''] ?? 'server-failure' };
    }
  }

  private async fetch(type: RecordType, name: string): Promise<Fetched<RecordOf[RecordType]>> {
    switch (type) {
      case 'NAPTR':
        return { records: await this.resolver.resolveNaptr(name), ttlSeconds: undefined };
      case 'SRV': {
        const records = await this.resolver.resolveSrv(name);
        return {
          records: records.map((record) => ({ ...record, target: record.name })),
          ttlSeconds: undefined,
        };
      }
      default:
        return this.fetchAddresses(type, name);
    }
  }

  private async fetchAddresses(type: 'A' | 'AAAA', name: string): Promise<Fetched<string>> {
    const known = (await this.hosts?.find(name, type === 'A' ? 4 : 6)) ?? [];
    if (known.length > 0) return { records: known, ttlSeconds: 5 };
    const records =
      type === 'A'
        ? await this.resolver.resolve4(name, { ttl: true })
        : await this.resolver.resolve6(name, { ttl: true });
    const ttlSeconds = Math.min(...records.map(({ ttl }) => ttl));
    return { records: records.map(({ address }) => address), ttlSeconds };
  }
}

interface Fetched<T> {
  readonly records: readonly T[];
  readonly ttlSeconds: number | undefined;
}
