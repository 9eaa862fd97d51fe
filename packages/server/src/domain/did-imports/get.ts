import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import type { List } from '../list.ts';
import { findTrunk } from '../trunks/store.ts';
import { countImports, findImport, type ImportRow, listImports } from './store.ts';

export async function getImport(context: Context, trunkId: string, id: string): Promise<ImportRow> {
  requireScope(context, 'dids:read');
  const row = await findImport(context.db, context.environmentId, id);
  if (row?.trunk_id !== trunkId) throw new CatalogueError('IMPORT_NOT_FOUND');
  return row;
}

/** The imports of a trunk, newest first. */
export async function listTrunkImports(context: Context, trunkId: string): Promise<List<ImportRow>> {
  requireScope(context, 'dids:read');
  const { db, environmentId } = context;
  if (!(await findTrunk(db, environmentId, trunkId))) throw new CatalogueError('TRUNK_NOT_FOUND');
  return {
    slice: (slice) => listImports(db, environmentId, trunkId, slice),
    count: () => countImports(db, environmentId, trunkId),
  };
}
