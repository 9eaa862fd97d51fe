import { type Context, requireScope } from '../context.ts';
import type { List } from '../list.ts';
import type { ReleaseFilters } from './schemas.ts';
import { countReleases, listReleases, type ReleaseWithEnvironment } from './store.ts';

/** Contract §14.4. */
export function listReleaseRequests(
  context: Context,
  filters: Pick<ReleaseFilters, 'status'>,
): List<ReleaseWithEnvironment> {
  requireScope(context, 'dids:read');
  return releases(context, { ...filters, environment_id: context.environmentId });
}

/** The operator's list, over all environments. */
export function listAllReleaseRequests(
  context: Context,
  filters: ReleaseFilters,
): List<ReleaseWithEnvironment> {
  requireScope(context, 'admin');
  return releases(context, filters);
}

const releases = ({ db }: Context, filters: ReleaseFilters): List<ReleaseWithEnvironment> => ({
  slice: (slice) => listReleases(db, filters, slice),
  count: () => countReleases(db, filters),
});
