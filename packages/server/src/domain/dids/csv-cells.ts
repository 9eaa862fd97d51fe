/**
 * How a DID's texts stand in CSV cells. Spreadsheets run a cell that starts with = + - @ as a formula,
 * so such a text gets an apostrophe in front, which reading takes off again. A text that already looks
 * like that gets one more, so that every text comes back exactly as it was.
 */
const NEEDS_APOSTROPHE = /^'*[=+\-@\t\r]/;
const HAS_APOSTROPHE = /^'+[=+\-@\t\r]/;

export const guardFormula = (text: string): string => (NEEDS_APOSTROPHE.test(text) ? `'${text}` : text);

export const unguardFormula = (cell: string): string => (HAS_APOSTROPHE.test(cell) ? cell.slice(1) : cell);

/** `a;b`; a semicolon or backslash inside a tag has a backslash in front. */
export const joinTags = (tags: readonly string[]): string =>
  tags.map((tag) => tag.replaceAll(/[\\;]/g, String.raw`\$&`)).join(';');

export function splitTags(cell: string): string[] {
  if (!cell.includes('\\')) return cell.split(';');
  const tags = [''];
  for (const [part] of cell.matchAll(/\\[\\;]|[^]/g)) {
    if (part === ';') tags.push('');
    else tags[tags.length - 1] += part.length === 2 ? part.slice(1) : part;
  }
  return tags;
}

const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** One CSV field (RFC 4180 §2). */
export const csvField = (text: string): string =>
  NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
