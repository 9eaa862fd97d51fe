import { COLON, DIGIT, HEX, HOST, inClass, LEFT_BRACKET, skipClass, codeAt } from '../chars.ts';

/** Index after the host that starts at `from`, or -1: hostname, IPv4address or IPv6reference (RFC 3261 §25.1). */
export function skipHost(text: string, from: number): number {
  if (codeAt(text, from) !== LEFT_BRACKET) {
    const end = skipClass(text, from, HOST);
    return end === from ? -1 : end;
  }
  let pos = from + 1;
  for (;;) {
    const code = codeAt(text, pos);
    if (code === 93) return pos === from + 1 ? -1 : pos + 1;
    if (!inClass(code, HEX) && code !== COLON && code !== 46) return -1;
    pos++;
  }
}

/** The port in `text[from, to)`, or -1 when it is not 1*DIGIT up to 65535. */
export function parsePort(text: string, from: number, to: number): number {
  if (to === from || to - from > 9) return -1;
  let port = 0;
  for (let i = from; i < to; i++) {
    const code = codeAt(text, i);
    if (!inClass(code, DIGIT)) return -1;
    port = port * 10 + (code - 48);
  }
  return port > 65_535 ? -1 : port;
}

/** Brackets around a bare IPv6 address; anything else unchanged. */
export function hostForUri(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
