// What a REGISTER client decides (RFC 3261 §10.2), without time or network.
import type { RequestResult } from '../dialog/request-sender.ts';
import { contactExpires, contactHeader } from '../message/headers/contact.ts';
import type { NameAddr } from '../message/headers/name-addr.ts';
import { expiresHeader, minExpiresHeader } from '../message/headers/numbers.ts';
import { retryAfterHeader } from '../message/headers/retry-after.ts';
import type { SipResponse } from '../message/message.ts';
import { uriEquals } from '../message/uri/compare.ts';
import type { Uri } from '../message/uri/uri.ts';

export interface RegistrationPolicy {
  /** What is asked for; the registrar may grant less (§10.2.8). */
  readonly expiresSeconds: number;
  /** First pause after a failure; doubles each time (RFC 5626 §4.5). */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** After a refusal that another try will hardly change: a password, an unknown account. Carriers ban for less. */
  readonly rejectedRetryMs: number;
}

export const DEFAULT_REGISTRATION_POLICY: RegistrationPolicy = {
  expiresSeconds: 600,
  retryBaseMs: 5_000,
  retryMaxMs: 300_000,
  rejectedRetryMs: 900_000,
};

export interface Binding {
  /** `rewritten`: the registrar shows another address for us, as those that mend NAT do. `absent`: it shows none. */
  readonly contact: 'exact' | 'rewritten' | 'absent';
  readonly expiresSeconds: number;
}

/** Our binding in the 2xx (§10.2.4): its own `expires`, else Expires, else what was asked for. */
export function readBinding(response: SipResponse, own: Uri, requestedSeconds: number): Binding {
  const contacts = response.headers.values(contactHeader);
  const fallback = response.headers.value(expiresHeader) ?? requestedSeconds;
  const granted = (contact: NameAddr): number => contactExpires(contact) ?? fallback;
  const exact = contacts.find((contact) => uriEquals(contact.uri, own));
  if (exact !== undefined) return { contact: 'exact', expiresSeconds: granted(exact) };
  const sameUser = contacts.filter((contact) => userOf(contact.uri) === userOf(own));
  // Bindings of other phones of the account may stand beside ours: the newest lives longest.
  const longest = sameUser.toSorted((a, b) => granted(b) - granted(a))[0];
  if (longest !== undefined) return { contact: 'rewritten', expiresSeconds: granted(longest) };
  return { contact: 'absent', expiresSeconds: fallback };
}

const userOf = (uri: Uri): string | undefined => (uri.kind === 'sip' ? uri.user : undefined);

/** Early enough for a whole transaction to fail and another to succeed, spread so that trunks do not march in step. */
export function refreshDelayMs(expiresSeconds: number, unit: number): number {
  const totalMs = expiresSeconds * 1_000;
  const leadMs = Math.max(Math.min(totalMs / 2, 40_000), totalMs / 10);
  return (totalMs - leadMs) * (0.9 + 0.1 * unit);
}

export type RegistrationOutcome =
  | { readonly kind: 'registered' }
  /** §10.2.8: ask again at once, for so long. */
  | { readonly kind: 'interval-too-brief'; readonly expiresSeconds: number }
  /** Try again by itself, soon. */
  | { readonly kind: 'retry'; readonly notBeforeMs: number }
  /** Somebody has to change something; tried again rarely. */
  | { readonly kind: 'rejected'; readonly notBeforeMs: number };

/** Statuses that tell of the account or the request, not of the moment. */
const REJECTIONS: ReadonlySet<number> = new Set([
  400, 401, 402, 403, 404, 405, 407, 410, 416, 420, 485, 501, 604,
]);

export function readOutcome(result: RequestResult, requestedSeconds: number): RegistrationOutcome {
  if (result.kind === 'failure') return { kind: 'retry', notBeforeMs: 0 };
  const { response, status } = result;
  if (status < 300) return { kind: 'registered' };
  if (status === 423) {
    const expiresSeconds = response.headers.value(minExpiresHeader);
    if (expiresSeconds !== undefined && expiresSeconds > requestedSeconds) {
      return { kind: 'interval-too-brief', expiresSeconds };
    }
  }
  const notBeforeMs = (response.headers.value(retryAfterHeader)?.seconds ?? 0) * 1_000;
  return { kind: REJECTIONS.has(status) ? 'rejected' : 'retry', notBeforeMs };
}

/** RFC 5626 §4.5: doubling, with a ceiling, half of it left to chance. A day is the longest that is believed. */
export function retryDelayMs(
  policy: RegistrationPolicy,
  outcome: Extract<RegistrationOutcome, { readonly kind: 'retry' | 'rejected' }>,
  failuresInARow: number,
  unit: number,
): number {
  const doubled = policy.retryBaseMs * 2 ** Math.min(failuresInARow - 1, 20);
  const upTo = outcome.kind === 'rejected' ? policy.rejectedRetryMs : Math.min(doubled, policy.retryMaxMs);
  return Math.max(upTo * (0.5 + 0.5 * unit), Math.min(outcome.notBeforeMs, 86_400_000));
}
