import { BLANK, inClass, isToken, trimBlanks, codeAt } from './chars.ts';
import { type SipFault, makeFault } from './fault.ts';
import { findKnownName, headerKey, headerSpelling } from './header-names.ts';
import { SipHeaders } from './headers.ts';
import { contentLengthHeader, parseShortNumber } from './headers/numbers.ts';
import type { ParseLimits } from './limits.ts';
import { parseStartLine, type StartLine } from './start-line.ts';

/** Everything before the empty line. Faults do not stop the scan: the other headers are needed for the answer. */
export interface MessageHead {
  readonly startLine: StartLine;
  readonly headers: SipHeaders;
  /** The first problem in the header lines. */
  readonly fault: SipFault | undefined;
  readonly contentLength: number | undefined;
  /** The reason why the length of the body cannot be known. */
  readonly contentLengthFault: SipFault | undefined;
}

/**
 * UTF-8 (RFC 3261 §7.3.1). A head that is not is read as Latin-1, which is what the phones that break the rule
 * mean by their accented display names.
 */
function decodeHead(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\uFFFD') && !isOwnReplacement(bytes, start, end)
    ? bytes.toString('latin1', start, end)
    : text;
}

/** True when U+FFFD stands in the octets themselves, so that decoding again changes nothing. */
function isOwnReplacement(bytes: Buffer, start: number, end: number): boolean {
  const part = bytes.subarray(start, end);
  return Buffer.from(part.toString('utf8'), 'utf8').equals(part);
}

/** `bytes[start, end)` is the head, each of its lines with its CRLF. */
export function scanHead(bytes: Buffer, start: number, end: number, limits: ParseLimits): MessageHead {
  const text = decodeHead(bytes, start, end);
  const lineEnd = text.indexOf('\n');
  const clean = lineEnd > 0 && text.indexOf('\r') === lineEnd - 1;
  const startLine = parseStartLine(clean ? text.slice(0, lineEnd - 1) : '', limits);
  const headers = new SipHeaders(limits);
  const fault = scanLines(text, lineEnd + 1, headers, limits);
  const length = readContentLength(headers);
  const isNumber = typeof length === 'number' || length === undefined;
  return {
    startLine,
    headers,
    fault,
    contentLength: isNumber ? length : undefined,
    contentLengthFault: isNumber ? undefined : length,
  };
}

function scanLines(
  text: string,
  from: number,
  headers: SipHeaders,
  limits: ParseLimits,
): SipFault | undefined {
  let fault: SipFault | undefined;
  let pos = from;
  for (let lines = 0; pos < text.length; lines++) {
    if (lines >= limits.maxHeaders) {
      return fault ?? makeFault('too-many-headers', 400, 'there are too many header lines');
    }
    let end = text.indexOf('\n', pos);
    if (end === -1) end = text.length;
    let broken = text.indexOf('\r', pos) !== end - 1;
    let folded = false;
    while (inClass(codeAt(text, end + 1), BLANK)) {
      folded = true;
      const next = text.indexOf('\n', end + 1);
      if (!broken && text.indexOf('\r', end + 1) !== next - 1) broken = true;
      end = next === -1 ? text.length : next;
    }
    const problem = broken
      ? 'a line does not end in CRLF'
      : addLine(text, pos, end - 1, folded, headers, limits.maxHeaderChars);
    if (problem !== undefined) fault ??= makeLineFault(problem, text, pos);
    pos = end + 1;
  }
  return fault;
}

function makeLineFault(problem: string, text: string, pos: number): SipFault {
  const colon = text.indexOf(':', pos);
  const name = colon === -1 || colon - pos > 40 ? '' : text.slice(pos, colon).trim();
  return makeFault('malformed-header', 400, problem, { header: headerSpelling(headerKey(name)) });
}

/** One unfolded line without its CRLF. Answers what is wrong with it. */
function addLine(
  text: string,
  from: number,
  to: number,
  folded: boolean,
  headers: SipHeaders,
  maxChars: number,
): string | undefined {
  const colon = text.indexOf(':', from);
  if (colon === -1 || colon >= to) return 'a header line has no colon';
  let nameEnd = colon;
  while (nameEnd > from && inClass(codeAt(text, nameEnd - 1), BLANK)) nameEnd--;
  const known = findKnownName(text, from, nameEnd);
  const name = known === undefined ? text.slice(from, nameEnd) : known.name;
  if (known === undefined && !isToken(name)) return 'a header name has a character that is not allowed';
  const key = known === undefined ? headerKey(name) : known.key;
  let start = colon + 1;
  let end = to;
  if (folded) {
    const value = unfold(text.slice(start, end));
    if (value.length > maxChars) return 'the value is too long';
    headers.addScanned(name, key, value);
    return undefined;
  }
  while (start < end && inClass(codeAt(text, start), BLANK)) start++;
  while (end > start && inClass(codeAt(text, end - 1), BLANK)) end--;
  if (end - start > maxChars) return 'the value is too long';
  headers.addScanned(name, key, text.slice(start, end));
  return undefined;
}

/** A fold with all blanks around it is one SP (RFC 3261 §7.3.1). */
function unfold(text: string): string {
  const lines = text.split('\r\n');
  return lines
    .map((line) => trimBlanks(line))
    .filter((line) => line !== '')
    .join(' ');
}

/** The length, undefined when there is no such header, or why it cannot be used (RFC 4475 §3.1.2.3, §3.3.9). */
function readContentLength(headers: SipHeaders): number | undefined | SipFault {
  const text = headers.firstByKey(contentLengthHeader.key);
  if (text === undefined) return undefined;
  const quick = parseShortNumber(text);
  const parsed = quick === -1 ? contentLengthHeader.parse(text) : undefined;
  const refuse = (problem: string): SipFault =>
    makeFault('content-length-invalid', 400, problem, { header: 'Content-Length' });
  if (parsed !== undefined && !parsed.ok) return refuse(parsed.problem);
  if (headers.count(contentLengthHeader.key) > 1) {
    const others = headers.all(contentLengthHeader.key);
    if (others.some((other) => other !== text)) return refuse('there are different values');
  }
  return parsed?.value ?? quick;
}
