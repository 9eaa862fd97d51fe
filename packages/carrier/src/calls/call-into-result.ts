import type { HeaderLines, NegotiatedAudio, Reason, SipResponse } from '@tronco/sip';
import type { EchoCounts } from '../media/echo-port.ts';
import type { DeliveryOptions } from './delivery.ts';

export interface CallIntoOptions extends DeliveryOptions {
  /** `delayed`: the INVITE carries no SDP, and the platform makes the offer. */
  readonly offer?: 'now' | 'delayed' | undefined;
  /** More headers for the INVITE. */
  readonly headers?: HeaderLines | undefined;
  /** Give back the packets that come; default false, they are only counted. */
  readonly echo?: boolean | undefined;
  /** CANCEL when it was not answered for so long. Default: five minutes. */
  readonly cancelAfterMs?: number | undefined;
  /** BYE so long after the answer. Default: whoever called `callInto`, or the platform, ends it. */
  readonly hangUpAfterMs?: number | undefined;
  /** CANCEL, or BYE once it was answered. */
  readonly signal?: AbortSignal | undefined;
}

export interface CallIntoEnd {
  /** `bye-received`, `bye-sent`, `no-ack`, `session-expired`, … */
  readonly cause: string;
  readonly media: EchoCounts;
}

/** An answered call. */
export interface PlacedCall {
  hangUp(): void;
  readonly ended: Promise<CallIntoEnd>;
  readonly audio: NegotiatedAudio | undefined;
  media(): EchoCounts;
}

/** Milliseconds from the INVITE on, by the carrier's clock. */
export interface CallIntoTimings {
  readonly firstResponseMs: number | undefined;
  readonly ringingMs: number | undefined;
  /** The final answer, or the end of waiting for one. */
  readonly finalMs: number;
}

export interface CallIntoResult {
  /**
   * `refused`: a final response of 300 or more. `unreachable`: none came at all. `not-placed`: nothing was sent, since
   * there was nowhere to send it.
   */
  readonly outcome: 'answered' | 'refused' | 'cancelled' | 'unreachable' | 'not-placed';
  /** That of the final response; 408, 487 or 503 where there is none, as RFC 3261 §8.1.3.1 counts it. */
  readonly status: number;
  /** The reason phrase, or what went wrong here. */
  readonly reason: string;
  /** RFC 3326 */
  readonly reasons: readonly Reason[];
  readonly callId: string | undefined;
  readonly timings: CallIntoTimings;
  /** 101 to 199, in order. */
  readonly progress: readonly { readonly status: number; readonly atMs: number; readonly hasSdp: boolean }[];
  readonly sdp: { readonly local: string | undefined; readonly remote: string | undefined };
  /** The final response as it came. */
  readonly response: SipResponse | undefined;
  /** With `answered` only. */
  readonly call: PlacedCall | undefined;
}

const NO_TIMINGS: CallIntoTimings = { firstResponseMs: undefined, ringingMs: undefined, finalMs: 0 };

export const notPlaced = (reason: string): CallIntoResult => ({
  outcome: 'not-placed',
  status: 503,
  reason,
  reasons: [],
  callId: undefined,
  timings: NO_TIMINGS,
  progress: [],
  sdp: { local: undefined, remote: undefined },
  response: undefined,
  call: undefined,
});
