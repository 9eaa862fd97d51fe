/** The record types that RFC 3263 needs. */
export type RecordType = 'NAPTR' | 'SRV' | 'A' | 'AAAA';

export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  /** Lower or upper case: "s". */
  readonly flags: string;
  /** "SIP+D2U" */
  readonly service: string;
  readonly replacement: string;
}

export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Empty or "." when the service is decidedly not offered (RFC 2782). */
  readonly target: string;
}

export interface RecordOf {
  readonly NAPTR: NaptrRecord;
  readonly SRV: SrvRecord;
  readonly A: string;
  readonly AAAA: string;
}

export type DnsFailureCode =
  /** NXDOMAIN: the name does not exist. */
  | 'no-such-name'
  /** The name exists but has no record of that type. */
  | 'no-records'
  /** No name server answered in time. */
  | 'timed-out'
  /** The name server cannot be reached at all. */
  | 'unreachable'
  /** The name server does not answer such questions for us. */
  | 'refused'
  /** SERVFAIL, or an answer that makes no sense. */
  | 'server-failure'
  /** The text is no DNS name. */
  | 'bad-name'
  | 'aborted';

export type DnsAnswer<T> =
  | {
      readonly ok: true;
      /** Never empty. */
      readonly records: readonly T[];
      /** Undefined when the client cannot tell. */
      readonly ttlSeconds: number | undefined;
    }
  | { readonly ok: false; readonly code: DnsFailureCode };

/** Asks the DNS. Never rejects. */
export interface DnsClient {
  query<T extends RecordType>(type: T, name: string, signal: AbortSignal): Promise<DnsAnswer<RecordOf[T]>>;
}

/** The answer is about the name, and asking again soon gives the same. */
export function isDefinite(code: DnsFailureCode): boolean {
  return code === 'no-such-name' || code === 'no-records' || code === 'bad-name';
}

/** One question and what came of it, for people. */
export interface DnsFact {
  readonly type: RecordType;
  readonly name: string;
  readonly outcome: 'found' | DnsFailureCode;
  /** How many records there were. */
  readonly records: number;
}
