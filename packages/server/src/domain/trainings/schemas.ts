import { z } from 'zod';
import { longText, optionalText, resourceId, text, timestamp } from '../fields.ts';

const currentStatus = z.enum(['active', 'inactive']);

/** Contract §4.1: creates, or replaces the training that has this `node_id`. */
export const saveTrainingInput = z.strictObject({
  node_id: optionalText(text(255)).describe(
    'Your own key: sent again for the same agent, it replaces that training. Without it, a new one is made.',
  ),
  subject: text(255),
  instructions: longText(50_000),
  current_status: currentStatus.default('active'),
});
export type SaveTrainingInput = z.output<typeof saveTrainingInput>;

/** Contract §4. */
export const trainingResource = z
  .object({
    id: resourceId,
    subject: z.string(),
    instructions: z.string(),
    current_status: currentStatus,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'AgentTraining' });
export type TrainingResource = z.output<typeof trainingResource>;
