/**
 * What a token may do. `<noun>:*` covers the noun's other scopes, `*` covers everything in the
 * token's environment. `admin` is apart: it manages environments and tokens and is never implied.
 */
export const SCOPES = [
  '*',
  'admin',
  'trunks:*',
  'trunks:read',
  'trunks:write',
  'dids:*',
  'dids:read',
  'dids:write',
  'agents:*',
  'agents:read',
  'agents:write',
  'calls:*',
  'calls:read',
  'calls:create',
  'audit:read',
] as const;

export type Scope = (typeof SCOPES)[number];

/** What an endpoint asks for; `any` = a working token, whatever it may do. */
export type RequiredScope = Scope | 'any';

export function grants(held: readonly string[], needed: Scope): boolean {
  if (held.includes(needed)) return true;
  if (needed === 'admin') return false;
  return held.includes('*') || held.includes(`${needed.slice(0, needed.indexOf(':'))}:*`);
}
