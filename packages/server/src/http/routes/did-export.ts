import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context, Platform } from '../../domain/context.ts';
import { EXPORT_FORMATS, exportDids, type ExportFormat } from '../../domain/dids/export.ts';
import { listDids } from '../../domain/dids/get.ts';
import { listDidsQuery } from '../../domain/dids/schemas.ts';
import type { DidWithAgents } from '../../domain/dids/store.ts';
import type { List } from '../../domain/list.ts';
import { listPhoneNumbers } from '../../domain/phone-numbers/get.ts';
import { listPhoneNumbersQuery } from '../../domain/phone-numbers/schemas.ts';
import { preferredFormat } from '../accept.ts';
import { endpoint, type Outcome } from '../endpoint.ts';
import { startStream } from '../pagination.ts';

const format = z
  .enum(['csv', 'ndjson'])
  .optional()
  .describe('Default: csv, or what the Accept header asks for');

const shared = {
  method: 'GET',
  scope: 'dids:read',
  description:
    'With the filters of the list. The file can be imported again as it is. In CSV a label, tag or note that a spreadsheet would run as a formula has an apostrophe in front, which an import takes off.',
  produces: Object.values(EXPORT_FORMATS),
  reply: z.string(),
} as const;

/** Ours. */
export function registerDidExportRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    ...shared,
    path: '/sip-trunks/{trunk_id}/dids/export',
    operationId: 'exportSipTrunkDids',
    tag: 'DIDs',
    summary: 'Export the DIDs of a SIP trunk',
    missing: { trunk_id: 'TRUNK_NOT_FOUND' },
    query: listDidsQuery.omit({ include: true }).extend({ format }),
    handle: async (context, { params, query: { format, ...filters }, raw }) => {
      const list = await listDids(context, { ...filters, trunk_id: params.trunk_id });
      return answerFile(context, list, { format: format ?? accepted(raw), withTrunk: false });
    },
  });

  endpoint(app, platform, {
    ...shared,
    path: '/phone-numbers/export',
    operationId: 'exportPhoneNumbers',
    tag: 'Phone numbers',
    summary: 'Export phone numbers',
    wording: { unauthenticated: 'Unauthorized' },
    query: listPhoneNumbersQuery.omit({ include: true }).extend({ format }),
    handle: async (context, { query: { format, ...filters }, raw }) => {
      const list = await listPhoneNumbers(context, filters);
      return answerFile(context, list, { format: format ?? accepted(raw), withTrunk: true });
    },
  });
}

const accepted = ({ headers }: FastifyRequest): ExportFormat =>
  preferredFormat(headers.accept, EXPORT_FORMATS);

async function answerFile(
  context: Context,
  list: List<DidWithAgents>,
  { format, withTrunk }: { format: ExportFormat; withTrunk: boolean },
): Promise<Outcome> {
  const day = context.clock.now().toISOString().slice(0, 10);
  return {
    stream: await startStream(exportDids(context, list, format, withTrunk)),
    contentType: `${EXPORT_FORMATS[format]}; charset=utf-8`,
    headers: {
      'content-disposition': `attachment; filename="${withTrunk ? 'phone-numbers' : 'dids'}-${day}.${format}"`,
    },
  };
}
