// Offers that cross (RFC 3261 §14.1–14.2, RFC 3311 §5.2). Times are values; the caller owns the timers.

/**
 * How long to wait after a 491 before trying again, in milliseconds in steps of 10: 2.1–4 s for the side that owns
 * the Call-ID, 0–2 s for the other, so that the second attempts miss each other. `random` returns [0, 1).
 */
export function glareRetryDelayMs(ownsCallId: boolean, random: () => number): number {
  const [from, to] = ownsCallId ? [210, 400] : [0, 200];
  const step = from + Math.floor(random() * (to - from + 1));
  return Math.min(step, to) * 10;
}

export interface PendingOffers {
  /** We sent an INVITE, or an UPDATE with an offer, in this dialog and have no final response or answer yet. */
  readonly localPending: boolean;
  /** The peer's earlier INVITE or offer in this dialog is not finally answered by us. */
  readonly remotePending: boolean;
}

export type IncomingOfferDecision =
  | { readonly action: 'accept' }
  | { readonly action: 'refuse'; readonly status: 491 }
  | { readonly action: 'refuse'; readonly status: 500; readonly retryAfterSeconds: number };

/** What to answer to a re-INVITE or UPDATE that arrives now. */
export function decideIncomingOffer(pending: PendingOffers, random: () => number): IncomingOfferDecision {
  // RFC 3261 §14.2: a second INVITE while the first is unanswered gets 500 with a Retry-After of 0–10 s.
  if (pending.remotePending) {
    return { action: 'refuse', status: 500, retryAfterSeconds: Math.min(10, Math.floor(random() * 11)) };
  }
  return pending.localPending ? { action: 'refuse', status: 491 } : { action: 'accept' };
}

/** RFC 3261 §14.1: no new INVITE in a dialog while one is under way in either direction. */
export function mayOffer(pending: PendingOffers): boolean {
  return !pending.localPending && !pending.remotePending;
}
