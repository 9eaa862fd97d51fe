/** e − 3/2: makes up for the reports that reconsideration delays (RFC 3550 §6.3.1, A.7). */
const COMPENSATION = Math.E - 1.5;
const MINIMUM_MS = 5_000;
/** UDP and IPv4 headers count as well: RFC 3550 §6.2. */
const DATAGRAM_OVERHEAD_BYTES = 28;

export interface IntervalInput {
  readonly members: number;
  readonly senders: number;
  readonly weSent: boolean;
  /** Octets per second for all of RTCP: 5 % of the session. */
  readonly bandwidth: number;
  readonly averageBytes: number;
  /** No report was sent so far: half of the minimum. */
  readonly initial: boolean;
  /** 0 ≤ unit < 1 */
  readonly unit: number;
}

/** Milliseconds to the next report: RFC 3550 §6.3.1 and A.7. */
export function reportIntervalMs(input: IntervalInput): number {
  const { members, senders, weSent, initial, unit } = input;
  let share = input.bandwidth;
  let count = members;
  // A quarter is kept for senders while they are few
  if (senders > 0 && senders <= members / 4) {
    share *= weSent ? 0.25 : 0.75;
    count = weSent ? senders : members - senders;
  }
  const neededMs = share > 0 ? ((count * input.averageBytes) / share) * 1000 : 0;
  const floorMs = Math.max(neededMs, initial ? MINIMUM_MS / 2 : MINIMUM_MS);
  return (floorMs * (unit + 0.5)) / COMPENSATION;
}

/**
 * When to send reports on a call of two: RFC 3550 §6.3 with timer reconsideration (§6.3.6). Left out, because two
 * parties never need it: the member table, reverse reconsideration and the back-off of BYE.
 */
export class ReportSchedule {
  readonly #bandwidth: number;
  readonly #random: () => number;
  #averageBytes = 100;
  #previousMs: number;
  #dueMs: number;
  #initial = true;

  constructor(options: {
    readonly nowMs: number;
    /** 0 ≤ n < 1 */
    readonly random: () => number;
    /** Octets per second; 5 % of G.711 with its headers by default. */
    readonly bandwidth?: number;
  }) {
    this.#bandwidth = options.bandwidth ?? 500;
    this.#random = options.random;
    this.#previousMs = options.nowMs;
    this.#dueMs = options.nowMs + this.#interval(true);
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  /** Asked at any time, usually with each frame. True: send now, then call `noteSent`. */
  isDue(nowMs: number, weSent: boolean): boolean {
    if (nowMs < this.#dueMs) return false;
    // §6.3.6: drawn again at expiry, so that parties that started together drift apart
    const reconsideredMs = this.#previousMs + this.#interval(weSent);
    if (reconsideredMs <= nowMs) return true;
    this.#dueMs = reconsideredMs;
    return false;
  }

  noteSent(nowMs: number, bytes: number, weSent: boolean): void {
    this.#noteSize(bytes);
    this.#previousMs = nowMs;
    this.#initial = false;
    this.#dueMs = nowMs + this.#interval(weSent);
  }

  noteReceived(bytes: number): void {
    this.#noteSize(bytes);
  }

  #noteSize(bytes: number): void {
    // §6.3.3
    this.#averageBytes += (bytes + DATAGRAM_OVERHEAD_BYTES - this.#averageBytes) / 16;
  }

  #interval(weSent: boolean): number {
    return reportIntervalMs({
      members: 2,
      senders: weSent ? 2 : 1,
      weSent,
      bandwidth: this.#bandwidth,
      averageBytes: this.#averageBytes,
      initial: this.#initial,
      unit: this.#random(),
    });
  }
}
