import { SEMICOLON } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { singleHeader, listHeader } from './header-type.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';

/** RFC 3325 §9.1: one or two values, of which one may be a SIP or SIPS URI and one a tel URI. */
export const assertedIdentityHeader = listHeader<NameAddr>('P-Asserted-Identity', readNameAddr);
/** RFC 3325 §9.2 */
export const preferredIdentityHeader = listHeader<NameAddr>('P-Preferred-Identity', readNameAddr);
/** The forerunner of RFC 3325 that many PBXs still send (draft-ietf-sip-privacy-04). */
export const remotePartyIdHeader = listHeader<NameAddr>('Remote-Party-ID', readNameAddr);

/** RFC 3323 §4.2: `header`, `session`, `user`, `none`, `critical`; RFC 3325 §9.3 adds `id`. Lower case. */
function readPrivacy(cursor: Cursor): readonly string[] | undefined {
  const values: string[] = [];
  do {
    const value = cursor.readToken('a privacy value');
    if (value === undefined) return undefined;
    if (values.length >= cursor.limits.maxParams) return cursor.fail('there are too many values');
    values.push(value.toLowerCase());
    // The grammar says ";", some senders write ",".
  } while (cursor.takeSeparator(SEMICOLON) || cursor.takeSeparator(44));
  return values;
}

export const privacyHeader = singleHeader<readonly string[]>('Privacy', readPrivacy, (values) =>
  values.join(';'),
);
