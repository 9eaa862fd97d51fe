import type { List } from '../domain/list.ts';
import type { Outcome } from './endpoint.ts';
import { isPaged, type Page, pagePosition, pageWindow, streamList } from './pagination.ts';

/** Whole and streamed, or, when `page` or `per_page` was sent, one page with its position. */
export async function answerList<Row>(
  list: List<Row>,
  page: Page,
  present: (row: Row) => object,
): Promise<Outcome> {
  if (!isPaged(page)) {
    return {
      stream: await streamList((after: Row | undefined, limit) => list.slice({ after, limit }), present),
    };
  }
  const window = pageWindow(page);
  const { limit, offset } = window;
  const [rows, total] = await Promise.all([list.slice({ limit, offset }), list.count()]);
  return {
    data: rows.map(present),
    beside: { pagination: pagePosition(window, total, rows.length) },
  };
}
