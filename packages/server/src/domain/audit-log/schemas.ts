import { z } from 'zod';
import { resourceId, text, timestamp } from '../fields.ts';

const time = z.iso.datetime({ offset: true });

const filters = {
  type: text(64).optional().describe('For example `did.created`'),
  subject_type: text(64).optional().describe('For example `did`'),
  subject_id: resourceId.optional(),
  actor_id: resourceId.optional().describe('The token that did it'),
  request_id: text(128).optional().describe('The X-Request-Id of the answer'),
  from: time.optional().describe('Not before this time'),
  to: time.optional().describe('Not after this time'),
  before: resourceId
    .optional()
    .describe('Continues after this entry, at the same cost however far back; see `next_before`'),
};
export const auditLogQuery = z.strictObject(filters);
export type AuditLogFilters = z.output<typeof auditLogQuery>;

export const adminAuditLogQuery = auditLogQuery.extend({
  environment_id: resourceId
    .optional()
    .describe('The log of this environment instead of the installation’s own'),
});
export type AdminAuditLogFilters = z.output<typeof adminAuditLogQuery>;

/** What changed, in the words of the resource; its members depend on the type of the entry. */
const facts = z.record(z.string(), z.unknown()).nullable();

export const auditLogEntry = z
  .object({
    id: resourceId,
    type: z.string(),
    subject_type: z.string(),
    subject_id: resourceId,
    actor: z.looseObject({
      type: z.enum(['token', 'operator', 'system']),
      id: resourceId.optional(),
      name: z.string(),
    }),
    request_id: z.string(),
    before: facts,
    after: facts,
    created_at: timestamp,
  })
  .meta({ id: 'AuditLogEntry' });
export type AuditLogEntry = z.output<typeof auditLogEntry>;
