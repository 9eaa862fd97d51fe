import { CatalogueError } from '../../kernel/errors.ts';
import type { TrunkHealth } from './check-schemas.ts';
import type { ProbeReport, TrunkProbe } from './probe.ts';
import type { TrunkRow } from './store.ts';

export type Verification = { row: TrunkRow; report: ProbeReport };

export type TrunkChecksOptions = {
  probe: TrunkProbe;
  /** Carriers spoken to at once by this process. Default 8. */
  runningMax?: number;
  /** Checks that may wait for a place. Default 32; further ones are refused. */
  waitingMax?: number;
  /** How long one may wait for a place before it is refused. Default 10 s. */
  waitMs?: number;
};

const HEALTH_TTL_MS = 5_000;

type KnownHealth = { result: Promise<TrunkHealth>; untilMs: number | undefined };

const busy = (): CatalogueError =>
  new CatalogueError('UNAVAILABLE', {
    message: 'Too many trunks are being checked right now. Please try again shortly.',
    headers: { 'retry-after': '5' },
  });

/** Another node, or this one once it is up again, can answer. */
const stopped = (): CatalogueError => new CatalogueError('UNAVAILABLE', { headers: { 'retry-after': '5' } });

/** This process's conversations with carriers: few at once, one for everybody who asks about the same trunk. */
export class TrunkChecks {
  readonly probe: TrunkProbe;
  readonly #runningMax: number;
  readonly #waitingMax: number;
  readonly #waitMs: number;
  readonly #stopping = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #verifications = new Map<string, Promise<Verification>>();
  readonly #health = new Map<string, KnownHealth>();
  #running = 0;

  constructor({ probe, runningMax = 8, waitingMax = 32, waitMs = 10_000 }: TrunkChecksOptions) {
    this.probe = probe;
    this.#runningMax = runningMax;
    this.#waitingMax = waitingMax;
    this.#waitMs = waitMs;
  }

  /** Breaks off what runs; its callers are told to come back. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Runs the verification, or joins the one of the same key that runs. */
  verification(key: string, run: (signal: AbortSignal) => Promise<Verification>): Promise<Verification> {
    const known = this.#verifications.get(key);
    if (known) return known;
    const started = this.#inPlace(run).finally(() => this.#verifications.delete(key));
    this.#verifications.set(key, started);
    return started;
  }

  /** The health known for that key if it is fresh, the check that runs, or a new one. */
  health(
    key: string,
    nowMs: () => number,
    run: (signal: AbortSignal) => Promise<TrunkHealth>,
  ): Promise<TrunkHealth> {
    this.#forgetOld(nowMs());
    const known = this.#health.get(key);
    if (known) return known.result;
    const entry: KnownHealth = { result: this.#inPlace(run), untilMs: undefined };
    this.#health.set(key, entry);
    entry.result.then(
      () => (entry.untilMs = nowMs() + HEALTH_TTL_MS),
      () => this.#health.delete(key),
    );
    return entry.result;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { untilMs }] of this.#health) {
      if (untilMs !== undefined && untilMs <= nowMs) this.#health.delete(key);
    }
  }

  /** @throws UNAVAILABLE when there are too many already, or the process stops. */
  async #inPlace<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { signal } = this.#stopping;
    if (signal.aborted) throw stopped();
    if (this.#running < this.#runningMax) this.#running += 1;
    else await this.#place();
    try {
      return await run(signal);
    } finally {
      // A place goes from hand to hand, so that nobody slips in before those who wait.
      const [next] = this.#waiting;
      if (next) next();
      else this.#running -= 1;
    }
  }

  #place(): Promise<void> {
    if (this.#waiting.size >= this.#waitingMax) throw busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { signal } = this.#stopping;
    const settle = (outcome: () => void) => (): void => {
      this.#waiting.delete(take);
      clearTimeout(timer);
      signal.removeEventListener('abort', refuse);
      outcome();
    };
    const take = settle(resolve);
    const refuse = settle(() => reject(busy()));
    const timer = setTimeout(refuse, this.#waitMs);
    signal.addEventListener('abort', refuse);
    this.#waiting.add(take);
    return promise;
  }
}

/** What an interrupted conversation says of the carrier is not true. */
export function requireUninterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}
