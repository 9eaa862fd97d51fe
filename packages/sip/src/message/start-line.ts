import { inClass, isToken, SP, codeAt } from './chars.ts';
import { type SipFault, makeFault } from './fault.ts';
import type { ParseLimits } from './limits.ts';
import { parseUri, type Uri } from './uri/uri.ts';

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: Uri }
  | { readonly kind: 'response'; readonly status: number; readonly reasonPhrase: string }
  | {
      readonly kind: 'fault';
      readonly subject: 'request' | 'response' | 'unknown';
      readonly method: string | undefined;
      readonly fault: SipFault;
    };

/** RFC 3261 §7.1, §7.2. One SP between the elements and none at the ends (RFC 4475 §3.1.2.8 to §3.1.2.10). */
export function parseStartLine(line: string, limits: ParseLimits): StartLine {
  if (startsWithSip(line)) return parseStatusLine(line);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, Math.max(0, first));
  // Exactly two, with something between them; a tab inside the URI is refused by the URI parser.
  const wellSpaced = last > first + 1 && line.indexOf(' ', first + 1) === last;
  if (!wellSpaced || !isToken(method)) return refuseLine(line, method);
  const version = line.slice(last + 1);
  if (version !== 'SIP/2.0') {
    if (!isVersion(version)) return refuseLine(line, method);
    if (version.toUpperCase() !== 'SIP/2.0') {
      const fault = makeFault('unsupported-version', 505, 'only SIP/2.0 is spoken here');
      return { kind: 'fault', subject: 'request', method, fault };
    }
  }
  const target = line.slice(first + 1, last);
  const uri = parseUri(target, limits);
  if (uri.ok) return { kind: 'request', method, uri: uri.value };
  const fault = makeFault('malformed-request-uri', 400, `Request-URI: ${uri.problem}`);
  return { kind: 'fault', subject: 'request', method, fault };
}

function startsWithSip(line: string): boolean {
  return line.startsWith('SIP/') || (codeAt(line, 3) === 47 && line.slice(0, 4).toUpperCase() === 'SIP/');
}

/** "SIP" "/" 1*DIGIT "." 1*DIGIT in any case (RFC 3261 §7.1). */
function isVersion(text: string): boolean {
  if (text.slice(0, 4).toUpperCase() !== 'SIP/') return false;
  const parts = text.slice(4).split('.');
  return parts.length === 2 && parts.every((part) => part !== '' && isDigits(part));
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!inClass(codeAt(text, i), 64)) return false;
  return true;
}

/** A line that names SIP somewhere is a request gone wrong and gets its 400; all else is not for us. */
function refuseLine(line: string, method: string): StartLine {
  if (isToken(method) && line.toUpperCase().includes(' SIP/')) {
    const problem = 'the request line is not method, one space, URI, one space, SIP/2.0';
    return {
      kind: 'fault',
      subject: 'request',
      method,
      fault: makeFault('malformed-start-line', 400, problem),
    };
  }
  const fault = makeFault('not-sip', 400, 'this is not a SIP message');
  return { kind: 'fault', subject: 'unknown', method: undefined, fault };
}

function parseStatusLine(line: string): StartLine {
  const refuse = (problem: string): StartLine => ({
    kind: 'fault',
    subject: 'response',
    method: undefined,
    fault: makeFault('malformed-start-line', 400, problem),
  });
  if (line.slice(0, 8).toUpperCase() !== 'SIP/2.0 ') return refuse('the response is not SIP/2.0');
  const code = line.slice(8, 11);
  const status = code.length === 3 && isDigits(code) ? Number(code) : 0;
  // The space before an empty phrase is required, but nobody gains from refusing (RFC 4475 §3.1.1.13).
  const delimited = line.length === 11 || codeAt(line, 11) === SP;
  if (!delimited || status < 100 || status > 699) return refuse('the status code is not 100 to 699');
  return { kind: 'response', status, reasonPhrase: line.slice(12) };
}
