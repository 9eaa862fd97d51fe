import type { Context } from '../../domain/context.ts';
import { listDids } from '../../domain/dids/get.ts';
import type { DidFilters } from '../../domain/dids/schemas.ts';
import type { DidWithAgents } from '../../domain/dids/store.ts';
import type { Outcome } from '../endpoint.ts';
import { isPaged, type Page, pagePosition, pageWindow, streamList } from '../pagination.ts';

/** Whole and streamed, or one page with its position: the same for both number lists. */
export async function answerDidList(
  context: Context,
  filters: DidFilters & Page,
  present: (row: DidWithAgents) => object,
): Promise<Outcome> {
  const list = await listDids(context, filters);
  if (!isPaged(filters)) {
    return { stream: await streamList((after, limit) => list.slice({ after, limit }), present) };
  }
  const window = pageWindow(filters);
  const [rows, total] = await Promise.all([list.slice(window), list.count()]);
  return {
    data: rows.map(present),
    beside: { pagination: pagePosition(window, total, rows.length) },
  };
}
