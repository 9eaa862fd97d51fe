import type { ActionResource } from './schemas.ts';
import type { ActionRow, ShownAction } from './store.ts';

/** Contract §5. */
export const presentAction = (row: ShownAction): ActionResource => ({
  id: row.id,
  name: row.name,
  label: row.name,
  description: row.description,
  type: row.type,
  input_schema: row.input_schema,
  config: null,
  action_trigger: null,
  url: row.url,
  authorization_url: row.authorization_url,
  current_status: row.current_status,
  created_at: new Date(row.created_at).toISOString(),
  updated_at: new Date(row.updated_at).toISOString(),
});

/** What the audit log keeps of an action: of its headers only that there are any. */
export function actionFacts(row: ActionRow): object {
  const { environment_id: _e, id: _i, created_at: _c, updated_at: _u, ...facts } = row;
  const { custom_headers_sealed: sealed, ...settings } = facts;
  return { ...settings, has_custom_headers: sealed !== null };
}
