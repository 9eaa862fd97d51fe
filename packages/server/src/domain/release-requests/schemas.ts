import { z } from 'zod';
import { longText, resourceId, timestamp } from '../fields.ts';

const RELEASE_STATUSES = ['pending', 'approved', 'rejected', 'cancelled'] as const;
const status = z.enum(RELEASE_STATUSES);

/** Contract §14.5. */
export const requestReleaseInput = z.strictObject({
  reason: longText(500, 10).describe('Why the number is no longer needed'),
});
export type RequestReleaseInput = z.output<typeof requestReleaseInput>;

export const rejectReleaseInput = z.strictObject({ rejection_reason: longText(500) });
export type RejectReleaseInput = z.output<typeof rejectReleaseInput>;

export const listReleaseRequestsQuery = z.strictObject({ status: status.optional() });
export const listAllReleaseRequestsQuery = listReleaseRequestsQuery.extend({
  environment_id: resourceId.optional(),
});
export type ReleaseFilters = z.output<typeof listAllReleaseRequestsQuery>;

const request = z.object({
  id: resourceId,
  phone_number_id: resourceId,
  phone_number: z.string(),
  reason: z.string(),
  status,
  requested_at: timestamp,
  resolved_at: timestamp.optional().describe('Absent while pending'),
  rejection_reason: z.string().optional().describe('Present when rejected'),
});

/** Contract §14.4. */
export const releaseRequest = request.meta({ id: 'ReleaseRequest' });
export type ReleaseRequest = z.output<typeof releaseRequest>;

/** As the operator sees it. */
export const operatorReleaseRequest = request
  .extend({ environment: z.object({ id: resourceId, name: z.string() }) })
  .meta({ id: 'OperatorReleaseRequest' });
export type OperatorReleaseRequest = z.output<typeof operatorReleaseRequest>;
