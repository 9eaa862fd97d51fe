import type { RequestEvents, RequestResult } from '../dialog/request-sender.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

export interface PingResult {
  readonly alive: boolean;
  /** From sending to the final response, failed attempts at other places included. */
  readonly roundTripMs: number;
  readonly result: RequestResult;
}

export interface OptionsPingerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly intervalMs: number;
  /** Sends one OPTIONS (RFC 3261 §11). */
  readonly send: (events: RequestEvents) => void;
  readonly onResult: (ping: PingResult) => void;
}

/** These say that requests are not handled, by the server or by a proxy in front of it. */
const NOT_SERVING: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/** Any other answer shows that somebody is there, also 404, 405 or 501 (RFC 3261 §11). */
export function isAlive(result: RequestResult): boolean {
  return result.kind === 'response' && !NOT_SERVING.has(result.status);
}

/** Asks a peer at intervals whether it is there. How many misses make it unhealthy is not decided here. */
export class OptionsPinger {
  private readonly options: OptionsPingerOptions;
  private cancelTimer: CancelTimer | undefined;
  private running = false;

  constructor(options: OptionsPingerOptions) {
    this.options = options;
  }

  /** The first goes out within one interval, at random, so that a restart does not ping all peers at once. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.schedule(this.options.random.unit());
  }

  stop(): void {
    this.running = false;
    this.cancelTimer?.();
  }

  private schedule(part: number): void {
    this.cancelTimer = this.options.clock.setTimer(this.options.intervalMs * part, () => this.ping());
  }

  private ping(): void {
    const { clock, random, send, onResult } = this.options;
    const sentAtMs = clock.nowMs();
    send({
      onResult: (result) => {
        if (!this.running) return;
        this.schedule(0.9 + 0.2 * random.unit());
        onResult({ alive: isAlive(result), roundTripMs: clock.nowMs() - sentAtMs, result });
      },
    });
  }
}
