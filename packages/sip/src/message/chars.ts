// Character classes of RFC 3261 §25.1 as bits of one table: a lookup per character, no regular expression.

export const CR = 13;
export const LF = 10;
export const SP = 32;
export const QUOTE = 34;
export const PERCENT = 37;
export const COMMA = 44;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const AT = 64;
export const LEFT_BRACKET = 91;
export const BACKSLASH = 92;

/** `token` */
export const TOKEN = 1;
/** SP or HTAB; folds are already replaced when a value is read. */
export const BLANK = 2;
/** `unreserved / user-unreserved`, plus "#" which phones send unescaped in feature codes. */
export const USER = 4;
/** `param-unreserved / unreserved` */
export const URI_PARAM = 8;
/** Letters, digits, "-", "." and the "_" that real host names carry. */
export const HOST = 16;
export const HEX = 32;
export const DIGIT = 64;
/** `unreserved`: the characters that equal their own escape (RFC 3261 §19.1.4). */
export const UNRESERVED = 128;

const CLASSES = new Uint8Array(128);

function mark(characters: string, bit: number): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    CLASSES[code] = (CLASSES[code] ?? 0) | bit;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const MARKS = "-_.!~*'()";
mark(`${LETTERS}${DIGITS}-.!%*_+\`'~`, TOKEN);
mark(' \t', BLANK);
mark(`${LETTERS}${DIGITS}${MARKS}`, UNRESERVED);
mark(`${LETTERS}${DIGITS}${MARKS}&=+$,;?/#`, USER);
mark(`${LETTERS}${DIGITS}${MARKS}[]/:&+$`, URI_PARAM);
mark(`${LETTERS}${DIGITS}-._`, HOST);
mark(`${DIGITS}abcdefABCDEF`, HEX);
mark(DIGITS, DIGIT);

/** What `codeAt` gives past the end of a text. */
export const END = -1;

/** `charCodeAt` that stays an integer past the end: its NaN makes every scan loop two to three times slower. */
export function codeAt(text: string, pos: number): number {
  return pos < text.length ? text.charCodeAt(pos) : END;
}

/** False for END and for everything outside ASCII. */
export function inClass(code: number, bits: number): boolean {
  return (code & ~127) === 0 && ((CLASSES[code] ?? 0) & bits) !== 0;
}

/** Index of the first character at or after `from` that is not in the class. */
export function skipClass(text: string, from: number, bits: number): number {
  let pos = from;
  while (inClass(codeAt(text, pos), bits)) pos++;
  return pos;
}

/** `trim` would also take a BOM or a no-break space, which are part of a value. */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && inClass(codeAt(text, from), BLANK)) from++;
  while (to > from && inClass(codeAt(text, to - 1), BLANK)) to--;
  return text.slice(from, to);
}

export function isToken(text: string): boolean {
  return text.length > 0 && skipClass(text, 0, TOKEN) === text.length;
}

/** Index after the closing quote of the quoted-string that opens at `from`, or -1 if it never closes. */
export function skipQuoted(text: string, from: number): number {
  let pos = from + 1;
  for (;;) {
    const code = codeAt(text, pos);
    if (code === QUOTE) return pos + 1;
    if (code === END) return -1;
    pos += code === BACKSLASH ? 2 : 1;
  }
}

/** The content of a quoted-string (quotes included in `quoted`), quoted-pairs resolved. */
export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  let out = '';
  for (let i = 0; i < inner.length; i++) {
    if (codeAt(inner, i) === BACKSLASH) i++;
    out += inner.charAt(i);
  }
  return out;
}

/** A quoted-string. CR and LF cannot be written in one (RFC 3261 §25.1); the header container refuses them. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export function equalsIgnoreCase(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
