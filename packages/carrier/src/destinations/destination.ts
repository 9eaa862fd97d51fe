/** What a number does when it is called. Times are milliseconds from the INVITE on. */
export type PlainBehaviour =
  | {
      readonly kind: 'answer';
      /** 180 after so long; left out it rings at once. */
      readonly ringAfterMs?: number | undefined;
      /** 183 with SDP instead of 180: packets are given back before the answer. */
      readonly earlyMedia?: boolean | undefined;
      readonly answerAfterMs: number;
      /** After the answer; left out the call is held until the caller ends it. */
      readonly hangUpAfterMs?: number | undefined;
    }
  | {
      readonly kind: 'refuse';
      readonly status: number;
      /** Left out it does not ring before. */
      readonly ringAfterMs?: number | undefined;
      readonly refuseAfterMs?: number | undefined;
      readonly retryAfterSeconds?: number | undefined;
    }
  /** Rings until the caller gives up, at the latest after so long: 480. */
  | { readonly kind: 'no-answer'; readonly giveUpAfterMs: number };

export type DestinationBehaviour =
  | PlainBehaviour
  /** Refuses the first calls of a customer to this number within a minute, then does the other. */
  | {
      readonly kind: 'recovers';
      readonly failures: number;
      readonly status: number;
      readonly retryAfterSeconds?: number | undefined;
      readonly afterwards: PlainBehaviour;
    };

export interface MagicNumber {
  /** `+E.164` */
  readonly number: string;
  /** For events and lists: "busy". */
  readonly name: string;
  readonly summary: string;
  readonly behaviour: DestinationBehaviour;
}

export type DestinationTable = readonly MagicNumber[];

/** +1 202 555 01xx is kept free for fiction by the administration of the North American plan. */
export const MAGIC_NUMBERS: DestinationTable = [
  {
    number: '+12025550100',
    name: 'echo',
    summary: 'rings, answers after a second and gives back what it hears',
    behaviour: { kind: 'answer', answerAfterMs: 1_000 },
  },
  {
    number: '+12025550101',
    name: 'busy',
    summary: '486 Busy Here',
    behaviour: { kind: 'refuse', status: 486 },
  },
  {
    number: '+12025550102',
    name: 'declines',
    summary: 'rings, then 603 Decline',
    behaviour: { kind: 'refuse', status: 603, ringAfterMs: 0, refuseAfterMs: 2_000 },
  },
  {
    number: '+12025550103',
    name: 'no-answer',
    summary: 'rings until the caller cancels, at most three minutes, then 480',
    behaviour: { kind: 'no-answer', giveUpAfterMs: 180_000 },
  },
  {
    number: '+12025550104',
    name: 'recovers',
    summary: '503 with Retry-After for the first call, an answer for the next within a minute',
    behaviour: {
      kind: 'recovers',
      failures: 1,
      status: 503,
      retryAfterSeconds: 1,
      afterwards: { kind: 'answer', answerAfterMs: 0 },
    },
  },
  {
    number: '+12025550105',
    name: 'early-media',
    summary: '183 with SDP, then an answer after three seconds',
    behaviour: { kind: 'answer', earlyMedia: true, answerAfterMs: 3_000 },
  },
  {
    number: '+12025550106',
    name: 'slow-ringing',
    summary: '180 only after eight seconds, then an answer',
    behaviour: { kind: 'answer', ringAfterMs: 8_000, answerAfterMs: 9_000 },
  },
  {
    number: '+12025550107',
    name: 'unallocated',
    summary: '404 Not Found',
    behaviour: { kind: 'refuse', status: 404 },
  },
  {
    number: '+12025550108',
    name: 'not-acceptable',
    summary: '488 Not Acceptable Here',
    behaviour: { kind: 'refuse', status: 488 },
  },
  {
    number: '+12025550109',
    name: 'hangs-up',
    summary: 'answers at once and hangs up after five seconds',
    behaviour: { kind: 'answer', answerAfterMs: 0, hangUpAfterMs: 5_000 },
  },
];
