import type { SipResponse } from '@tronco/sip';

const LENGTH_MAX = 80;

/** What a peer wrote, safe to show: one line, bounded, no control or direction characters. */
export function peerText(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  return plain.length > LENGTH_MAX ? `${plain.slice(0, LENGTH_MAX - 1)}…` : plain;
}

/** `404 Not Found from Kamailio 5.8`: all that is ever repeated of an answer. */
export function answerText({ status, reasonPhrase, headers }: SipResponse): string {
  const server = headers.first('Server') ?? headers.first('User-Agent');
  const line = `${status} ${peerText(reasonPhrase)}`.trimEnd();
  return server === undefined ? line : `${line} from ${peerText(server)}`;
}
