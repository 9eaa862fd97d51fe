import { BLANK, codeAt, DIGIT, inClass, skipClass, skipQuoted, TOKEN, unquote } from './chars.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';

/**
 * A reading position in one unfolded header value. Readers return their value, or `undefined` after having set
 * `problem`: a result object for every parameter would cost more than the parsing.
 */
export class Cursor {
  readonly text: string;
  readonly limits: ParseLimits;
  pos = 0;
  problem = '';

  constructor(text: string, limits: ParseLimits = DEFAULT_LIMITS) {
    this.text = text;
    this.limits = limits;
  }

  /** The code of the next character, END past the last. */
  peek(): number {
    return codeAt(this.text, this.pos);
  }

  skipBlank(): void {
    while (inClass(codeAt(this.text, this.pos), BLANK)) this.pos++;
  }

  fail(problem: string): undefined {
    this.problem = problem;
    return undefined;
  }

  /** LWS around one separator character, as in HCOLON, SEMI, SLASH (RFC 3261 §25.1). */
  takeSeparator(code: number): boolean {
    this.skipBlank();
    if (this.peek() !== code) return false;
    this.pos++;
    this.skipBlank();
    return true;
  }

  readToken(what: string): string | undefined {
    const end = skipClass(this.text, this.pos, TOKEN);
    if (end === this.pos) return this.fail(`${what} is missing or has a character that is not allowed`);
    const token = this.text.slice(this.pos, end);
    this.pos = end;
    return token;
  }

  /** 1*DIGIT not above `max`. */
  readNumber(what: string, max: number): number | undefined {
    const start = this.pos;
    let value = 0;
    let code = this.peek();
    while (inClass(code, DIGIT)) {
      value = value * 10 + (code - 48);
      this.pos++;
      code = this.peek();
    }
    if (this.pos === start) return this.fail(`${what} is not a number`);
    if (value > max) return this.fail(`${what} is out of range`);
    return value;
  }

  readQuoted(): string | undefined {
    const end = skipQuoted(this.text, this.pos);
    if (end === -1) return this.fail('a quoted string is not closed');
    const value = unquote(this.text.slice(this.pos, end));
    this.pos = end;
    return value;
  }

  /** True at the end of the value; sets `problem` otherwise. */
  expectEnd(): boolean {
    this.skipBlank();
    if (this.pos === this.text.length) return true;
    this.problem = 'there is text after the value';
    return false;
  }
}
