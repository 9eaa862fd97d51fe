import { CatalogueError } from '../../kernel/errors.ts';
import { INSTALLATION_ID } from '../../kernel/ids.ts';
import { type Context, requireScope } from '../context.ts';
import { findEnvironment } from '../environments/store.ts';
import type { AdminAuditLogFilters, AuditLogFilters } from './schemas.ts';
import { countEvents, type EventRow, listEvents } from './store.ts';

export type AuditLog = {
  /** Newest first. */
  slice(window: { limit: number; offset: number }): Promise<EventRow[]>;
  count(): Promise<number>;
};

/** What happened in the caller's environment. */
export function readAuditLog(context: Context, filters: AuditLogFilters): AuditLog {
  requireScope(context, 'audit:read');
  return auditLogOf(context, context.environmentId, filters);
}

/**
 * What happened to the installation, i.e. to its admin tokens, or in one environment.
 * @throws ENVIRONMENT_NOT_FOUND
 */
export async function readAdminAuditLog(
  context: Context,
  { environment_id, ...filters }: AdminAuditLogFilters,
): Promise<AuditLog> {
  requireScope(context, 'admin');
  if (environment_id === undefined) return auditLogOf(context, INSTALLATION_ID, filters);
  if (!(await findEnvironment(context.db, environment_id))) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
  return auditLogOf(context, environment_id, filters);
}

const auditLogOf = ({ db }: Context, environmentId: string, filters: AuditLogFilters): AuditLog => ({
  slice: (window) => listEvents(db, environmentId, filters, window),
  count: () => countEvents(db, environmentId, filters),
});
