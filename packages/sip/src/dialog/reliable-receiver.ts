// Reliable provisional responses, the client's side: RFC 3262 §4.
import { requireHeader, supportedHeader } from '../message/headers/option-tags.ts';
import { rackHeader, rseqHeader } from '../message/headers/reliability.ts';
import type { SipMessage, SipResponse } from '../message/message.ts';
import type { HeaderLines } from './request-sender.ts';

const has100rel = (tags: readonly string[]): boolean => tags.some((tag) => tag.toLowerCase() === '100rel');

export const requires100rel = (message: SipMessage): boolean =>
  has100rel(message.headers.values(requireHeader));

export const supports100rel = (message: SipMessage): boolean =>
  requires100rel(message) || has100rel(message.headers.values(supportedHeader));

export class ReliableReceiver {
  private last: number | undefined;

  /**
   * `plain`: an ordinary provisional response. `acknowledge`: a new reliable one, send a PRACK. `ignore`: one that was
   * acknowledged before, or one that has overtaken another, which comes again by itself (§4).
   */
  take(response: SipResponse): 'plain' | 'acknowledge' | 'ignore' {
    const sequence = response.headers.value(rseqHeader);
    if (sequence === undefined || response.status === 100 || !requires100rel(response)) return 'plain';
    if (this.last !== undefined && sequence !== this.last + 1) return 'ignore';
    this.last = sequence;
    return 'acknowledge';
  }
}

/** §7.2: which response a PRACK is for. */
export function rackFor(response: SipResponse): HeaderLines {
  const { sequence, method } = response.cseq;
  const responseNumber = response.headers.value(rseqHeader) ?? 0;
  return [['RAck', rackHeader.format({ responseNumber, sequence, method })]];
}
