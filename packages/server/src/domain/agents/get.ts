import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import type { AgentFilters } from './schemas.ts';
import { countAgents, findAgent, type FullAgent, listAgents as readAgents } from './store.ts';

/** Contract §3.3. */
export async function getAgent(context: Context, id: string): Promise<FullAgent> {
  requireScope(context, 'agents:read');
  const agent = await findAgent(context.db, context.environmentId, id);
  if (!agent) throw new CatalogueError('AGENT_NOT_FOUND');
  return agent;
}

/** Contract §3.2: one page, and how many agents match in all. */
export async function listAgents(
  context: Context,
  filters: AgentFilters,
  window: { limit: number; offset: number },
): Promise<{ agents: FullAgent[]; total: number }> {
  requireScope(context, 'agents:read');
  const { db, environmentId } = context;
  const [agents, total] = await Promise.all([
    readAgents(db, environmentId, filters, window),
    countAgents(db, environmentId, filters),
  ]);
  return { agents, total };
}
