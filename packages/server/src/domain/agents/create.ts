import { newId } from '../../kernel/ids.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { assignNumbers } from './numbers.ts';
import { agentFacts } from './present.ts';
import type { CreateAgentInput } from './schemas.ts';
import { type FullAgent, insertAgent, readAgent } from './store.ts';

/**
 * Creates a draft (contract §3.1).
 * @throws VALIDATION_ERROR, NUMBER_HAS_INBOUND_AGENT
 */
export async function createAgent(context: Context, input: CreateAgentInput): Promise<FullAgent> {
  requireScope(context, 'agents:write');
  const { phone_number_ids: numberIds, ...settings } = input;
  const id = newId();
  const now = context.clock.now();
  return transact(context, async (tx) => {
    await insertAgent(tx.db, {
      ...settings,
      environment_id: tx.environmentId,
      id,
      description: settings.description ?? null,
      initial_message: settings.initial_message ?? null,
      max_idle_check_count: settings.max_idle_check_count ?? null,
      max_call_duration_seconds: settings.max_call_duration_seconds ?? null,
      say_goodbye_on_max_duration: settings.say_goodbye_on_max_duration ?? null,
      user_inactivity_timeout_seconds: settings.user_inactivity_timeout_seconds ?? null,
      initial_idle_time_seconds: settings.initial_idle_time_seconds ?? null,
      initial_max_idle_check_count: settings.initial_max_idle_check_count ?? null,
      created_at: now,
      updated_at: now,
    });
    if (numberIds) await assignNumbers(tx, { id, direction: input.direction }, numberIds);
    const agent = await readAgent(tx.db, tx.environmentId, id);
    await record(tx, {
      type: 'agent.created',
      subjectType: 'agent',
      subjectId: id,
      after: agentFacts(agent),
    });
    return agent;
  });
}
