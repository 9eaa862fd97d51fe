import { CatalogueError } from '../kernel/errors.ts';

/**
 * What the caller believes the resource's revision to be (`If-Match`); undefined = no condition.
 * NaN (an ETag that is none of ours) equals nothing, so the condition fails as it should.
 */
export type ExpectedRevision = number | undefined;

/** RFC 9110 §13.1.1: a stale edit changes nothing. */
export function requireRevision(row: { revision: number }, expected: ExpectedRevision): void {
  if (expected === undefined || row.revision === expected) return;
  throw new CatalogueError('PRECONDITION_FAILED', { details: { current_etag: `"${row.revision}"` } });
}
