import type { Cursor } from '../cursor.ts';
import { listHeader, type ListHeader } from './header-type.ts';

function tokenList(name: string, what: string, mayBeEmpty: boolean): ListHeader<string> {
  return listHeader<string>(name, (cursor: Cursor) => cursor.readToken(what), { mayBeEmpty });
}

/** Option tags the receiver must understand (RFC 3261 §20.32). */
export const requireHeader = tokenList('Require', 'an option tag', false);
export const proxyRequireHeader = tokenList('Proxy-Require', 'an option tag', false);
/** May be empty: "no extensions" (RFC 3261 §20.37). */
export const supportedHeader = tokenList('Supported', 'an option tag', true);
export const unsupportedHeader = tokenList('Unsupported', 'an option tag', false);
/** Methods; case-sensitive (RFC 3261 §20.5). */
export const allowHeader = tokenList('Allow', 'a method', true);
/** RFC 6665 §8.2.2 */
export const allowEventsHeader = tokenList('Allow-Events', 'an event package', true);
