import type { Platform } from '../context.ts';
import { sweepImports } from './store.ts';

/** Longer than any upload that still moves. */
const ABANDONED_AFTER_MS = 24 * 60 * 60_000;
/** How long the rows of an ended import can be read; its counts stay. */
const ROWS_KEPT_MS = 30 * 24 * 60 * 60_000;

/** Removes what broken uploads left and what nobody needs any more. */
export async function sweepDidImports({ db, clock }: Platform): Promise<void> {
  const nowMs = clock.now().getTime();
  await sweepImports(db, new Date(nowMs - ABANDONED_AFTER_MS), new Date(nowMs - ROWS_KEPT_MS));
}
