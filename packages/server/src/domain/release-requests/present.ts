import type { OperatorReleaseRequest, ReleaseRequest } from './schemas.ts';
import type { ReleaseRow, ReleaseWithEnvironment } from './store.ts';

/** Contract §14.4: what is not known yet is absent, not null. */
export const presentRelease = (row: ReleaseRow): ReleaseRequest => ({
  id: row.id,
  phone_number_id: row.did_id,
  phone_number: row.number,
  reason: row.reason,
  status: row.status,
  requested_at: row.requested_at.toISOString(),
  ...(row.resolved_at && { resolved_at: row.resolved_at.toISOString() }),
  ...(row.rejection_reason !== null && { rejection_reason: row.rejection_reason }),
});

export const presentForOperator = (row: ReleaseWithEnvironment): OperatorReleaseRequest => ({
  ...presentRelease(row),
  environment: { id: row.environment_id, name: row.environment_name },
});

/** What the audit log keeps of a release request. */
export const releaseFacts = (row: ReleaseRow): object => ({
  phone_number_id: row.did_id,
  phone_number: row.number,
  reason: row.reason,
  status: row.status,
  rejection_reason: row.rejection_reason,
});
