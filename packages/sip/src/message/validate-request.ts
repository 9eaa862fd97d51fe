import { makeFault, type SipFault } from './fault.ts';
import { headerSpelling } from './header-names.ts';
import { readContacts } from './headers/contact.ts';
import { dateHeader } from './headers/date.ts';
import type { ListHeader } from './headers/header-type.ts';
import {
  acceptHeader,
  contentEncodingHeader,
  contentTypeHeader,
  mediaRangeCovers,
} from './headers/media-type.ts';
import { maxForwardsHeader } from './headers/numbers.ts';
import { proxyRequireHeader, requireHeader } from './headers/option-tags.ts';
import { recordRouteHeader, routeHeader } from './headers/route.ts';
import { MAGIC_COOKIE } from './headers/via.ts';
import type { SipRequest } from './message.ts';
import { KNOWN_METHODS } from './methods.ts';

/** What the receiving element is and can do. */
export interface ValidationRules {
  /** Methods that are served; others are answered 405 or 501 with an Allow of these. */
  readonly methods: readonly string[];
  /** Option tags that are understood, for Require (or Proxy-Require in the proxy role). */
  readonly extensions: readonly string[];
  /** Schemes a Request-URI may have, lower case. Default sip, sips, tel. */
  readonly schemes?: readonly string[];
  /** Types of body that are understood, "type/subtype" in lower case. Default application/sdp. */
  readonly contentTypes?: readonly string[];
  /** A proxy refuses Max-Forwards 0 and looks at Proxy-Require; a user agent does neither. Default `uas`. */
  readonly role?: 'uas' | 'proxy';
  /** Refuse a malformed Date, which matters only where a signature covers it (RFC 4475 §3.1.2.12). */
  readonly requireValidDate?: boolean;
}

export type ValidationResult = { readonly ok: true } | { readonly ok: false; readonly fault: SipFault };

type Check = (request: SipRequest, rules: ValidationRules) => SipFault | undefined;

/** Headers that may stand once only; Content-Length is the parser's. */
const SINGLETONS = [
  'from',
  'to',
  'call-id',
  'cseq',
  'max-forwards',
  'content-type',
  'expires',
  'replaces',
  'refer-to',
];

const DEFAULT_SCHEMES = ['sip', 'sips', 'tel'];
const DEFAULT_CONTENT_TYPES = ['application/sdp'];

/** The order is that of RFC 3261 §8.2 and §16.3: a method that is unknown is said to be so first. */
const CHECKS: readonly Check[] = [
  checkSingletons,
  checkMethod,
  checkBranch,
  checkMaxForwards,
  checkRequestUri,
  checkAddresses,
  checkDate,
  checkExtensions,
  checkContent,
  checkAccept,
];

/**
 * Checks the meaning of a request that has been parsed (RFC 3261 §8.2.1 to §8.2.3, §16.3). The answer to send is
 * made by `createFaultResponse`, except to an ACK, which is never answered.
 */
export function validateRequest(request: SipRequest, rules: ValidationRules): ValidationResult {
  for (const check of CHECKS) {
    const fault = check(request, rules);
    if (fault !== undefined) return { ok: false, fault };
  }
  return { ok: true };
}

function checkSingletons({ headers }: SipRequest): SipFault | undefined {
  for (const key of SINGLETONS) {
    if (headers.count(key) > 1) {
      return makeFault('duplicate-header', 400, 'it stands more than once', { header: headerSpelling(key) });
    }
  }
  return undefined;
}

function checkMethod(request: SipRequest, rules: ValidationRules): SipFault | undefined {
  const { method, cseq } = request;
  const served = rules.methods.includes(method);
  const answerHeaders = [['Allow', rules.methods.join(', ')]] as const;
  // RFC 4475 §3.1.2.18: an unknown method is a better answer than its mismatch.
  if (!served && !KNOWN_METHODS.has(method)) {
    return makeFault('method-unknown', 501, 'the method is not known here', { answerHeaders });
  }
  if (cseq.method !== method) {
    return makeFault('method-mismatch', 400, 'its method is not that of the request', { header: 'CSeq' });
  }
  if (served) return undefined;
  return makeFault('method-not-allowed', 405, 'the method is not served here', { answerHeaders });
}

/** The cookie with nothing behind it cannot identify a transaction (RFC 4475 §3.2.1). */
function checkBranch({ via }: SipRequest): SipFault | undefined {
  if (via.branch !== MAGIC_COOKIE) return undefined;
  return makeFault('branch-empty', 400, 'the branch has nothing after z9hG4bK', { header: 'Via' });
}

function checkMaxForwards(request: SipRequest, rules: ValidationRules): SipFault | undefined {
  const text = request.headers.first(maxForwardsHeader.key);
  if (text === undefined) return undefined;
  const parsed = maxForwardsHeader.parse(text);
  if (!parsed.ok && !parsed.problem.endsWith('out of range')) {
    return makeFault('malformed-header', 400, parsed.problem, { header: 'Max-Forwards' });
  }
  if (rules.role !== 'proxy' || request.maxForwards !== 0) return undefined;
  return makeFault('too-many-hops', 483, 'no hops are left', { header: 'Max-Forwards' });
}

function checkRequestUri({ uri }: SipRequest, rules: ValidationRules): SipFault | undefined {
  if (!(rules.schemes ?? DEFAULT_SCHEMES).includes(uri.scheme)) {
    return makeFault('scheme-unsupported', 416, 'the scheme of the Request-URI is not served here');
  }
  if (uri.kind !== 'sip' || uri.rawHeaders === undefined) return undefined;
  // RFC 3261 §19.1.1, table 1
  return makeFault('request-uri-headers', 400, 'the Request-URI must not carry headers');
}

function checkAddresses(request: SipRequest): SipFault | undefined {
  const { headers } = request;
  const contacts = readContacts(headers);
  if (!contacts.ok) return makeFault('malformed-header', 400, contacts.problem, { header: 'Contact' });
  if (request.method === 'REGISTER' && request.to.uri.kind !== 'sip') {
    // RFC 3261 §10.3: the address of record is a SIP or SIPS URI.
    return makeFault('address-not-sip', 400, 'it must be a SIP or SIPS URI', { header: 'To' });
  }
  return checkList(request, routeHeader) ?? checkList(request, recordRouteHeader);
}

function checkList<T>({ headers }: SipRequest, type: ListHeader<T>): SipFault | undefined {
  const parsed = headers.readAll(type);
  return parsed.ok ? undefined : makeFault('malformed-header', 400, parsed.problem, { header: type.name });
}

function checkDate({ headers }: SipRequest, rules: ValidationRules): SipFault | undefined {
  if (rules.requireValidDate !== true) return undefined;
  const parsed = headers.read(dateHeader);
  if (parsed === undefined || parsed.ok) return undefined;
  return makeFault('date-invalid', 400, parsed.problem, { header: 'Date' });
}

/** RFC 3261 §8.2.2.3: not in a CANCEL, nor in an ACK, which nobody could answer. */
function checkExtensions(request: SipRequest, rules: ValidationRules): SipFault | undefined {
  if (request.method === 'CANCEL' || request.method === 'ACK') return undefined;
  const type = rules.role === 'proxy' ? proxyRequireHeader : requireHeader;
  const wanted = request.headers.readAll(type);
  if (!wanted.ok) return makeFault('malformed-header', 400, wanted.problem, { header: type.name });
  const known = rules.extensions.map((tag) => tag.toLowerCase());
  const unsupported = wanted.value.filter((tag) => !known.includes(tag.toLowerCase()));
  if (unsupported.length === 0) return undefined;
  const answerHeaders = [['Unsupported', unsupported.join(', ')]] as const;
  return makeFault('extension-unsupported', 420, 'see Unsupported', { header: type.name, answerHeaders });
}

/** RFC 3261 §8.2.3. A body that is marked optional is never a reason to refuse; a proxy does not look at it. */
function checkContent(request: SipRequest, rules: ValidationRules): SipFault | undefined {
  const { headers, body, method } = request;
  if (rules.role === 'proxy' || body.length === 0 || method === 'ACK' || method === 'CANCEL')
    return undefined;
  if (isOptionalBody(headers.first('Content-Disposition'))) return undefined;
  const served = rules.contentTypes ?? DEFAULT_CONTENT_TYPES;
  const answerHeaders = [['Accept', served.join(', ')]] as const;
  const encodings = headers.readAll(contentEncodingHeader);
  if (!encodings.ok || encodings.value.some((coding) => coding.toLowerCase() !== 'identity')) {
    return makeFault('content-encoding-unsupported', 415, 'only identity is understood', {
      header: 'Content-Encoding',
      answerHeaders: [...answerHeaders, ['Accept-Encoding', 'identity']],
    });
  }
  const type = headers.read(contentTypeHeader);
  const header = 'Content-Type';
  // RFC 3261 §20.15: it must be there when the body is not empty.
  if (type === undefined) return makeFault('content-type-missing', 400, 'the header is missing', { header });
  if (!type.ok) return makeFault('malformed-header', 400, type.problem, { header });
  if (served.some((own) => own === `${type.value.type}/${type.value.subtype}`)) return undefined;
  return makeFault('content-type-unsupported', 415, 'see Accept', { header, answerHeaders });
}

function isOptionalBody(disposition: string | undefined): boolean {
  return (
    disposition !== undefined && disposition.toLowerCase().replaceAll(' ', '').includes('handling=optional')
  );
}

/** The answer to an INVITE must carry SDP, so a caller who takes none cannot be served (RFC 4475 §3.3.15). */
function checkAccept(request: SipRequest, rules: ValidationRules): SipFault | undefined {
  if (rules.role === 'proxy' || request.method !== 'INVITE' || !request.headers.has('Accept'))
    return undefined;
  const accepted = request.headers.readAll(acceptHeader);
  if (!accepted.ok) return makeFault('malformed-header', 400, accepted.problem, { header: 'Accept' });
  if (accepted.value.some((range) => mediaRangeCovers(range, 'application/sdp'))) return undefined;
  const warning = '399 tronco "The answer can only be written as application/sdp"';
  const answerHeaders = [['Warning', warning]] as const;
  return makeFault('accept-unsatisfiable', 406, 'it leaves out application/sdp', {
    header: 'Accept',
    answerHeaders,
  });
}
