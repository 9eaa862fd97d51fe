import { SLASH } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { type Params, readParams } from '../params.ts';
import { listHeader, singleHeader } from './header-type.ts';

/** `type "/" subtype` with parameters, or a media range with "*" (RFC 3261 §20.1, §20.15). */
export interface MediaType {
  /** Lower case. */
  readonly type: string;
  /** Lower case. */
  readonly subtype: string;
  readonly params: Params;
}

function readMediaType(cursor: Cursor): MediaType | undefined {
  const type = cursor.readToken('the media type');
  if (type === undefined) return undefined;
  if (!cursor.takeSeparator(SLASH)) return cursor.fail('the media subtype is missing');
  const subtype = cursor.readToken('the media subtype');
  if (subtype === undefined) return undefined;
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), params };
}

const formatMediaType = (value: MediaType): string => `${value.type}/${value.subtype}${value.params}`;

export const contentTypeHeader = singleHeader<MediaType>('Content-Type', readMediaType, formatMediaType);
/** An empty Accept means that no body is acceptable (RFC 3261 §20.1). */
export const acceptHeader = listHeader<MediaType>('Accept', readMediaType, {
  format: formatMediaType,
  mayBeEmpty: true,
});
/** Codings of the body, outermost last (RFC 3261 §20.12). */
export const contentEncodingHeader = listHeader<string>('Content-Encoding', (cursor) =>
  cursor.readToken('a content coding'),
);

/** Whether a media range such as "application/*" covers a type written as "application/sdp". */
export function mediaRangeCovers(range: MediaType, mediaType: string): boolean {
  const [type, subtype] = mediaType.toLowerCase().split('/');
  if (range.params.get('q') !== undefined && Number(range.params.get('q')) === 0) return false;
  if (range.type === '*') return range.subtype === '*';
  return range.type === type && (range.subtype === '*' || range.subtype === subtype);
}
