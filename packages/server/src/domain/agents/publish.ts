import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { lockAgent } from './lock.ts';
import { missingParts } from './readiness.ts';
import { type AgentRow, type FullAgent, readAgent, updateAgent } from './store.ts';

type Status = AgentRow['current_status'];

/**
 * Contract §3.8. Publishing what is published changes nothing.
 * @throws AGENT_NOT_READY with one entry of `errors` per missing part
 */
export const publishAgent = (context: Context, id: string, expected: ExpectedRevision): Promise<FullAgent> =>
  setStatus(context, id, 'published', expected);

/** Contract §3.9. Unpublishing a draft changes nothing. */
export const unpublishAgent = (
  context: Context,
  id: string,
  expected: ExpectedRevision,
): Promise<FullAgent> => setStatus(context, id, 'draft', expected);

async function setStatus(
  context: Context,
  id: string,
  status: Status,
  expected: ExpectedRevision,
): Promise<FullAgent> {
  requireScope(context, 'agents:write');
  return transact(context, async (tx) => {
    const before = await lockAgent(tx, id, expected);
    const agent = await readAgent(tx.db, tx.environmentId, id);
    if (before.current_status === status) return agent;
    if (status === 'published') refuseUnready(agent);
    const row = await updateAgent(tx.db, tx.environmentId, id, {
      current_status: status,
      updated_at: tx.clock.now(),
    });
    await record(tx, {
      type: status === 'published' ? 'agent.published' : 'agent.unpublished',
      subjectType: 'agent',
      subjectId: id,
      before: { current_status: before.current_status },
      after: { current_status: status },
    });
    return { ...agent, ...row };
  });
}

function refuseUnready(agent: FullAgent): void {
  const errors = missingParts(agent);
  if (Object.keys(errors).length > 0) throw new CatalogueError('AGENT_NOT_READY', { errors });
}
