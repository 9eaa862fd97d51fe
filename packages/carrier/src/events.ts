import type { TransportProtocol } from '@tronco/sip';
import type { CarrierFaults } from './faults/faults.ts';
import type { EchoCounts } from './media/echo-port.ts';

/** Where a message came from. */
export interface Peer {
  readonly protocol: TransportProtocol;
  readonly address: string;
  readonly port: number;
}

export interface CarrierAddress {
  readonly protocol: TransportProtocol;
  readonly host: string;
  readonly port: number;
  /** `sip:host:port;transport=tcp`, as a trunk names its carrier. */
  readonly uri: string;
}

interface CallFacts {
  readonly callId: string;
  readonly direction: 'from-customer' | 'into-customer';
}

/** Numbers are `+E.164` and not masked: whoever writes them down decides that. */
export type CarrierEventBody =
  | { readonly type: 'started'; readonly addresses: readonly CarrierAddress[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'faults-changed'; readonly faults: CarrierFaults }
  /** Octets that are no SIP message. */
  | { readonly type: 'malformed'; readonly peer: Peer; readonly problem: string }
  | { readonly type: 'handshake-failed'; readonly peer: Peer; readonly detail: string }
  | {
      readonly type: 'options';
      readonly peer: Peer;
      readonly customer: string | undefined;
      readonly status: number;
    }
  /** Asked for credentials; `reason` says what was wrong with those that came. */
  | {
      readonly type: 'challenged';
      readonly peer: Peer;
      readonly method: string;
      readonly status: number;
      readonly reason: string;
    }
  | {
      readonly type: 'registered';
      readonly peer: Peer;
      readonly customer: string;
      readonly contact: string;
      readonly expiresSeconds: number;
      /** False for the first of a binding. */
      readonly refreshed: boolean;
    }
  | {
      readonly type: 'unregistered';
      readonly customer: string;
      readonly contact: string;
      readonly cause: 'asked' | 'expired' | 'replaced';
    }
  | {
      readonly type: 'registration-refused';
      readonly peer: Peer;
      readonly username: string | undefined;
      readonly status: number;
      readonly detail: string;
    }
  | (CallFacts & {
      readonly type: 'call-refused';
      readonly peer: Peer;
      readonly customer: string | undefined;
      readonly status: number;
      /** Which check said no. */
      readonly rule: string;
      readonly detail: string;
    })
  | (CallFacts & {
      readonly type: 'call-started';
      readonly customer: string;
      readonly caller: string | undefined;
      readonly called: string;
      /** Calls from customers: what the number does. */
      readonly behaviour?: string | undefined;
      /** Calls into the platform: where they are sent. */
      readonly target?: string | undefined;
    })
  | (CallFacts & { readonly type: 'call-ringing'; readonly status: number })
  | (CallFacts & { readonly type: 'call-answered' })
  | (CallFacts & {
      readonly type: 'call-ended';
      /** A final status other than 200, or what ended an answered call. */
      readonly cause: string;
      readonly status: number | undefined;
      readonly media: EchoCounts;
    })
  /** A handler failed: a bug of this package. */
  | { readonly type: 'error'; readonly detail: string };

export type CarrierEvent = CarrierEventBody & {
  /** On the carrier's clock. */
  readonly atMs: number;
};

export type CarrierEventListener = (event: CarrierEvent) => void;

/** Everything that happens, in order, to whoever listens. */
export class EventHub {
  private readonly listeners = new Set<CarrierEventListener>();
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Answers how to stop listening. */
  subscribe(listener: CarrierEventListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  emit(body: CarrierEventBody): void {
    const event = { ...body, atMs: this.nowMs() };
    for (const listener of this.listeners) listener(event);
  }
}
