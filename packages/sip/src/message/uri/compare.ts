import { equalsIgnoreCase } from '../chars.ts';
import type { Params } from '../params.ts';
import { normalizeEscapes } from './escape.ts';
import type { SipUri } from './sip-uri.ts';
import type { TelUri } from './tel-uri.ts';
import type { Uri } from './uri.ts';

/** Parameters that must stand in both URIs or in neither (RFC 3261 §19.1.4; transport by its examples). */
const NEVER_IGNORED = ['user', 'ttl', 'method', 'maddr', 'transport'];

/**
 * URI equivalence: RFC 3261 §19.1.4 for SIP, RFC 3966 §4 for tel, exact text for other schemes. Reflexive and
 * symmetric but, as the RFC itself notes, not transitive: unknown parameters of one side only are ignored.
 */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a.kind === 'sip' && b.kind === 'sip') return sipUriEquals(a, b);
  if (a.kind === 'tel' && b.kind === 'tel') return telUriEquals(a, b);
  return a.kind === 'other' && b.kind === 'other' && a.toString() === b.toString();
}

function sipUriEquals(a: SipUri, b: SipUri): boolean {
  return (
    a.scheme === b.scheme &&
    sameComponent(a.rawUser, b.rawUser) &&
    sameComponent(a.rawPassword, b.rawPassword) &&
    equalsIgnoreCase(a.host, b.host) &&
    a.port === b.port &&
    sameSipParams(a.params, b.params) &&
    sameHeaders(a, b)
  );
}

/** User and password are the case-sensitive parts. */
function sameComponent(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return normalizeEscapes(a) === normalizeEscapes(b);
}

function sameParam(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return equalsIgnoreCase(normalizeEscapes(a), normalizeEscapes(b));
}

function sameSipParams(a: Params, b: Params): boolean {
  if (a.size === 0 && b.size === 0) return true;
  for (const name of NEVER_IGNORED) if (a.has(name) !== b.has(name)) return false;
  for (const [name] of a) {
    if (b.has(name) && !sameParam(a.raw(name), b.raw(name))) return false;
  }
  return true;
}

/** Header components are never ignored; their order does not matter. */
function sameHeaders(a: SipUri, b: SipUri): boolean {
  if (a.rawHeaders === undefined && b.rawHeaders === undefined) return true;
  const canonical = (uri: SipUri): string =>
    uri.headers
      .map(([name, value]) => `${name.toLowerCase()}=${value}`)
      .sort()
      .join('\n');
  return canonical(a) === canonical(b);
}

/** Every tel parameter counts, in any order, without case (RFC 3966 §4). */
function telUriEquals(a: TelUri, b: TelUri): boolean {
  if (!equalsIgnoreCase(a.digits, b.digits) || a.params.size !== b.params.size) return false;
  for (const [name] of a.params) {
    if (!b.params.has(name)) return false;
    const left = a.params.get(name) ?? '';
    const right = b.params.get(name) ?? '';
    const bare = (value: string): string => value.replaceAll('-', '').replaceAll('.', '');
    const isNumber = name.toLowerCase() === 'ext' || left.startsWith('+');
    if (!equalsIgnoreCase(isNumber ? bare(left) : left, isNumber ? bare(right) : right)) return false;
  }
  return true;
}
