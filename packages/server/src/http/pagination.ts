import { Readable } from 'node:stream';
import { z } from 'zod';
import type { pagination } from './replies.ts';

const PER_PAGE_DEFAULT = 20;
const PER_PAGE_MAX = 100;
const BATCH_ROWS = 500;

const wholeQuery = z.coerce.number().int();

/** `page` and `per_page`; a list is paged as soon as either is sent (contract §1.6). */
export const pageQuery = {
  page: wholeQuery.min(1).max(1_000_000).optional(),
  per_page: wholeQuery
    .min(1, { error: 'The per page must be between 1 and 100.' })
    .max(PER_PAGE_MAX, { error: 'The per page must be between 1 and 100.' })
    .optional(),
};

export type Page = { page?: number | undefined; per_page?: number | undefined };

export type PageWindow = { page: number; perPage: number; limit: number; offset: number };

export function pageWindow(query: Page): PageWindow {
  const page = query.page ?? 1;
  const perPage = query.per_page ?? PER_PAGE_DEFAULT;
  return { page, perPage, limit: perPage, offset: (page - 1) * perPage };
}

export const isPaged = (query: Page): boolean => query.page !== undefined || query.per_page !== undefined;

export function pagePosition(
  { page, perPage, offset }: PageWindow,
  total: number,
  shown: number,
): z.output<typeof pagination> {
  return {
    current_page: page,
    last_page: Math.max(1, Math.ceil(total / perPage)),
    per_page: perPage,
    total,
    from: shown > 0 ? offset + 1 : null,
    to: shown > 0 ? offset + shown : null,
  };
}

/**
 * `{"success":true,"data":[…]}` written batch by batch: memory stays flat at any length, a slow reader
 * holds no database connection, and the socket's back-pressure decides when the next batch is read.
 */
export function streamList<Row>(
  batch: (after: Row | undefined, limit: number) => Promise<Row[]>,
  present: (row: Row) => object,
): Promise<Readable> {
  return startStream(envelopeChunks(batch, present));
}

async function* envelopeChunks<Row>(
  batch: (after: Row | undefined, limit: number) => Promise<Row[]>,
  present: (row: Row) => object,
): AsyncGenerator<string> {
  let rows = await batch(undefined, BATCH_ROWS);
  let separator = '{"success":true,"data":[';
  while (rows.length > 0) {
    yield separator + rows.map((row) => JSON.stringify(present(row))).join(',');
    separator = ',';
    rows = rows.length < BATCH_ROWS ? [] : await batch(rows.at(-1), BATCH_ROWS);
  }
  yield separator === ',' ? ']}' : `${separator}]}`;
}

/** Waits for the first chunk, so that a failing query still answers an error and not half a body. */
export async function startStream(chunks: AsyncGenerator<string>): Promise<Readable> {
  const first = await chunks.next();
  async function* all(): AsyncGenerator<string> {
    if (!first.done) yield first.value;
    yield* chunks;
  }
  return Readable.from(all(), { objectMode: false });
}
