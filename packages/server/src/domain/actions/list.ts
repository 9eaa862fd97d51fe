import { requireAgent } from '../agents/lock.ts';
import { type Context, requireScope } from '../context.ts';
import { type ActionRow, listActions as readActions } from './store.ts';

/** Contract §5.2: active and inactive, oldest first. */
export async function listActions(context: Context, agentId: string): Promise<ActionRow[]> {
  requireScope(context, 'agents:read');
  await requireAgent(context, agentId);
  return readActions(context.db, context.environmentId, agentId);
}
