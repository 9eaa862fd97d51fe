import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Platform } from '../../domain/context.ts';
import { UPLOAD_BYTES_MAX } from '../../domain/did-imports/limits.ts';
import { presentImport } from '../../domain/did-imports/present.ts';
import { type ImportRequest, receiveImport, tooLarge } from '../../domain/did-imports/receive.ts';
import * as schemas from '../../domain/did-imports/schemas.ts';
import { CatalogueError } from '../../kernel/errors.ts';
import { endpoint } from '../endpoint.ts';
import { requireKey } from '../idempotency.ts';
import { dataReply } from '../replies.ts';

const FORMATS: Readonly<Record<string, ImportRequest['format']>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
};
const MEDIA_TYPES = Object.keys(FORMATS);

const wrongType = (message = `The request body must be ${MEDIA_TYPES.join(' or ')}`): CatalogueError =>
  new CatalogueError('UNSUPPORTED_MEDIA_TYPE', { message, details: { accepted: MEDIA_TYPES } });

/** @param kickJobs has this node look for the new job at once */
export function registerDidImportUpload(
  app: FastifyInstance,
  platform: Platform,
  kickJobs: () => void,
): void {
  // In a scope of its own, so that no other route takes these media types.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(MEDIA_TYPES, (_request, payload, done) => done(null, payload));
    scope.addContentTypeParser('*', (_request, _payload, done) => done(wrongType()));
    endpoint(scope, platform, {
      method: 'POST',
      path: '/sip-trunks/{trunk_id}/dids/import',
      operationId: 'importSipTrunkDids',
      tag: 'DIDs',
      summary: 'Import DIDs from a file',
      description: `Takes up to 256 MiB and 5,000,000 numbers and works them off in the background; the answer names the import to follow.

CSV: a header row with \`number\` and any of \`country_code\`, \`label\`, \`tags\` (separated by \`;\`) and \`note\`, in any order and letter case; or a plain list of numbers. Comma, semicolon or tab, UTF-8. NDJSON: one object a line with the same fields, \`tags\` an array. A column \`trunk_id\`, which exports have, is not read.

A number may be a range of up to 10,000: \`+1555123XXXX\` or \`+15551230000-+15551239999\`.

Numbers that this trunk has already stay as they are, so the same file can be sent again. With an \`Idempotency-Key\` the same file also answers with the same import.`,
      scope: 'dids:write',
      missing: { trunk_id: 'TRUNK_NOT_FOUND' },
      query: schemas.importQuery,
      consumes: MEDIA_TYPES,
      status: 202,
      reply: dataReply(schemas.didImport),
      errors: ['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'IDEMPOTENCY_KEY_REUSED'],
      handle: async (context, { params, query, raw }) => {
        const { row, replayed } = await receiveImport(
          context,
          params.trunk_id,
          { ...query, format: formatOf(raw), idempotency: idempotencyOf(raw) },
          bodyOf(raw),
        );
        kickJobs();
        return {
          data: presentImport(row, platform.clock.now()),
          location: `/sip-trunks/${row.trunk_id}/dids/imports/${row.id}`,
          ...(replayed && { headers: { 'idempotency-replayed': 'true' } }),
        };
      },
    });
  });
}

/** @throws UNSUPPORTED_MEDIA_TYPE also for what the type says of its bytes: only plain UTF-8 is read */
function formatOf({ headers }: FastifyRequest): ImportRequest['format'] {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const format = FORMATS[type.trim()];
  if (!format) throw wrongType();
  const charset = parameters.map((each) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(each)?.[1]).find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw wrongType('The file must be UTF-8');
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw wrongType('The file must not be compressed');
  return format;
}

/** @throws PAYLOAD_TOO_LARGE before a byte is read, when the length says so */
function bodyOf(request: FastifyRequest): Readable {
  if (Number(request.headers['content-length'] ?? 0) > UPLOAD_BYTES_MAX) {
    throw tooLarge({ bytes_max: UPLOAD_BYTES_MAX });
  }
  return request.body as Readable;
}

function idempotencyOf({ headers, tokenId }: FastifyRequest): ImportRequest['idempotency'] {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  requireKey(key);
  return { tokenId, key };
}
