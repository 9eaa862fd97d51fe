import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, transact } from '../context.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import { agentExists, type AgentChanges, type AgentRow, lockAgentRow, updateAgent } from './store.ts';

/** @throws AGENT_NOT_FOUND */
export async function requireAgent(context: Context, id: string): Promise<void> {
  if (!(await agentExists(context.db, context.environmentId, id)))
    throw new CatalogueError('AGENT_NOT_FOUND');
}

/**
 * First step of every change of an agent or of something it owns: until the transaction ends, nobody
 * else changes any of it. Agent, trainings, actions and numbers share one revision.
 * @throws AGENT_NOT_FOUND, PRECONDITION_FAILED
 */
export async function lockAgent(tx: Context, id: string, expected: ExpectedRevision): Promise<AgentRow> {
  const row = await lockAgentRow(tx.db, tx.environmentId, id);
  if (!row) throw new CatalogueError('AGENT_NOT_FOUND');
  requireRevision(row, expected);
  return row;
}

/** Writes the changes, if any; what was published must be published again (contract §19.2). */
export const draftAgent = (tx: Context, id: string, changes: AgentChanges = {}): Promise<AgentRow> =>
  updateAgent(tx.db, tx.environmentId, id, {
    ...changes,
    current_status: 'draft',
    updated_at: tx.clock.now(),
  });

/**
 * Changes something that an agent owns, its trainings or actions: the agent is locked first and a draft
 * afterwards, so that no such change can forget either.
 * @throws AGENT_NOT_FOUND, PRECONDITION_FAILED
 */
export const changePartOfAgent = <Result>(
  context: Context,
  agentId: string,
  expected: ExpectedRevision,
  change: (tx: Context) => Promise<Result>,
): Promise<Result> =>
  transact(context, async (tx) => {
    await lockAgent(tx, agentId, expected);
    const result = await change(tx);
    await draftAgent(tx, agentId);
    return result;
  });
