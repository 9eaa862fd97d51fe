// Non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, as corrected by RFC 4320 §4.
import type { ServerEvent } from './invite-server-machine.ts';
import {
  DELIVER,
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
  TRANSPORT_FAILED,
} from './machine.ts';
import { timerEReachesT2Ms, transactionTimeoutMs } from './timers.ts';

export type NonInviteServerName =
  /** §17.2.2: nothing answered yet; repeated requests are absorbed */
  | 'Trying'
  /** §17.2.2: 100 has been sent */
  | 'Proceeding'
  /** §17.2.2: the final response has been sent and answers every repetition */
  | 'Completed'
  | 'Terminated';

export type NonInviteServerState = State<NonInviteServerName>;
type Result = Step<NonInviteServerName>;

/**
 * RFC 4320 §4.1: 100 goes out only when the client's timer E has reached T2. §4.2: nobody waits for an answer after
 * 64*T1, so none is sent then, and timer F's counterpart ends the transaction.
 */
export function startNonInviteServer(settings: MachineSettings): Result {
  const trying = start('Trying', timerEReachesT2Ms(settings));
  return step('Trying', 0, trying, start('F', transactionTimeoutMs(settings)), DELIVER);
}

export function stepNonInviteServer(
  state: NonInviteServerState,
  event: ServerEvent,
  settings: MachineSettings,
): Result {
  switch (state.name) {
    case 'Trying':
      return event.type === 'request' ? ignore(state) : unanswered(state, event, settings);
    case 'Proceeding':
      return event.type === 'request' ? step('Proceeding', 0, SEND) : unanswered(state, event, settings);
    case 'Completed':
      return inCompleted(state, event);
    case 'Terminated':
      return ignore(state);
  }
}

function unanswered(state: NonInviteServerState, event: ServerEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'respond': {
      if (event.status < 200) return provisional(state, event.status);
      // RFC 4320 §4.2: the client has already decided for itself that it timed out.
      if (event.status === 408) return ignore(state);
      const timerJ = settings.reliable ? 0 : transactionTimeoutMs(settings);
      return linger('Completed', 'J', timerJ, SEND, stop('Trying'), stop('F'));
    }
    case 'timer':
      if (event.timer === 'Trying' && state.name === 'Trying') return step('Proceeding', 0, SEND_TRYING);
      return event.timer === 'F' ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'ack':
    case 'request':
      return ignore(state);
  }
}

/** RFC 4320 §4.1: no provisional response but 100, and that one is ours to time. */
function provisional(state: NonInviteServerState, status: number): Result {
  return status === 100 && state.name === 'Proceeding' ? step('Proceeding', 0, SEND) : ignore(state);
}

function inCompleted(state: NonInviteServerState, event: ServerEvent): Result {
  switch (event.type) {
    case 'request':
      return step('Completed', 0, SEND);
    case 'timer':
      return event.timer === 'J' ? step('Terminated', 0) : ignore(state);
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'respond':
    case 'ack':
      return ignore(state);
  }
}
