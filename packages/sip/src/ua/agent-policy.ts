import type { HeaderLines } from '../dialog/request-sender.ts';
import type { SessionPolicy } from '../dialog/session-context.ts';
import { DEFAULT_SESSION_TIMER, type SessionTimerPolicy } from '../dialog/session-timer.ts';
import type { ValidationRules } from '../message/validate-request.ts';

/** What a user agent is and can do (RFC 3261 §8.2, §11.2). */
export interface AgentPolicy {
  /** Served methods: Allow, and 405 for all others. */
  readonly methods: readonly string[];
  /** Methods handed to `onRequest` outside of dialogs. */
  readonly outOfDialog: readonly string[];
  /** Option tags: Supported, and 420 for all others. */
  readonly extensions: readonly string[];
  /** Types of body that are understood; 415 for all others. */
  readonly contentTypes: readonly string[];
  /** Schemes of a Request-URI; 416 for all others. */
  readonly schemes: readonly string[];
  readonly sessionTimer: SessionTimerPolicy;
  readonly reliableProvisional: SessionPolicy['reliableProvisional'];
  readonly maxRingMs: number;
  /** User part of our Contact. */
  readonly contactUser: string | undefined;
  /** On every message: User-Agent, Server. */
  readonly headers: HeaderLines;
}

export const DEFAULT_AGENT_POLICY: AgentPolicy = {
  methods: [
    'INVITE',
    'ACK',
    'CANCEL',
    'BYE',
    'OPTIONS',
    'PRACK',
    'UPDATE',
    'INFO',
    'REFER',
    'NOTIFY',
    'MESSAGE',
  ],
  outOfDialog: ['MESSAGE', 'NOTIFY', 'REFER'],
  extensions: ['100rel', 'timer', 'replaces'],
  contentTypes: [
    'application/sdp',
    'message/sipfrag',
    'application/dtmf-relay',
    'application/dtmf',
    'text/plain',
  ],
  schemes: ['sip', 'sips', 'tel'],
  sessionTimer: DEFAULT_SESSION_TIMER,
  reliableProvisional: 'on',
  maxRingMs: 300_000,
  contactUser: undefined,
  headers: [],
};

export function validationRules(policy: AgentPolicy): ValidationRules {
  const { methods, extensions, contentTypes, schemes } = policy;
  return { methods, extensions, contentTypes, schemes };
}
