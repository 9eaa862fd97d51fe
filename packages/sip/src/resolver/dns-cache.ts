import { type DnsAnswer, type DnsClient, isDefinite, type RecordOf, type RecordType } from './dns-client.ts';

export interface DnsCacheOptions {
  /** Milliseconds that never go back. */
  readonly nowMs: () => number;
  /** Names and types held; the oldest go first. Default 10,000. */
  readonly maxEntries?: number | undefined;
  /** For answers whose TTL is not known. Default 60. */
  readonly defaultTtlSeconds?: number | undefined;
  /** Nothing is kept longer, whatever its TTL. Default 3,600. */
  readonly maxTtlSeconds?: number | undefined;
  /** For names and records that do not exist (RFC 2308). Default 30. */
  readonly negativeTtlSeconds?: number | undefined;
  /** After a failure of DNS itself, before it is asked again. Default 2. */
  readonly failureTtlSeconds?: number | undefined;
  /** How long past its end an answer still serves while DNS fails (RFC 8767). Default 3,600; 0 for never. */
  readonly staleSeconds?: number | undefined;
}

interface Entry {
  /** The last answer that was definite, and until when it is fresh. */
  answer: DnsAnswer<unknown>;
  freshUntilMs: number;
  staleUntilMs: number;
}

const DEFAULTS = {
  maxEntries: 10_000,
  defaultTtlSeconds: 60,
  maxTtlSeconds: 3_600,
  negativeTtlSeconds: 30,
  failureTtlSeconds: 2,
  staleSeconds: 3_600,
};

/** Keeps answers as long as they may be kept, and asks once for everybody who wants the same at the same time. */
export class DnsCache implements DnsClient {
  private readonly client: DnsClient;
  private readonly options: Required<{ [K in keyof DnsCacheOptions]: NonNullable<DnsCacheOptions[K]> }>;
  private readonly entries = new Map<string, Entry>();
  private readonly underWay = new Map<string, Promise<DnsAnswer<unknown>>>();

  constructor(client: DnsClient, options: DnsCacheOptions) {
    this.client = client;
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.options = { ...DEFAULTS, nowMs: options.nowMs, ...Object.fromEntries(given) };
  }

  async query<T extends RecordType>(
    type: T,
    name: string,
    signal: AbortSignal,
  ): Promise<DnsAnswer<RecordOf[T]>> {
    const key = `${type} ${name.toLowerCase()}`;
    const entry = this.entries.get(key);
    // The key holds the type, so that what is stored under it is of that type.
    if (entry !== undefined && entry.freshUntilMs > this.options.nowMs()) {
      return entry.answer as DnsAnswer<RecordOf[T]>;
    }
    if (signal.aborted) return { ok: false, code: 'aborted' };
    let asked = this.underWay.get(key);
    if (asked === undefined) {
      asked = this.ask(key, type, name);
      this.underWay.set(key, asked);
    }
    return (await orAborted(asked, signal)) as DnsAnswer<RecordOf[T]>;
  }

  /** Forgets everything: the next question of each kind goes to the name server. */
  clear(): void {
    this.entries.clear();
  }

  /** One caller's abort must not take the answer from the others: the query goes on without a signal. */
  private async ask(key: string, type: RecordType, name: string): Promise<DnsAnswer<unknown>> {
    const answer: DnsAnswer<unknown> = await this.client.query(type, name, NEVER);
    this.underWay.delete(key);
    const now = this.options.nowMs();
    const old = this.entries.get(key);
    if (!answer.ok && !isDefinite(answer.code) && old?.answer.ok === true && old.staleUntilMs > now) {
      old.freshUntilMs = now + this.options.failureTtlSeconds * 1_000;
      return old.answer;
    }
    this.keep(key, answer, now);
    return answer;
  }

  private keep(key: string, answer: DnsAnswer<unknown>, now: number): void {
    const { maxEntries, staleSeconds } = this.options;
    const freshUntilMs = now + this.ttlOf(answer) * 1_000;
    this.entries.delete(key);
    this.entries.set(key, { answer, freshUntilMs, staleUntilMs: freshUntilMs + staleSeconds * 1_000 });
    if (this.entries.size <= maxEntries) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      break;
    }
  }

  private ttlOf(answer: DnsAnswer<unknown>): number {
    const { defaultTtlSeconds, maxTtlSeconds, negativeTtlSeconds, failureTtlSeconds } = this.options;
    if (answer.ok) return Math.min(answer.ttlSeconds ?? defaultTtlSeconds, maxTtlSeconds);
    return isDefinite(answer.code) ? negativeTtlSeconds : failureTtlSeconds;
  }
}

const NEVER = new AbortController().signal;

async function orAborted(
  asked: Promise<DnsAnswer<unknown>>,
  signal: AbortSignal,
): Promise<DnsAnswer<unknown>> {
  const { promise, resolve } = Promise.withResolvers<DnsAnswer<unknown>>();
  const abort = (): void => resolve({ ok: false, code: 'aborted' });
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, asked]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
