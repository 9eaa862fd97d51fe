import { reasonPhraseOf } from '../message/status.ts';
import type { Body } from './request-sender.ts';

const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?/;

export interface FragStatus {
  readonly status: number;
  readonly reasonPhrase: string;
}

/** The status line of a message/sipfrag body (RFC 3420, RFC 3515 §2.4.5); undefined when it has none. */
export function readSipfrag(body: Buffer): FragStatus | undefined {
  const match = STATUS_LINE.exec(body.toString('utf8', 0, 512));
  return match?.[1] === undefined ? undefined : { status: Number(match[1]), reasonPhrase: match[2] ?? '' };
}

export function makeSipfrag(status: number, reasonPhrase = reasonPhraseOf(status)): Body {
  const safe = reasonPhrase.replaceAll(/[\r\n]+/g, ' ');
  return {
    contentType: 'message/sipfrag;version=2.0',
    bytes: Buffer.from(`SIP/2.0 ${status} ${safe}\r\n`),
  };
}
