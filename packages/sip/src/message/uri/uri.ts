import { COLON, codeAt } from '../chars.ts';
import { DEFAULT_LIMITS, type ParseLimits } from '../limits.ts';
import type { Parsed } from '../result.ts';
import { parseSipUri, type SipUri } from './sip-uri.ts';
import { parseTelUri, type TelUri } from './tel-uri.ts';

/** A URI of a scheme this package does not interpret: kept whole, so that it can be refused or passed on. */
export class OtherUri {
  readonly kind = 'other';
  /** Lower case. */
  readonly scheme: string;
  private readonly text: string;

  constructor(scheme: string, text: string) {
    this.scheme = scheme;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type Uri = SipUri | TelUri | OtherUri;

/** Parses a whole addr-spec; no blanks and no angle brackets may stand in it (RFC 4475 §3.1.2.7, §3.1.2.14). */
export function parseUri(text: string, limits: ParseLimits = DEFAULT_LIMITS): Parsed<Uri> {
  if (text.startsWith('sip:')) return parseSipUri(text, 'sip', limits);
  if (text.startsWith('sips:')) return parseSipUri(text, 'sips', limits);
  const colon = schemeEnd(text);
  if (colon === -1) return { ok: false, problem: 'the URI has no scheme' };
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return parseSipUri(text, scheme, limits);
  if (scheme === 'tel') return parseTelUri(text, limits);
  for (let i = colon + 1; i < text.length; i++) {
    const code = codeAt(text, i);
    if (code <= 32 || code >= 127 || code === 60 || code === 62 || code === 34) {
      return { ok: false, problem: 'the URI has a character that is not allowed' };
    }
  }
  if (colon + 1 === text.length) return { ok: false, problem: 'the URI is empty after its scheme' };
  return { ok: true, value: new OtherUri(scheme, text) };
}

/** Index of the colon after `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`, or -1 (RFC 3261 §25.1). */
function schemeEnd(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = codeAt(text, i);
    if (code === COLON) return i === 0 ? -1 : i;
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (letter) continue;
    const other = (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
    if (i === 0 || !other) return -1;
  }
  return -1;
}
