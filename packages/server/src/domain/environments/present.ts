import type { EnvironmentResource } from './schemas.ts';
import type { EnvironmentRow } from './store.ts';

export const presentEnvironment = (row: EnvironmentRow): EnvironmentResource => ({
  id: row.id,
  name: row.name,
  archived_at: row.archived_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
