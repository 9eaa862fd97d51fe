// The four machines of RFC 3261 §17 are pure functions from a state and an event to the next state and its effects.
import type { TimerSettings } from './timers.ts';

/**
 * The letters of RFC 3261 table 4 and RFC 6026; C as in §16.6. `Trying` is the pause before a server's own 100
 * (§17.2.1, RFC 4320 §4.1), `Cancel` the 64*T1 a cancelled INVITE is given to end (§9.1).
 */
export type TimerName =
  | 'A'
  | 'B'
  | 'C'
  | 'Cancel'
  | 'D'
  | 'E'
  | 'F'
  | 'G'
  | 'H'
  | 'I'
  | 'J'
  | 'K'
  | 'L'
  | 'M'
  | 'Trying';

export type Effect =
  /** Send the request (client) or the last response (server), the first time or again. */
  | { readonly do: 'send' }
  /** Acknowledge the response of this event (§17.1.1.3). */
  | { readonly do: 'ack' }
  | { readonly do: 'send-trying' }
  /** Hand the message of this event to the transaction user. */
  | { readonly do: 'deliver' }
  | { readonly do: 'inform'; readonly reason: 'timeout' | 'transport-error' }
  | { readonly do: 'start'; readonly timer: TimerName; readonly afterMs: number }
  | { readonly do: 'stop'; readonly timer: TimerName };

export interface State<Name extends string> {
  readonly name: Name;
  /** The pause before the next retransmission, for the states that have timer A, E or G. */
  readonly resendMs: number;
}

/** On `Terminated` every timer is stopped and the transaction forgotten (§17.1.1.2, last paragraph). */
export interface Step<Name extends string> {
  readonly state: State<Name>;
  readonly effects: readonly Effect[];
}

export interface MachineSettings extends TimerSettings {
  /** Retransmissions are left to the transport. */
  readonly reliable: boolean;
}

export const SEND: Effect = { do: 'send' };
export const ACK: Effect = { do: 'ack' };
export const DELIVER: Effect = { do: 'deliver' };
export const SEND_TRYING: Effect = { do: 'send-trying' };
export const TIMED_OUT: Effect = { do: 'inform', reason: 'timeout' };
export const TRANSPORT_FAILED: Effect = { do: 'inform', reason: 'transport-error' };

export const start = (timer: TimerName, afterMs: number): Effect => ({ do: 'start', timer, afterMs });
export const stop = (timer: TimerName): Effect => ({ do: 'stop', timer });

export function step<Name extends string>(name: Name, resendMs: number, ...effects: Effect[]): Step<Name> {
  return { state: { name, resendMs }, effects };
}

/** The event means nothing in this state. */
export function ignore<Name extends string>(state: State<Name>): Step<Name> {
  return { state, effects: [] };
}

/**
 * Enters a state that only waits out late messages. Timers that are zero on reliable transports (table 4) end the
 * transaction at once.
 */
export function linger<Name extends string>(
  name: Name,
  timer: TimerName,
  afterMs: number,
  ...effects: Effect[]
): Step<Name | 'Terminated'> {
  if (afterMs === 0) return step<Name | 'Terminated'>('Terminated', 0, ...effects);
  return step<Name | 'Terminated'>(name, 0, ...effects, start(timer, afterMs));
}
