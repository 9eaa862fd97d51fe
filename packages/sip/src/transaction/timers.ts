/** RFC 3261 table 4, RFC 6026 §7; milliseconds. */
export interface TimerSettings {
  /** T1, the estimated round trip (§17.1.1.1). */
  readonly t1Ms: number;
  /** T2, the longest pause between retransmissions outside an unanswered INVITE (§17.1.2.2). */
  readonly t2Ms: number;
  /** T4, how long a message may stay in the network (§17.1.2.2). */
  readonly t4Ms: number;
  /** Timer D on an unreliable transport: at least 32 s whatever T1 is (§17.1.1.2). */
  readonly timerDMs: number;
  /**
   * How long an INVITE may ring without any sign of life: §16.6 item 11 has it for proxies, more than three minutes.
   * A user agent needs it as well, or a peer that dies while it rings would hold memory for ever.
   */
  readonly timerCMs: number;
  /** A server sends 100 by itself when nothing else has been said for so long (§17.2.1). */
  readonly tryingAfterMs: number;
}

export const DEFAULT_TIMERS: TimerSettings = {
  t1Ms: 500,
  t2Ms: 4_000,
  t4Ms: 5_000,
  timerDMs: 32_000,
  timerCMs: 600_000,
  tryingAfterMs: 200,
};

/** 64*T1: timers B, F, H, J, L and M, and the wait for the end of a cancelled INVITE (§9.1). */
export const transactionTimeoutMs = (timers: TimerSettings): number => 64 * timers.t1Ms;

/** When a client's timer E reaches T2: from then on RFC 4320 §4.1 lets a server say 100 to a non-INVITE request. */
export function timerEReachesT2Ms(timers: TimerSettings): number {
  let elapsedMs = 0;
  for (let pauseMs = timers.t1Ms; pauseMs < timers.t2Ms; pauseMs *= 2) elapsedMs += pauseMs;
  return elapsedMs;
}
