import type { CarrierEventBody } from './events.ts';

export interface CarrierCounters {
  readonly options: number;
  readonly challenges: number;
  readonly registrations: number;
  readonly registrationsRefused: number;
  readonly callsFromCustomers: number;
  readonly callsIntoCustomers: number;
  readonly callsAnswered: number;
  readonly callsRefused: number;
  /** At this moment, ringing ones included. */
  readonly callsNow: number;
  readonly malformed: number;
  readonly rtpReceived: number;
  readonly rtpEchoed: number;
  /** Datagrams that the faults dropped, doubled or held back. */
  readonly datagramsDropped: number;
  readonly datagramsDuplicated: number;
  readonly datagramsReordered: number;
}

type Mutable = { -readonly [K in keyof CarrierCounters]: CarrierCounters[K] };

/** Sums of what the events say. */
export class EventCounter {
  private readonly counts: Mutable = {
    options: 0,
    challenges: 0,
    registrations: 0,
    registrationsRefused: 0,
    callsFromCustomers: 0,
    callsIntoCustomers: 0,
    callsAnswered: 0,
    callsRefused: 0,
    callsNow: 0,
    malformed: 0,
    rtpReceived: 0,
    rtpEchoed: 0,
    datagramsDropped: 0,
    datagramsDuplicated: 0,
    datagramsReordered: 0,
  };

  snapshot(more: Partial<CarrierCounters>): CarrierCounters {
    return { ...this.counts, ...more };
  }

  note(event: CarrierEventBody): void {
    const { counts } = this;
    if (event.type === 'options') counts.options++;
    else if (event.type === 'challenged') counts.challenges++;
    else if (event.type === 'registered') counts.registrations++;
    else if (event.type === 'registration-refused') counts.registrationsRefused++;
    else if (event.type === 'call-refused') counts.callsRefused++;
    else if (event.type === 'call-answered') counts.callsAnswered++;
    else if (event.type === 'malformed') counts.malformed++;
    else if (event.type === 'call-started') {
      counts.callsNow++;
      if (event.direction === 'from-customer') counts.callsFromCustomers++;
      else counts.callsIntoCustomers++;
    } else if (event.type === 'call-ended') {
      counts.callsNow--;
      counts.rtpReceived += event.media.received;
      counts.rtpEchoed += event.media.echoed;
    }
  }
}
