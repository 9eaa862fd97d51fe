import { makeReason, type Reason, reasonHeader } from '../message/headers/reason.ts';
import type { HeaderLines } from './request-sender.ts';

/** RFC 3326, as a line for `bye`, `cancel` and `reject`: why a call ended, for the peer's records and its users. */
export function reasonLine(protocol: string, cause: number, text?: string): readonly [string, string] {
  return ['Reason', reasonHeader.format([makeReason(protocol, cause, text)])];
}

/** The reasons among the lines that are about to be sent. */
export function reasonsIn(headers: HeaderLines): readonly Reason[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'reason')
    .flatMap(([, value]) => {
      const parsed = reasonHeader.parse(value);
      return parsed.ok ? parsed.value : [];
    });
}
