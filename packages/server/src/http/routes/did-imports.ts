import type { FastifyInstance } from 'fastify';
import type { Context, Platform } from '../../domain/context.ts';
import { cancelImport } from '../../domain/did-imports/cancel.ts';
import { getImport, listTrunkImports } from '../../domain/did-imports/get.ts';
import { type ImportRowList, listImportRows } from '../../domain/did-imports/list-rows.ts';
import { presentImport } from '../../domain/did-imports/present.ts';
import { resumeImport } from '../../domain/did-imports/resume.ts';
import * as schemas from '../../domain/did-imports/schemas.ts';
import { preferredFormat } from '../accept.ts';
import { endpoint, type Outcome } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import { isPaged, type Page, pagePosition, pageQuery, pageWindow, startStream } from '../pagination.ts';
import { dataReply, listReply } from '../replies.ts';
import { registerDidImportUpload } from './did-import-upload.ts';

const tag = 'DIDs';
const path = '/sip-trunks/{trunk_id}/dids/imports/{import_id}';
const missing = { trunk_id: 'IMPORT_NOT_FOUND', import_id: 'IMPORT_NOT_FOUND' } as const;

/** Ours. @param kickJobs has this node look for a new job at once */
export function registerDidImportRoutes(
  app: FastifyInstance,
  platform: Platform,
  kickJobs: () => void,
): void {
  registerDidImportUpload(app, platform, kickJobs);

  endpoint(app, platform, {
    method: 'GET',
    path: '/sip-trunks/{trunk_id}/dids/imports',
    operationId: 'listDidImports',
    tag,
    summary: 'List the imports of a SIP trunk',
    description: 'Newest first.',
    scope: 'dids:read',
    missing: { trunk_id: 'TRUNK_NOT_FOUND' },
    query: schemas.listImportsQuery.extend(pageQuery),
    reply: listReply(schemas.didImport),
    handle: async (context, { params, query }) =>
      answerList(await listTrunkImports(context, params.trunk_id), query, presenter(context)),
  });

  endpoint(app, platform, {
    method: 'GET',
    path,
    operationId: 'getDidImport',
    tag,
    summary: 'Get an import and its progress',
    scope: 'dids:read',
    missing,
    reply: dataReply(schemas.didImport),
    handle: async (context, { params }) => ({
      data: presenter(context)(await getImport(context, params.trunk_id, params.import_id)),
    }),
  });

  registerRows(app, platform);
  registerControls(app, platform, kickJobs);
}

const presenter =
  ({ clock }: Context) =>
  (row: Parameters<typeof presentImport>[0]): schemas.DidImport =>
    presentImport(row, clock.now());

function registerRows(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: `${path}/rows`,
    operationId: 'listDidImportRows',
    tag,
    summary: 'List what became of each row of an import',
    description:
      'In the order of the file, as far as the import has come; can be read for 30 days after its end. As NDJSON with `format=ndjson` or `Accept: application/x-ndjson`.',
    scope: 'dids:read',
    missing,
    query: schemas.importRowsQuery.extend(pageQuery),
    reply: listReply(schemas.importRow),
    produces: Object.values(ROW_FORMATS),
    handle: async (context, { params, query, raw }) => {
      const rows = await listImportRows(context, params.trunk_id, params.import_id, query.verdict);
      if (isPaged(query)) return answerPage(rows, query);
      const format = query.format ?? preferredFormat(raw.headers.accept, ROW_FORMATS);
      if (format === 'json') return { stream: await startStream(envelope(rows)) };
      return { stream: await startStream(lines(rows)), contentType: ROW_FORMATS.ndjson };
    },
  });
}

const ROW_FORMATS = { json: 'application/json', ndjson: 'application/x-ndjson' };

async function answerPage(rows: ImportRowList, query: Page): Promise<Outcome> {
  const window = pageWindow(query);
  const data: schemas.DidImportRow[] = [];
  for await (const batch of rows.batches(window.offset)) {
    data.push(...batch.slice(0, window.limit - data.length));
    if (data.length === window.limit) break;
  }
  return { data, beside: { pagination: pagePosition(window, rows.total, data.length) } };
}

async function* envelope(rows: ImportRowList): AsyncGenerator<string> {
  let separator = '{"success":true,"data":[';
  for await (const batch of rows.batches()) {
    yield separator + batch.map((row) => JSON.stringify(row)).join(',');
    separator = ',';
  }
  yield separator === ',' ? ']}' : `${separator}]}`;
}

async function* lines(rows: ImportRowList): AsyncGenerator<string> {
  for await (const batch of rows.batches()) yield batch.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function registerControls(app: FastifyInstance, platform: Platform, kickJobs: () => void): void {
  endpoint(app, platform, {
    method: 'POST',
    path: `${path}/cancel`,
    operationId: 'cancelDidImport',
    tag,
    summary: 'Stop an import',
    description: 'The DIDs that it has created so far stay. It can be resumed.',
    scope: 'dids:write',
    missing,
    reply: dataReply(schemas.didImport),
    errors: ['IMPORT_NOT_CANCELLABLE'],
    handle: async (context, { params }) => ({
      data: presenter(context)(await cancelImport(context, params.trunk_id, params.import_id)),
    }),
  });

  endpoint(app, platform, {
    method: 'POST',
    path: `${path}/resume`,
    operationId: 'resumeDidImport',
    tag,
    summary: 'Have a failed or cancelled import go on',
    scope: 'dids:write',
    missing,
    status: 202,
    reply: dataReply(schemas.didImport),
    errors: ['IMPORT_NOT_RESUMABLE'],
    handle: async (context, { params }) => {
      const row = await resumeImport(context, params.trunk_id, params.import_id);
      kickJobs();
      return { data: presenter(context)(row) };
    },
  });
}
