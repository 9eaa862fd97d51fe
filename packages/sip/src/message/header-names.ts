import { codeAt } from './chars.ts';
/** Every header this package or its users name, in the spelling of its RFC. */
const NAMES = [
  'Accept Accept-Contact Accept-Encoding Accept-Language Alert-Info Allow Allow-Events',
  'Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding',
  'Content-Language Content-Length Content-Type CSeq Date Diversion Error-Info Event Expires From',
  'History-Info Identity Identity-Info In-Reply-To Max-Forwards MIME-Version Min-Expires Min-SE',
  'Organization P-Access-Network-Info P-Asserted-Identity P-Called-Party-ID P-Charging-Vector',
  'P-Early-Media P-Preferred-Identity Path Priority Privacy Proxy-Authenticate Proxy-Authorization',
  'Proxy-Require RAck Reason Record-Route Refer-Sub Refer-To Referred-By Reject-Contact Remote-Party-ID',
  'Replaces Reply-To Request-Disposition Require Retry-After Route RSeq Server Service-Route',
  'Session-Expires Subject Subscription-State Supported Timestamp To Unsupported User-Agent Via Warning',
  'WWW-Authenticate',
].flatMap((line) => line.split(' '));

/** The IANA "Compact Form" column of the SIP header field registry. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** A header name as it is usually written, and its key. */
export interface KnownName {
  readonly name: string;
  readonly key: string;
  /** The characters of `name`: comparing with these is twice as fast as with the string. */
  readonly codes: Uint8Array;
}

// Filled once and never from the wire, so they cannot grow.
const KEYS = new Map<string, string>();
const SPELLINGS = new Map<string, string>();
/** By length and first character: at most a handful to compare with, and no string is made of the wire's octets. */
const BUCKETS: (KnownName[] | undefined)[] = [];
const MAX_NAME_LENGTH = 31;

function addSpelling(name: string, key: string): void {
  if (KEYS.has(name)) return;
  KEYS.set(name, key);
  const bucket = name.length * 128 + codeAt(name, 0);
  (BUCKETS[bucket] ??= []).push({ name, key, codes: Buffer.from(name, 'latin1') });
}

for (const name of NAMES) {
  const key = name.toLowerCase();
  addSpelling(name, key);
  addSpelling(key, key);
  SPELLINGS.set(key, name);
}
for (const [letter, key] of Object.entries(COMPACT)) {
  addSpelling(letter, key);
  addSpelling(letter.toUpperCase(), key);
}

/** The name that stands at `text[from, to)`, when it is spelled as in its RFC, in lower case or compact. */
export function findKnownName(text: string, from: number, to: number): KnownName | undefined {
  const length = to - from;
  const first = codeAt(text, from);
  if (length > MAX_NAME_LENGTH || first >= 128) return undefined;
  const candidates = BUCKETS[length * 128 + first];
  if (candidates === undefined) return undefined;
  for (const candidate of candidates) {
    const { codes } = candidate;
    let i = 1;
    while (i < length && codeAt(text, from + i) === codes[i]) i++;
    if (i === length) return candidate;
  }
  return undefined;
}

/** Lower case with compact forms expanded: two names are the same header when their keys are equal. */
export function headerKey(name: string): string {
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  return KEYS.get(lower) ?? lower;
}

/** The RFC's spelling of a known header, else undefined: safe to show where wire text is not. */
export function headerSpelling(key: string): string | undefined {
  return SPELLINGS.get(key);
}
