import { requireAgent } from '../agents/lock.ts';
import { type Context, requireScope } from '../context.ts';
import { listTrainings as readTrainings, type TrainingRow } from './store.ts';

/** Contract §4.2: active and inactive, oldest first. */
export async function listTrainings(context: Context, agentId: string): Promise<TrainingRow[]> {
  requireScope(context, 'agents:read');
  await requireAgent(context, agentId);
  return readTrainings(context.db, context.environmentId, agentId);
}
