import { type Context, record, requireScope, transact } from '../context.ts';
import type { ExpectedRevision } from '../revision.ts';
import { draftAgent, lockAgent } from './lock.ts';
import { assignNumbers } from './numbers.ts';
import { agentFacts } from './present.ts';
import type { UpdateCallingInput } from './schemas.ts';
import { type FullAgent, readAgent } from './store.ts';

/**
 * Direction and numbers (contract §3.7); the agent becomes a draft. A new direction is judged for the
 * numbers that stay as well.
 * @throws VALIDATION_ERROR, NUMBER_HAS_INBOUND_AGENT
 */
export async function updateCalling(
  context: Context,
  id: string,
  input: UpdateCallingInput,
  expected: ExpectedRevision,
): Promise<FullAgent> {
  requireScope(context, 'agents:write');
  return transact(context, async (tx) => {
    await lockAgent(tx, id, expected);
    const before = await readAgent(tx.db, tx.environmentId, id);
    await assignNumbers(tx, { id, direction: input.direction }, input.phone_number_ids ?? undefined);
    await draftAgent(tx, id, { direction: input.direction });
    const after = await readAgent(tx.db, tx.environmentId, id);
    await record(tx, {
      type: 'agent.calling_updated',
      subjectType: 'agent',
      subjectId: id,
      before: agentFacts(before),
      after: agentFacts(after),
    });
    return after;
  });
}
