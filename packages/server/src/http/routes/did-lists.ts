import type { Context } from '../../domain/context.ts';
import { listDids } from '../../domain/dids/get.ts';
import type { DidFilters } from '../../domain/dids/schemas.ts';
import type { DidWithAgents } from '../../domain/dids/store.ts';
import type { Outcome } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import type { Page } from '../pagination.ts';

/** Whole and streamed, or one page with its position. */
export const answerDidList = async (
  context: Context,
  filters: DidFilters & Page,
  present: (row: DidWithAgents) => object,
): Promise<Outcome> => answerList(await listDids(context, filters), filters, present);
