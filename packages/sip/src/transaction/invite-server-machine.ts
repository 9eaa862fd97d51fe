// INVITE server transaction: RFC 3261 §17.2.1, figure 7, as corrected by RFC 6026 §7.1 and §8.5.
import {
  DELIVER,
  type Effect,
  ignore,
  linger,
  type MachineSettings,
  SEND,
  SEND_TRYING,
  start,
  type State,
  type Step,
  step,
  stop,
  TIMED_OUT,
  type TimerName,
  TRANSPORT_FAILED,
} from './machine.ts';
import { transactionTimeoutMs } from './timers.ts';

export type InviteServerName =
  /** §17.2.1: no final response yet */
  | 'Proceeding'
  /** §17.2.1: 300–699 sent, waiting for its ACK */
  | 'Completed'
  /** RFC 6026 §7.1: 2xx sent; the user repeats it until its ACK (§13.3.1.4), this absorbs repeated INVITEs */
  | 'Accepted'
  /** §17.2.1: ACK received; its repetitions are absorbed */
  | 'Confirmed'
  | 'Terminated';

export type ServerEvent =
  /** The same request once more. */
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  /** The transaction user answers; the response is already the last one when `send` is carried out. */
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'transport-error' };

export type InviteServerState = State<InviteServerName>;
type Result = Step<InviteServerName>;

/** Timer C bounds how long a user may leave an INVITE unanswered; every provisional response starts it anew. */
export function startInviteServer(settings: MachineSettings): Result {
  const trying = settings.tryingAfterMs === 0 ? SEND_TRYING : start('Trying', settings.tryingAfterMs);
  return step('Proceeding', 0, trying, start('C', settings.timerCMs), DELIVER);
}

export function stepInviteServer(
  state: InviteServerState,
  event: ServerEvent,
  settings: MachineSettings,
): Result {
  switch (state.name) {
    case 'Proceeding':
      return inProceeding(state, event, settings);
    case 'Completed':
      return inCompleted(state, event, settings);
    case 'Accepted':
      return inAccepted(state, event);
    case 'Confirmed':
      return event.type === 'timer' && event.timer === 'I' ? step('Terminated', 0) : ignore(state);
    case 'Terminated':
      return ignore(state);
  }
}

function inProceeding(state: InviteServerState, event: ServerEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'request':
      return step('Proceeding', 0, SEND);
    case 'respond':
      return respond(event.status, settings);
    case 'timer':
      if (event.timer === 'Trying') return step('Proceeding', 0, SEND_TRYING);
      return event.timer === 'C' ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    case 'transport-error':
      // RFC 6026 §8.5: a provisional response that could not be sent does not end the transaction.
      return step('Proceeding', 0, TRANSPORT_FAILED);
    case 'ack':
      return ignore(state);
  }
}

function respond(status: number, settings: MachineSettings): Result {
  const quiet = [stop('Trying'), stop('C')];
  const timeoutMs = transactionTimeoutMs(settings);
  if (status < 200) return step('Proceeding', 0, SEND, stop('Trying'), start('C', settings.timerCMs));
  if (status < 300) return step('Accepted', 0, SEND, ...quiet, start('L', timeoutMs));
  const timerH = start('H', timeoutMs);
  if (settings.reliable) return step('Completed', 0, SEND, ...quiet, timerH);
  return step('Completed', settings.t1Ms, SEND, ...quiet, start('G', settings.t1Ms), timerH);
}

function inCompleted(state: InviteServerState, event: ServerEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'request':
      return step('Completed', state.resendMs, SEND);
    case 'ack': {
      const quiet: Effect[] = [stop('G'), stop('H')];
      return linger('Confirmed', 'I', settings.reliable ? 0 : settings.t4Ms, ...quiet);
    }
    case 'timer':
      if (event.timer === 'G') {
        const resendMs = Math.min(state.resendMs * 2, settings.t2Ms);
        return step('Completed', resendMs, SEND, start('G', resendMs));
      }
      return event.timer === 'H' ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'respond':
      return ignore(state);
  }
}

function inAccepted(state: InviteServerState, event: ServerEvent): Result {
  switch (event.type) {
    case 'ack':
      return step('Accepted', 0, DELIVER);
    case 'respond':
      return event.status >= 200 && event.status < 300 ? step('Accepted', 0, SEND) : ignore(state);
    case 'timer':
      return event.timer === 'L' ? step('Terminated', 0) : ignore(state);
    case 'transport-error':
      return step('Accepted', 0, TRANSPORT_FAILED);
    case 'request':
      return ignore(state);
  }
}
