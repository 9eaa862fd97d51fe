import type { TrainingResource } from './schemas.ts';
import type { ShownTraining, TrainingRow } from './store.ts';

/** Contract §4: `node_id` is not among its fields. */
export const presentTraining = (row: ShownTraining): TrainingResource => ({
  id: row.id,
  subject: row.subject,
  instructions: row.instructions,
  current_status: row.current_status,
  created_at: new Date(row.created_at).toISOString(),
  updated_at: new Date(row.updated_at).toISOString(),
});

/** What the audit log keeps of a training. */
export const trainingFacts = (row: TrainingRow): object => ({
  agent_id: row.agent_id,
  node_id: row.node_id,
  subject: row.subject,
  instructions: row.instructions,
  current_status: row.current_status,
});
