import type { ExpectedRevision } from '../domain/revision.ts';

/** Strong validator of a resource: its revision (RFC 9110 §8.8.3). */
export const etagOf = (revision: number): string => `"${revision}"`;

/** `If-Match` (RFC 9110 §13.1.1). `*` and absence are no condition; anything but our form never matches. */
export function expectedRevision(header: string | undefined): ExpectedRevision {
  if (header === undefined || header.trim() === '*') return undefined;
  const match = /^"(\d{1,9})"$/.exec(header.trim());
  return match ? Number(match[1]) : Number.NaN;
}

/** `If-None-Match` (RFC 9110 §13.1.2): whether the caller already has what `etag` names. */
export function alreadyHas(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
