// Non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.
import type { ClientEvent } from './invite-client-machine.ts';
import {
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
  TRANSPORT_FAILED,
} from './machine.ts';
import { transactionTimeoutMs } from './timers.ts';

export type NonInviteClientName =
  /** §17.1.2.2: sent, nothing heard */
  | 'Trying'
  /** §17.1.2.2: a provisional response has come; over UDP the request is still repeated, every T2 */
  | 'Proceeding'
  /** §17.1.2.2: the final response has come; its retransmissions are absorbed */
  | 'Completed'
  | 'Terminated';

export type NonInviteClientState = State<NonInviteClientName>;
type Result = Step<NonInviteClientName>;

export function startNonInviteClient(settings: MachineSettings): Result {
  const timerF = start('F', transactionTimeoutMs(settings));
  if (settings.reliable) return step('Trying', 0, SEND, timerF);
  return step('Trying', settings.t1Ms, SEND, start('E', settings.t1Ms), timerF);
}

export function stepNonInviteClient(
  state: NonInviteClientState,
  event: ClientEvent,
  settings: MachineSettings,
): Result {
  switch (state.name) {
    case 'Trying':
    case 'Proceeding':
      return beforeTheEnd(state, event, settings);
    case 'Completed':
      return event.type === 'timer' && event.timer === 'K' ? step('Terminated', 0) : ignore(state);
    case 'Terminated':
      return ignore(state);
  }
}

/** Trying and Proceeding differ only in the pace of timer E. */
function beforeTheEnd(state: NonInviteClientState, event: ClientEvent, settings: MachineSettings): Result {
  switch (event.type) {
    case 'timer':
      if (event.timer === 'E') {
        const doubled = Math.min(state.resendMs * 2, settings.t2Ms);
        const resendMs = state.name === 'Proceeding' ? settings.t2Ms : doubled;
        return step(state.name, resendMs, SEND, start('E', resendMs));
      }
      return event.timer === 'F' ? step('Terminated', 0, TIMED_OUT) : ignore(state);
    case 'response': {
      if (event.status < 200) return step('Proceeding', state.resendMs, DELIVER);
      const timerK = settings.reliable ? 0 : settings.t4Ms;
      return linger('Completed', 'K', timerK, DELIVER, stop('E'), stop('F'));
    }
    case 'transport-error':
      return step('Terminated', 0, TRANSPORT_FAILED);
    case 'cancelled':
      return ignore(state);
  }
}
