import type { AuditLogEntry } from './schemas.ts';
import type { EventRow } from './store.ts';

export const presentEntry = (row: EventRow): AuditLogEntry => ({
  id: row.id,
  type: row.type,
  subject_type: row.subject_type,
  subject_id: row.subject_id,
  actor: row.actor as AuditLogEntry['actor'],
  request_id: row.request_id,
  before: row.before,
  after: row.after,
  created_at: row.created_at.toISOString(),
});
