// Session timers: RFC 4028, as decisions. `SessionTimer` keeps the time.
import { minSeHeader, sessionExpiresHeader } from '../message/headers/session-timer.ts';
import { supportedHeader } from '../message/headers/option-tags.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { HeaderLines } from './request-sender.ts';

/** §4: no smaller interval may be asked for. */
export const ABSOLUTE_MIN_SE_SECONDS = 90;

export interface SessionTimerPolicy {
  /** `off`: never propose one, but honour the peer's. */
  readonly mode: 'on' | 'off';
  readonly intervalSeconds: number;
  /** Ours; 90 at least. */
  readonly minSeconds: number;
  /** Who should refresh when the peer leaves it to us. */
  readonly refresher: 'local' | 'remote';
}

export const DEFAULT_SESSION_TIMER: SessionTimerPolicy = {
  mode: 'on',
  intervalSeconds: 1_800,
  minSeconds: ABSOLUTE_MIN_SE_SECONDS,
  refresher: 'remote',
};

/** The agreement in force. */
export interface SessionInterval {
  readonly intervalSeconds: number;
  readonly refresher: 'local' | 'remote';
}

export const supportsTimer = (message: SipRequest | SipResponse): boolean =>
  message.headers.values(supportedHeader).some((tag) => tag.toLowerCase() === 'timer');

/**
 * §7.1, §7.4: headers for a session-creating or refreshing request. `current` is the agreement of a running session,
 * `minSeconds` what 422 responses have asked for.
 */
export function sessionTimerRequestHeaders(
  policy: SessionTimerPolicy,
  current: SessionInterval | undefined,
  minSeconds: number,
): HeaderLines {
  if (current === undefined && policy.mode === 'off') return [];
  const wanted = current?.intervalSeconds ?? policy.intervalSeconds;
  const interval = Math.max(wanted, minSeconds, ABSOLUTE_MIN_SE_SECONDS);
  // In a refresh the roles stay as they are, seen from this request (§7.4).
  const refresher = current && (current.refresher === 'local' ? 'uac' : 'uas');
  const headers: [string, string][] = [
    ['Session-Expires', sessionExpiresHeader.format({ intervalSeconds: interval, refresher })],
  ];
  if (minSeconds > ABSOLUTE_MIN_SE_SECONDS) headers.push(['Min-SE', `${minSeconds}`]);
  return headers;
}

/** §7.2: what a 2xx to our request agreed to; undefined when the session has no timer. */
export function readSessionTimerAnswer(response: SipResponse): SessionInterval | undefined {
  const answer = response.headers.value(sessionExpiresHeader);
  if (answer === undefined) return undefined;
  // §4: the answer must name the refresher; one that does not leaves it to us, who know of the timer.
  const refresher = answer.refresher === 'uas' ? 'remote' : 'local';
  return { intervalSeconds: Math.max(answer.intervalSeconds, ABSOLUTE_MIN_SE_SECONDS), refresher };
}

/** §7.3: the Min-SE of a 422 to go on with; undefined when it says nothing that can be obeyed. */
export function readIntervalTooSmall(response: SipResponse, alreadyMinSeconds: number): number | undefined {
  const wanted = response.headers.value(minSeHeader);
  return wanted !== undefined && wanted > alreadyMinSeconds ? wanted : undefined;
}

export type SessionTimerDecision =
  | { readonly action: 'refuse'; readonly status: 422; readonly headers: HeaderLines }
  /** `headers` go into the 2xx; `interval` is undefined when there is no timer. */
  | {
      readonly action: 'accept';
      readonly headers: HeaderLines;
      readonly interval: SessionInterval | undefined;
    };

/** §9, table 2: what a server makes of a session-creating or refreshing request. */
export function decideSessionTimer(
  request: SipRequest,
  policy: SessionTimerPolicy,
  current?: SessionInterval,
): SessionTimerDecision {
  const offered = request.headers.value(sessionExpiresHeader);
  const peerSupports = supportsTimer(request);
  const minSeconds = Math.max(policy.minSeconds, ABSOLUTE_MIN_SE_SECONDS);
  if (offered !== undefined && offered.intervalSeconds < minSeconds && peerSupports) {
    return { action: 'refuse', status: 422, headers: [['Min-SE', `${minSeconds}`]] };
  }
  if (offered === undefined && policy.mode === 'off')
    return { action: 'accept', headers: [], interval: undefined };
  const peerMinimum = request.headers.value(minSeHeader) ?? ABSOLUTE_MIN_SE_SECONDS;
  const ours = Math.max(policy.intervalSeconds, peerMinimum, minSeconds);
  // §9: the interval may be shortened, never lengthened, and not below the request's Min-SE.
  const shortest = policy.mode === 'off' ? (offered?.intervalSeconds ?? ours) : ours;
  const asked = offered?.intervalSeconds ?? current?.intervalSeconds ?? ours;
  const intervalSeconds = Math.max(Math.min(asked, shortest), ABSOLUTE_MIN_SE_SECONDS);
  const refresher = chooseRefresher(offered?.refresher, peerSupports, policy, current);
  const value = sessionExpiresHeader.format({
    intervalSeconds,
    refresher: refresher === 'remote' ? 'uac' : 'uas',
  });
  const headers: [string, string][] = [['Session-Expires', value]];
  // §9: the client must know that it has to refresh.
  if (refresher === 'remote') headers.push(['Require', 'timer']);
  return { action: 'accept', headers, interval: { intervalSeconds, refresher } };
}

function chooseRefresher(
  asked: 'uac' | 'uas' | undefined,
  peerSupports: boolean,
  policy: SessionTimerPolicy,
  current: SessionInterval | undefined,
): 'local' | 'remote' {
  if (!peerSupports) return 'local';
  if (asked !== undefined) return asked === 'uac' ? 'remote' : 'local';
  return current?.refresher ?? policy.refresher;
}
