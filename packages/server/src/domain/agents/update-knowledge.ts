import { type Context, record, requireScope, transact } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { draftAgent, lockAgent } from './lock.ts';
import { agentFacts } from './present.ts';
import type { UpdateKnowledgeInput } from './schemas.ts';
import { type FullAgent, readAgent } from './store.ts';

/** Contract §3.5; the agent becomes a draft. */
export async function updateKnowledge(
  context: Context,
  id: string,
  input: UpdateKnowledgeInput,
  expected: ExpectedRevision,
): Promise<FullAgent> {
  requireScope(context, 'agents:write');
  return transact(context, async (tx) => {
    const before = await lockAgent(tx, id, expected);
    const { initial_message: greeting, ...changes } = input;
    const after = await draftAgent(tx, id, {
      ...changes,
      ...(greeting !== undefined && { initial_message: greeting }),
    });
    await record(tx, {
      type: 'agent.knowledge_updated',
      subjectType: 'agent',
      subjectId: id,
      before: agentFacts(before),
      after: agentFacts(after),
    });
    return readAgent(tx.db, tx.environmentId, id);
  });
}
