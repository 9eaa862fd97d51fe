import { createHash, hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { CatalogueError, validationError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { claimKey, IDEMPOTENCY_TTL_MS, type KeyId, storeResponse } from '../../storage/idempotency-keys.ts';
import { violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { findTrunk } from '../trunks/store.ts';
import { insertChunk } from './chunk-store.ts';
import { enqueueImport } from './job.ts';
import type { CsvLayout } from './layout.ts';
import { NUMBERS_MAX, UPLOAD_BYTES_MAX } from './limits.ts';
import { importFacts } from './present.ts';
import type { ImportQuery } from './schemas.ts';
import { deleteUpload, findImport, type ImportRow, insertImport, queueUploaded } from './store.ts';
import { UploadSplitter } from './upload-splitter.ts';

export type ImportRequest = ImportQuery & {
  format: 'csv' | 'ndjson';
  /** When the caller wants one import however often it sends the same. */
  idempotency?: { tokenId: string; key: string } | undefined;
};

export type Received = { row: ImportRow; replayed: boolean };

/**
 * Takes a file of DIDs in as it arrives, with flat memory, and queues it. The file is kept in chunks in
 * the database, so that any node can process it. An upload that breaks off leaves nothing.
 * @throws TRUNK_NOT_FOUND, VALIDATION_ERROR, PAYLOAD_TOO_LARGE, BAD_REQUEST, IDEMPOTENCY_KEY_REUSED
 */
export async function receiveImport(
  context: Context,
  trunkId: string,
  request: ImportRequest,
  source: Readable,
): Promise<Received> {
  requireScope(context, 'dids:write');
  const { db, environmentId } = context;
  if (!(await findTrunk(db, environmentId, trunkId))) throw new CatalogueError('TRUNK_NOT_FOUND');
  const id = newId();
  try {
    await insertImport(db, {
      environment_id: environmentId,
      id,
      trunk_id: trunkId,
      format: request.format,
      dry_run: request.dry_run,
      default_country_code: request.country_code ?? null,
      actor: JSON.stringify(context.actor),
      request_id: context.requestId,
      created_at: context.clock.now(),
    });
    const upload = await storeUpload(context, id, request, source);
    const received = await transact(context, (tx) => queue(tx, id, trunkId, request, upload));
    if (received.replayed) await deleteUpload(db, environmentId, id);
    return received;
  } catch (error) {
    // What cannot be removed now is swept later; the reason of the failure is what the caller needs.
    await deleteUpload(db, environmentId, id).catch(() => {});
    const constraint = violatedConstraint(error);
    if (constraint === 'did_imports_trunk_fkey') throw new CatalogueError('TRUNK_NOT_FOUND');
    if (constraint === 'did_import_chunks_import_fkey') throw new CatalogueError('TRUNK_NOT_FOUND');
    throw error;
  }
}

type Upload = { layout: CsvLayout | undefined; rowsTotal: number; sha256: string };

async function storeUpload(
  context: Context,
  importId: string,
  request: ImportRequest,
  source: Readable,
): Promise<Upload> {
  const key = { environmentId: context.environmentId, importId };
  const splitter = new UploadSplitter(request.format);
  const sha = createHash('sha256');
  let rowsTotal = 0;
  let seq = 0;
  const store = async (chunks: ReturnType<UploadSplitter['push']>): Promise<void> => {
    // Nothing but blank lines: their numbers count, their bytes need no keeping.
    for (const chunk of chunks.filter(({ rowCount }) => rowCount > 0)) {
      rowsTotal += chunk.rowCount;
      if (rowsTotal > NUMBERS_MAX) throw tooLarge({ rows_max: NUMBERS_MAX });
      await insertChunk(context.db, key, seq, chunk);
      seq += 1;
    }
    requireCountry(request, splitter.layout);
  };
  for await (const piece of limited(source)) {
    sha.update(piece);
    await store(splitter.push(piece));
  }
  await store(splitter.end());
  if (rowsTotal === 0) throw validationError({ body: ['The file has no rows.'] });
  return { layout: splitter.layout, rowsTotal, sha256: sha.digest('hex') };
}

/** The pieces of the body, up to the limit. */
async function* limited(source: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // Not destroyed when it is refused half-way: the caller must still be able to read why.
    for await (const piece of source.iterator({ destroyOnReturn: false })) {
      const buffer: Buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
      bytes += buffer.length;
      if (bytes > UPLOAD_BYTES_MAX) throw tooLarge({ bytes_max: UPLOAD_BYTES_MAX });
      yield buffer;
    }
  } catch (error) {
    // The caller went away: nobody reads the answer, and nothing of ours failed.
    if (source.errored) throw new CatalogueError('BAD_REQUEST', { cause: error });
    throw error;
  }
}

export const tooLarge = (details: Record<string, number>): CatalogueError =>
  new CatalogueError('PAYLOAD_TOO_LARGE', { details });

/** Otherwise every single row would be invalid, for the same reason. */
function requireCountry(request: ImportRequest, layout: CsvLayout | undefined): void {
  if (!layout || request.country_code !== undefined || layout.columns.includes('country_code')) return;
  throw validationError({
    country_code: ['The file has no column country_code: send the country as ?country_code=.'],
  });
}

async function queue(
  tx: Context,
  id: string,
  trunkId: string,
  request: ImportRequest,
  upload: Upload,
): Promise<Received> {
  const { idempotency } = request;
  const earlier =
    idempotency && (await claimedBefore(tx, id, idempotency, fingerprintOf(trunkId, request, upload)));
  if (earlier) return { row: earlier, replayed: true };
  await queueUploaded(tx.db, tx.environmentId, id, upload);
  const row = await findImport(tx.db, tx.environmentId, id);
  if (!row) throw new CatalogueError('TRUNK_NOT_FOUND');
  await enqueueImport(tx, id);
  await record(tx, {
    type: 'did.import_started',
    subjectType: 'did_import',
    subjectId: id,
    after: importFacts(row),
  });
  return { row, replayed: false };
}

const fingerprintOf = (trunkId: string, request: ImportRequest, { sha256 }: Upload): string =>
  hash(
    'sha256',
    JSON.stringify(['did-import', trunkId, request.format, request.dry_run, request.country_code, sha256]),
  );

/** @returns the import that the key already stands for; undefined when it now stands for this one */
async function claimedBefore(
  tx: Context,
  id: string,
  { tokenId, key }: { tokenId: string; key: string },
  fingerprint: string,
): Promise<ImportRow | undefined> {
  const keyId: KeyId = { environmentId: tx.environmentId, tokenId, key };
  const now = tx.clock.now();
  const cutoff = new Date(now.getTime() - IDEMPOTENCY_TTL_MS);
  const stored = await claimKey(tx.db, keyId, fingerprint, now, cutoff);
  if (!stored) {
    // The import's id is the answer: a replay shows the import as it is then.
    await storeResponse(tx.db, keyId, { status: 202, response: id, headers: {} });
    return undefined;
  }
  if (stored.fingerprint !== fingerprint) throw new CatalogueError('IDEMPOTENCY_KEY_REUSED');
  const earlier = await findImport(tx.db, tx.environmentId, stored.response);
  if (!earlier) throw new CatalogueError('IMPORT_NOT_FOUND');
  return earlier;
}
