import type { Via } from '../message/headers/via.ts';
import { sameAddress } from './addresses.ts';

/**
 * Notes in the top Via of a request where it came from (RFC 3261 §18.2.1, RFC 3581 §4). What the sender itself wrote
 * into `received` and `rport` is never kept: it would choose where our answers go.
 */
export function stampSource(via: Via, address: string, port: number): Via {
  if (via.wantsRport) return via.withParam('received', address).withParam('rport', `${port}`);
  if (via.received === undefined && sameAddress(via.host, address)) return via;
  return via.withParam('received', address);
}
