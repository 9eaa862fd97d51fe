import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Effect, MachineSettings, State, Step, TimerName } from './machine.ts';

export interface Machine<Name extends string, Event> {
  start(settings: MachineSettings): Step<Name>;
  step(state: State<Name>, event: Event, settings: MachineSettings): Step<Name>;
}

/**
 * Carries out what a machine decides: owns its timers and keeps events in order. The transaction user is called
 * last, when state and timers are settled, so that it may answer, cancel or send from inside the call.
 */
export abstract class MachineRunner<Name extends string, Event, Message> {
  readonly settings: MachineSettings;
  private readonly machine: Machine<Name, Event>;
  private readonly clock: Clock;
  private readonly timers = new Map<TimerName, CancelTimer>();
  private readonly waiting: { readonly event: Event; readonly message: Message | undefined }[] = [];
  private current: State<Name | 'Terminated'> = { name: 'Terminated', resendMs: 0 };
  private settling = false;

  constructor(machine: Machine<Name, Event>, clock: Clock, settings: MachineSettings) {
    this.machine = machine;
    this.clock = clock;
    this.settings = settings;
  }

  /** The state as the RFC names it. */
  get stateName(): Name | 'Terminated' {
    return this.current.name;
  }

  get isTerminated(): boolean {
    return this.current.name === 'Terminated';
  }

  protected begin(message: Message | undefined): void {
    this.apply(this.machine.start(this.settings), message);
  }

  /** Ends it without a word: the owner is shutting down. */
  protected stopNow(): void {
    this.current = { name: 'Terminated', resendMs: 0 };
    this.waiting.length = 0;
    this.stopTimers();
  }

  protected handle(event: Event, message?: Message): void {
    if (this.settling) {
      this.waiting.push({ event, message });
      return;
    }
    if (this.isTerminated) return;
    // A state whose name is not Terminated is one of the machine's own.
    const state = this.current as State<Name>;
    this.apply(this.machine.step(state, event, this.settings), message);
  }

  protected abstract timerEvent(timer: TimerName): Event;
  protected abstract send(): void;
  protected abstract sendTrying(): void;
  protected abstract acknowledge(message: Message): void;
  protected abstract deliver(message: Message): void;
  protected abstract inform(reason: 'timeout' | 'transport-error'): void;
  /** Called once; afterwards no message finds this transaction. */
  protected abstract forget(): void;
  protected abstract terminated(): void;

  private apply(result: Step<Name>, message: Message | undefined): void {
    this.current = result.state;
    this.settling = true;
    for (const effect of result.effects) this.carryOut(effect, message);
    const ended = this.isTerminated;
    if (ended) {
      this.stopTimers();
      this.forget();
    }
    this.settling = false;
    try {
      this.tellUser(result.effects, message);
    } finally {
      // An error of the user's must not leave the machine standing.
      if (ended) this.terminated();
      const next = this.waiting.shift();
      if (next !== undefined) this.handle(next.event, next.message);
    }
  }

  private tellUser(effects: readonly Effect[], message: Message | undefined): void {
    for (const effect of effects) {
      if (effect.do === 'deliver' && message !== undefined) this.deliver(message);
      else if (effect.do === 'inform') this.inform(effect.reason);
    }
  }

  private carryOut(effect: Effect, message: Message | undefined): void {
    switch (effect.do) {
      case 'send':
        return this.send();
      case 'send-trying':
        return this.sendTrying();
      case 'ack':
        return message === undefined ? undefined : this.acknowledge(message);
      case 'start':
        return this.startTimer(effect.timer, effect.afterMs);
      case 'stop':
        return this.stopTimer(effect.timer);
      case 'deliver':
      case 'inform':
        return undefined;
    }
  }

  private startTimer(timer: TimerName, afterMs: number): void {
    this.stopTimer(timer);
    const fire = (): void => {
      this.timers.delete(timer);
      this.handle(this.timerEvent(timer));
    };
    this.timers.set(timer, this.clock.setTimer(afterMs, fire));
  }

  private stopTimer(timer: TimerName): void {
    this.timers.get(timer)?.();
    this.timers.delete(timer);
  }

  private stopTimers(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }
}
