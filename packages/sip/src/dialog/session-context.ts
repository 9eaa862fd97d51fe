import type { NameAddr } from '../message/headers/name-addr.ts';
import type { Reason } from '../message/headers/reason.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { TimerSettings } from '../transaction/timers.ts';
import type { Destination, Flow } from '../transport/transport.ts';
import type { DialogTable } from './dialog-table.ts';
import type { HeaderLines, RequestSender } from './request-sender.ts';
import type { Session } from './session.ts';
import type { SessionTimerPolicy } from './session-timer.ts';

export interface SessionPolicy {
  /** For Allow. */
  readonly allow: readonly string[];
  /** For Supported. */
  readonly supported: readonly string[];
  readonly sessionTimer: SessionTimerPolicy;
  /** Reliable provisional responses (RFC 3262): `on` uses them where the peer can, `require` insists. */
  readonly reliableProvisional: 'off' | 'on' | 'require';
  /** How long a call may ring before it is given up, in either direction. */
  readonly maxRingMs: number;
  /** On every message of ours: User-Agent or Server. */
  readonly headers: HeaderLines;
}

/** What calls and sessions share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: TimerSettings;
  readonly sender: RequestSender;
  readonly table: DialogTable<Session>;
  readonly policy: SessionPolicy;
  /** Calls of ours that have no answer yet, for the end of the user agent. */
  readonly calling: Set<{ abandon(): void }>;
  /** Our Contact as that peer can reach it. */
  readonly contactFor: (target: Destination | Flow) => NameAddr;
}

export type SessionEndCause =
  | 'bye-received'
  | 'bye-sent'
  /** RFC 4028 §10 */
  | 'session-expired'
  /** The ACK for our 2xx never came (RFC 3261 §13.3.1.4). */
  | 'no-ack'
  /** 481 or no answer at all: the peer does not know the dialog any more (§12.2.1.2). */
  | 'peer-lost'
  /** An early dialog whose INVITE was refused, cancelled, or answered by another branch. */
  | 'not-established'
  /** The user agent was closed. */
  | 'closed';

export interface SessionEnd {
  readonly cause: SessionEndCause;
  /** Reason headers of the BYE or CANCEL, whoever sent it (RFC 3326). */
  readonly reasons: readonly Reason[];
}

/** Allow and Supported, for messages that may start or change a session (RFC 3261 §20.5, §20.37). */
export function capabilityHeaders(policy: SessionPolicy): HeaderLines {
  return [['Allow', policy.allow.join(', ')], ['Supported', policy.supported.join(', ')], ...policy.headers];
}
