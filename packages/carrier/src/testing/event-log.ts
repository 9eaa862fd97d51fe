import type { Carrier } from '../carrier.ts';
import type { CarrierEvent } from '../events.ts';

type EventOf<T extends CarrierEvent['type']> = Extract<CarrierEvent, { readonly type: T }>;

/** Everything a carrier says, and a way to wait for it. */
export class EventLog {
  readonly all: CarrierEvent[] = [];
  private taken = 0;
  private wake: (() => void) | undefined;

  constructor(carrier: Carrier) {
    carrier.events.subscribe((event) => {
      this.all.push(event);
      this.wake?.();
    });
  }

  /** The next event of that type after those that were waited for before. */
  async next<T extends CarrierEvent['type']>(type: T): Promise<EventOf<T>> {
    for (;;) {
      while (this.taken < this.all.length) {
        const event = this.all[this.taken++];
        if (event?.type === type) return event as EventOf<T>;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  of<T extends CarrierEvent['type']>(type: T): readonly EventOf<T>[] {
    return this.all.filter((event): event is EventOf<T> => event.type === type);
  }
}
