/** Stops a timer; calling it again, or after the timer has fired, does nothing. */
export type CancelTimer = () => void;

/** The only source of time for protocol code. */
export interface Clock {
  /** Milliseconds that never go back; their zero means nothing. */
  nowMs(): number;
  /** Runs `fn` once, not earlier than after `ms`, never before `setTimer` has returned. */
  setTimer(ms: number, fn: () => void): CancelTimer;
}
