import { presentAction } from '../actions/present.ts';
import { formatBoth } from '../dids/number.ts';
import { presentTraining } from '../trainings/present.ts';
import type { AgentNumber } from './number-store.ts';
import { isReadyToPublish } from './readiness.ts';
import type { AgentCalling, AgentPublication, AgentResource } from './schemas.ts';
import type { AgentRow, FullAgent } from './store.ts';

/** Contract §3: the settings that no documented answer shows are stored and not here. */
export const presentAgent = (agent: FullAgent): AgentResource => ({
  id: agent.id,
  name: agent.name,
  label: agent.label,
  description: agent.description,
  language: agent.language,
  voice: null,
  initial_message: agent.initial_message,
  interrupt_sensitivity: agent.interrupt_sensitivity,
  conversation_speed: agent.conversation_speed,
  initial_message_delay: agent.initial_message_delay,
  ask_if_human_present_on_idle: agent.ask_if_human_present_on_idle,
  direction: agent.direction,
  who_speaks_first: agent.who_speaks_first,
  current_status: agent.current_status,
  is_sandbox: false,
  is_ready_to_publish: isReadyToPublish(agent),
  created_at: agent.created_at.toISOString(),
  updated_at: agent.updated_at.toISOString(),
  trainings: agent.trainings.map(presentTraining),
  actions: agent.actions.map(presentAction),
  phone_numbers: agent.phone_numbers.map(presentNumber),
});

function presentNumber({ id, number, country_code }: AgentNumber): AgentResource['phone_numbers'][number] {
  const { national, international } = formatBoth(number);
  return {
    id,
    number,
    country_code,
    formatted_number: national,
    international_number: international,
    current_status: 'active',
  };
}

/** Contract §3.7: here the numbers have no international form. */
export const presentCalling = (agent: FullAgent): AgentCalling => ({
  id: agent.id,
  name: agent.name,
  direction: agent.direction,
  current_status: agent.current_status,
  phone_numbers: agent.phone_numbers.map((number) => {
    const { international_number: _, ...shown } = presentNumber(number);
    return shown;
  }),
  updated_at: agent.updated_at.toISOString(),
});

/** Contract §3.8, §3.9. */
export const presentPublication = (agent: FullAgent): AgentPublication => ({
  id: agent.id,
  name: agent.name,
  current_status: agent.current_status,
  is_ready_to_publish: isReadyToPublish(agent),
  updated_at: agent.updated_at.toISOString(),
});

type Owned = Pick<FullAgent, 'trainings' | 'actions' | 'phone_numbers'>;

/** What the audit log keeps of an agent: every setting, shown in answers or not. Owned rows have entries of their own. */
export function agentFacts(agent: AgentRow & Partial<Owned>): object {
  const { environment_id: _e, id: _i, revision: _r, created_at: _c, updated_at: _u, ...facts } = agent;
  const { trainings: _t, actions: _a, phone_numbers: numbers, ...settings } = facts;
  return { ...settings, ...(numbers && { phone_numbers: numbers.map(({ number }) => number) }) };
}
