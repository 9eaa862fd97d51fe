import type { Cursor } from '../cursor.ts';
import { LESS, QUOTE } from '../chars.ts';
import { listHeader } from './header-type.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';

/** Route values are name-addr only: without brackets an "lr" would be a header parameter (RFC 3261 §20.34). */
function readRoute(cursor: Cursor): NameAddr | undefined {
  const first = cursor.peek();
  const bare = first !== LESS && first !== QUOTE && cursor.text.indexOf('<', cursor.pos) === -1;
  if (bare) return cursor.fail('the address must stand in angle brackets');
  return readNameAddr(cursor);
}

export const routeHeader = listHeader<NameAddr>('Route', readRoute);
export const recordRouteHeader = listHeader<NameAddr>('Record-Route', readRoute);
/** RFC 3327 §4 */
export const pathHeader = listHeader<NameAddr>('Path', readRoute);
/** RFC 3608 §5 */
export const serviceRouteHeader = listHeader<NameAddr>('Service-Route', readRoute);
