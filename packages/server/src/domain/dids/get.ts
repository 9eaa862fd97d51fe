import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import { findTrunk } from '../trunks/store.ts';
import { countDids, type DidSlice, listDids as readDids } from './list-store.ts';
import type { DidFilters } from './schemas.ts';
import { type DidWithAgents, findDid } from './store.ts';

/** @param trunkId when given, the DID must be on that trunk. */
export async function getDid(context: Context, id: string, trunkId?: string): Promise<DidWithAgents> {
  requireScope(context, 'dids:read');
  const row = await findDid(context.db, context.environmentId, id);
  if (!row || (trunkId !== undefined && row.trunk_id !== trunkId)) throw new CatalogueError('DID_NOT_FOUND');
  return row;
}

export type DidList = {
  slice(slice: DidSlice): Promise<DidWithAgents[]>;
  count(): Promise<number>;
};

/** The DIDs of the environment, or of one trunk (contract §12.8) which must then exist. */
export async function listDids(context: Context, filters: DidFilters): Promise<DidList> {
  requireScope(context, 'dids:read');
  const { db, environmentId } = context;
  if (filters.trunk_id !== undefined && !(await findTrunk(db, environmentId, filters.trunk_id))) {
    throw new CatalogueError('TRUNK_NOT_FOUND');
  }
  return {
    slice: (slice) => readDids(db, environmentId, filters, slice),
    count: () => countDids(db, environmentId, filters),
  };
}
