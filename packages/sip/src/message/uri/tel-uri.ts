import { DIGIT, HEX, inClass, SEMICOLON, codeAt } from '../chars.ts';
import type { ParseLimits } from '../limits.ts';
import { Params } from '../params.ts';
import type { Parsed } from '../result.ts';
import { readUriParams } from './sip-uri.ts';

/** A telephone number as a URI (RFC 3966). Immutable. */
export class TelUri {
  readonly kind = 'tel';
  readonly scheme = 'tel';
  /** As written, visual separators included: "+1-201-555-0123". */
  readonly number: string;
  readonly params: Params;
  private readonly text: string | undefined;

  constructor(number: string, params: Params = Params.noneInUri, text?: string) {
    this.number = number;
    this.params = params;
    this.text = text;
  }

  /** The number without visual separators (RFC 3966 §5.1.1): "+12015550123". */
  get digits(): string {
    let out = '';
    for (const character of this.number) if (!'-.()'.includes(character)) out += character;
    return out;
  }

  get isGlobal(): boolean {
    return this.number.startsWith('+');
  }

  /** Mandatory beside a local number (RFC 3966 §5.1.5); carriers leave it out, so its absence is no error. */
  get phoneContext(): string | undefined {
    return this.params.get('phone-context');
  }

  toString(): string {
    return this.text ?? `tel:${this.number}${this.params.toString()}`;
  }
}

/** `text` is the whole URI, its scheme already known to be "tel". */
export function parseTelUri(text: string, limits: ParseLimits): Parsed<TelUri> {
  const semicolon = text.indexOf(';');
  const end = semicolon === -1 ? text.length : semicolon;
  const number = text.slice(4, end);
  if (!isNumber(number)) return { ok: false, problem: 'the telephone number of the URI is not valid' };
  const params = readUriParams(text, end, limits.maxParams);
  if (typeof params === 'string') return { ok: false, problem: params };
  if (params.end !== text.length || codeAt(text, text.length - 1) === SEMICOLON) {
    return { ok: false, problem: 'the URI has a character that is not allowed' };
  }
  return { ok: true, value: new TelUri(number, params.params, text) };
}

/** global-number-digits or local-number-digits (RFC 3966 §3): at least one digit between the separators. */
function isNumber(text: string): boolean {
  const global = text.startsWith('+');
  let digits = 0;
  for (let i = global ? 1 : 0; i < text.length; i++) {
    const code = codeAt(text, i);
    const isDigit = inClass(code, DIGIT) || (!global && (inClass(code, HEX) || code === 42 || code === 35));
    if (isDigit) digits++;
    else if (!'-.()'.includes(text.charAt(i))) return false;
  }
  return digits > 0;
}
