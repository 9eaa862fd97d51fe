import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type AuditLog, readAdminAuditLog, readAuditLog } from '../../domain/audit-log/list.ts';
import { presentEntry } from '../../domain/audit-log/present.ts';
import * as schemas from '../../domain/audit-log/schemas.ts';
import type { Platform } from '../../domain/context.ts';
import { resourceId } from '../../domain/fields.ts';
import { validationError } from '../../kernel/errors.ts';
import { endpoint, type Outcome } from '../endpoint.ts';
import { type Page, pagePosition, pageQuery, pageWindow } from '../pagination.ts';
import { pagination } from '../replies.ts';

const tag = 'Audit log';
const description =
  'Newest first, always a page at a time. Follow `next_before` with `before`, or jump with `page`, which also counts.';
const reply = z.strictObject({
  success: z.literal(true),
  data: z.array(schemas.auditLogEntry),
  next_before: resourceId.nullable().describe('`before` of the following page; null at the end'),
  pagination: pagination.optional(),
});

export function registerAuditLogRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/audit-log',
    operationId: 'listAuditLog',
    tag,
    summary: 'Read the audit log of the environment',
    description,
    scope: 'audit:read',
    query: schemas.auditLogQuery.extend(pageQuery),
    reply,
    handle: (context, { query }) => answerAuditLog(readAuditLog(context, query), query),
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/admin/audit-log',
    operationId: 'listAdminAuditLog',
    tag,
    summary: 'Read the audit log of the installation or of an environment',
    description,
    scope: 'admin',
    query: schemas.adminAuditLogQuery.extend(pageQuery),
    reply,
    errors: ['ENVIRONMENT_NOT_FOUND'],
    handle: async (context, { query: { page, per_page, ...filters } }) =>
      answerAuditLog(await readAdminAuditLog(context, filters), { page, per_page, before: filters.before }),
  });
}

async function answerAuditLog(
  log: AuditLog,
  query: Page & { before?: string | undefined },
): Promise<Outcome> {
  if (query.page !== undefined && query.before !== undefined) {
    throw validationError({ before: ['The before field cannot be combined with page.'] });
  }
  const window = pageWindow(query);
  // One more than asked for tells whether anything follows, without counting.
  const [rows, total] = await Promise.all([
    log.slice({ limit: window.limit + 1, offset: window.offset }),
    query.page === undefined ? undefined : log.count(),
  ]);
  const shown = rows.slice(0, window.limit);
  return {
    data: shown.map(presentEntry),
    beside: {
      next_before: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
      ...(total !== undefined && { pagination: pagePosition(window, total, shown.length) }),
    },
  };
}
