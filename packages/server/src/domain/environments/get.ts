import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import type { List } from '../list.ts';
import type { EnvironmentFilters } from './schemas.ts';
import {
  countEnvironments,
  type EnvironmentRow,
  findEnvironment,
  listEnvironments as readEnvironments,
} from './store.ts';

/** @throws ENVIRONMENT_NOT_FOUND */
export async function getEnvironment(context: Context, id: string): Promise<EnvironmentRow> {
  requireScope(context, 'admin');
  const row = await findEnvironment(context.db, id);
  if (!row) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
  return row;
}

export function listEnvironments(context: Context, filters: EnvironmentFilters): List<EnvironmentRow> {
  requireScope(context, 'admin');
  const archived = filters.archived === undefined ? undefined : filters.archived === 'true';
  return {
    slice: (slice) => readEnvironments(context.db, archived, slice),
    count: () => countEnvironments(context.db, archived),
  };
}
