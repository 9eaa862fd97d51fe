import type { Cursor } from '../cursor.ts';
import { Params, readParams } from '../params.ts';
import type { Parsed } from '../result.ts';
import type { Uri } from '../uri/uri.ts';
import { singleHeader } from './header-type.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';

/** RFC 3515 §2.1; a Replaces for an attended transfer hides in its URI headers: see `replacesOfReferTo`. */
export const referToHeader = singleHeader<NameAddr>('Refer-To', readNameAddr);
/** RFC 3892 §3 */
export const referredByHeader = singleHeader<NameAddr>('Referred-By', readNameAddr);

/** RFC 3891 §6.1 */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

function readReplaces(cursor: Cursor): Replaces | undefined {
  const end = cursor.text.indexOf(';', cursor.pos);
  if (end === -1) return cursor.fail('the to-tag is missing');
  // A Call-ID may hold no ";" (RFC 3261 §25.1 `word`), so the first one ends it.
  const callId = cursor.text.slice(cursor.pos, end).trim();
  if (callId === '' || callId.includes(' ')) return cursor.fail('the Call-ID is missing or not valid');
  cursor.pos = end;
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  // RFC 3891 §6.1: exactly one of each; "0" stands for a null tag of RFC 2543.
  if (!toTag) return cursor.fail('the to-tag is missing');
  if (!fromTag) return cursor.fail('the from-tag is missing');
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

function formatReplaces(value: Replaces): string {
  const params = Params.none.with('to-tag', value.toTag).with('from-tag', value.fromTag);
  return `${value.callId}${value.earlyOnly ? params.with('early-only') : params}`;
}

export const replacesHeader = singleHeader<Replaces>('Replaces', readReplaces, formatReplaces);

/** The Replaces that a Refer-To URI asks the referred-to request to carry (RFC 3891 §4). */
export function replacesOfReferTo(uri: Uri): Parsed<Replaces> | undefined {
  if (uri.kind !== 'sip') return undefined;
  const header = uri.headers.find(([name]) => name.toLowerCase() === 'replaces');
  return header === undefined ? undefined : replacesHeader.parse(header[1]);
}
