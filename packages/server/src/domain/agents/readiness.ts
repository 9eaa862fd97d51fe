import type { FieldErrors } from '../../kernel/errors.ts';
import { DESCRIPTION_MIN } from './schemas.ts';
import type { FullAgent } from './store.ts';

/**
 * What an agent still needs before it can be published, by part, with what to do about it.
 * A voice is not among it: an agent that has chosen none speaks with its language's default voice.
 */
export function missingParts(agent: Pick<FullAgent, 'description' | 'phone_numbers'>): FieldErrors {
  const missing: FieldErrors = {};
  if ((agent.description ?? '').length < DESCRIPTION_MIN) {
    missing.knowledge = [
      `The agent needs a description of at least ${DESCRIPTION_MIN} characters. Set it with PUT /api/v1/agents/{agent_id}/knowledge.`,
    ];
  }
  if (agent.phone_numbers.length === 0) {
    missing.calling = [
      'The agent needs at least one phone number. Assign it with PUT /api/v1/agents/{agent_id}/calling.',
    ];
  }
  return missing;
}

export const isReadyToPublish = (agent: Pick<FullAgent, 'description' | 'phone_numbers'>): boolean =>
  Object.keys(missingParts(agent)).length === 0;
