import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import { findTrunk, listTrunks as readTrunks, type TrunkRow } from './store.ts';

/** Contract §12.3. */
export async function getTrunk(context: Context, id: string): Promise<TrunkRow> {
  requireScope(context, 'trunks:read');
  const row = await findTrunk(context.db, context.environmentId, id);
  if (!row) throw new CatalogueError('TRUNK_NOT_FOUND');
  return row;
}

/** Contract §12.1, batch by batch: the list is never whole in memory. */
export function listTrunks(
  context: Context,
  after: TrunkRow | undefined,
  limit: number,
): Promise<TrunkRow[]> {
  requireScope(context, 'trunks:read');
  return readTrunks(context.db, context.environmentId, after?.id, limit);
}
