// INVITE client transaction: RFC 3261 §17.1.1, figure 5, as corrected by RFC 6026 §7.2 and §8.4.
import {
  ACK,
  DELIVER,
  ignore,
  linger,
  type MachineSettings,
  SEND,
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

export type InviteClientName =
  /** §17.1.1.2: sent, nothing heard */
  | 'Calling'
  /** §17.1.1.2: a provisional response has come */
  | 'Proceeding'
  /** §17.1.1.2: 300–699; its retransmissions are acknowledged */
  | 'Completed'
  /** RFC 6026 §7.2: 2xx; more of them may come, from this and other branches */
  | 'Accepted'
  | 'Terminated';

export type ClientEvent =
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'transport-error' }
  /** A CANCEL has been sent for this INVITE (§9.1). */
  | { readonly type: 'cancelled' };

export type InviteClientState = State<InviteClientName>;
type Result = Step<InviteClientName>;

export function startInviteClient(settings: MachineSettings): Result {
  const timerB = start('B', transactionTimeoutMs(settings));
  if (settings.reliable) return step('Calling', 0, SEND, timerB);
  return step('Calling', settings.t1Ms, SEND, start('A', settings.t1Ms), timerB);
}

export function stepInviteClient(
  state: InviteClientState,
  event: ClientEvent,
  settings: MachineSettings,
): Result {
  switch (state.name) {
    case 'Calling':
      return inCalling(state, event, settings);
    case 'Proceeding':
      return inProceeding(state, event, settings);
    case 'Completed':
      return inCompleted(state, event);
    case 'Accepted':
      return inAccepted(state, event);
    case 'Terminated':
      return ignore(state);
  }
}

function inCalling(state: InviteClientState, event: ClientEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'timer':
      if (event.timer === 'A') {
        const resendMs = state.resendMs * 2;
        return step('Calling', resendMs, SEND, start('A', resendMs));
      }
      return event.timer === 'B' ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    case 'response': {
      const quiet = [stop('A'), stop('B')];
      if (event.status < 200) return step('Proceeding', 0, DELIVER, ...quiet, start('C', settings.timerCMs));
      return finish(event.status, settings, quiet);
    }
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'cancelled':
      return ignore(state);
  }
}

function inProceeding(state: InviteClientState, event: ClientEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'response':
      if (event.status >= 200) return finish(event.status, settings, [stop('C'), stop('Cancel')]);
      // §16.7 item 2: a provisional response other than 100 shows that somebody is still there.
      return event.status === 100
        ? step('Proceeding', 0, DELIVER)
        : step('Proceeding', 0, DELIVER, start('C', settings.timerCMs));
    case 'timer': {
      const over = event.timer === 'C' || event.timer === 'Cancel';
      return over ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    }
    case 'cancelled':
      return step('Proceeding', 0, start('Cancel', transactionTimeoutMs(settings)));
    case 'transport-error':
      // Nothing is being sent in this state; the answer may come over another connection (§18.2.2).
      return ignore(state);
  }
}

function finish(
  status: number,
  settings: MachineSettings,
  quiet: readonly ReturnType<typeof stop>[],
): Result {
  if (status < 300) return linger('Accepted', 'M', transactionTimeoutMs(settings), DELIVER, ...quiet);
  const timerD = settings.reliable ? 0 : settings.timerDMs;
  return linger('Completed', 'D', timerD, ACK, DELIVER, ...quiet);
}

function inCompleted(state: InviteClientState, event: ClientEvent): Result {
  switch (event.type) {
    case 'response':
      return event.status >= 300 ? step('Completed', 0, ACK) : ignore(state);
    case 'timer':
      return event.timer === 'D' ? step('Terminated', 0) : ignore(state);
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'cancelled':
      return ignore(state);
  }
}

function inAccepted(state: InviteClientState, event: ClientEvent): Result {
  if (event.type === 'response' && event.status >= 200 && event.status < 300) {
    return step('Accepted', 0, DELIVER);
  }
  if (event.type === 'timer' && event.timer === 'M') return step('Terminated', 0);
  return ignore(state);
}
