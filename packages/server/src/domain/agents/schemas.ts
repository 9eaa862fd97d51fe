import { z } from 'zod';
import { actionResource } from '../actions/schemas.ts';
import {
  attributeName,
  between,
  longText,
  optionalText,
  resourceId,
  text,
  timestamp,
  wholeBetween,
} from '../fields.ts';
import { trainingResource } from '../trainings/schemas.ts';

/** Contract §3.1. */
const LANGUAGES = [
  'pt-BR', 'pt-PT', 'en-US', 'en-CA', 'es-ES', 'fr-FR', 'de-DE', 'it-IT', 'nl-NL', 'ja-JP', 'ko-KR', 'zh-TW',
] as const; // prettier-ignore
export const DESCRIPTION_MIN = 5;
const DESCRIPTION_MAX = 100_000;

const language = z.enum(LANGUAGES);
const direction = z.enum(['inbound', 'outbound']);
const currentStatus = z.enum(['draft', 'published']);
const whoSpeaksFirst = z.enum(['agent', 'user']);
const interruptSensitivity = z.enum(['low', 'medium', 'high']);
const initialMessageDelay = wholeBetween(0, 60).describe('Seconds');
const llmTemperature = between(0, 2);

/** `standard` is another word for key presses: it stands in the contract's older OpenAPI example. */
const ivrNavigationMode = z
  .enum(['off', 'dtmf', 'speech', 'standard'])
  .transform((mode) => (mode === 'standard' ? 'dtmf' : mode))
  .describe('What the agent does when an outbound call meets a menu; `standard` means `dtmf`');

/** Whatever is no DID of the environment gets the same sentence, a malformed id as well. */
const phoneNumberIds = z
  .array(
    z
      .uuid({ error: (issue) => `The selected ${attributeName(issue.path ?? [])} is invalid.` })
      .transform((id) => id.toLowerCase()),
  )
  .max(1_000)
  .nullish()
  .describe('Ids of DIDs, in order of preference; an id sent twice counts once');

/** Contract §3.1. The upper limits that the contract does not state are ours. */
export const createAgentInput = z.strictObject({
  label: text(255),
  name: text(255),
  description: optionalText(longText(DESCRIPTION_MAX)).describe('The agent’s prompt'),
  language,
  initial_message: optionalText(longText(1_000)),
  interrupt_sensitivity: interruptSensitivity,
  endpointing_sensitivity: z.enum(['auto', 'low', 'medium', 'high']),
  ivr_navigation_mode: ivrNavigationMode,
  conversation_speed: between(0.1, 3, '0.1 and 3.0'),
  initial_message_delay: initialMessageDelay,
  ask_if_human_present_on_idle: z.boolean(),
  idle_time_seconds: wholeBetween(1, 300),
  max_idle_check_count: wholeBetween(1, 10).nullish(),
  max_call_duration_seconds: wholeBetween(1, 3_600).nullish(),
  say_goodbye_on_max_duration: z.boolean().nullish(),
  user_inactivity_timeout_seconds: wholeBetween(5, 120).nullish(),
  initial_idle_time_seconds: wholeBetween(1, 60).nullish(),
  initial_max_idle_check_count: wholeBetween(0, 10).nullish(),
  llm_temperature: llmTemperature,
  enable_recording: z.boolean(),
  direction,
  who_speaks_first: whoSpeaksFirst,
  phone_number_ids: phoneNumberIds,
});
export type CreateAgentInput = z.output<typeof createAgentInput>;

/** Contract §3.5: every field but `initial_message` is required; left out, that one stays. */
export const updateKnowledgeInput = z.strictObject({
  description: longText(DESCRIPTION_MAX, DESCRIPTION_MIN),
  initial_message: optionalText(longText(255, 5)),
  interrupt_sensitivity: interruptSensitivity,
  ask_if_human_present_on_idle: z.boolean(),
  llm_temperature: llmTemperature,
  initial_message_delay: initialMessageDelay,
});
export type UpdateKnowledgeInput = z.output<typeof updateKnowledgeInput>;

/** Contract §3.7: without `phone_number_ids` the numbers stay, an empty list detaches them all. */
export const updateCallingInput = z.strictObject({ direction, phone_number_ids: phoneNumberIds });
export type UpdateCallingInput = z.output<typeof updateCallingInput>;

/** Contract §3.2. */
export const listAgentsQuery = z.strictObject({
  status: currentStatus.optional(),
  direction: direction.optional(),
  search: optionalText(text(255)).describe('Part of the name or of the label'),
});
export type AgentFilters = z.output<typeof listAgentsQuery>;

const voice = z
  .object({
    id: z.string(),
    name: z.string(),
    label: z.string(),
    stability: z.number().nullable(),
    similarity_boost: z.number().nullable(),
    ambient_background: z.string().nullable(),
    template: z.object({ id: z.string(), name: z.string() }),
  })
  .meta({ id: 'AgentVoice' });

const callingNumber = z
  .object({
    id: resourceId,
    number: z.string(),
    country_code: z.string(),
    formatted_number: z.string(),
    current_status: z.literal('active'),
  })
  .meta({ id: 'AgentCallingNumber' });

const phoneNumber = callingNumber
  .omit({ current_status: true })
  .extend({ international_number: z.string(), current_status: z.literal('active') })
  .meta({ id: 'AgentPhoneNumber' });

const agent = z.object({
  id: resourceId,
  name: z.string(),
  label: z.string(),
  description: z.string().nullable(),
  language,
  voice: voice.nullable().describe('Null: the default voice of the agent’s language'),
  initial_message: z.string().nullable(),
  interrupt_sensitivity: interruptSensitivity,
  conversation_speed: z.number(),
  initial_message_delay: z.int(),
  ask_if_human_present_on_idle: z.boolean(),
  direction,
  who_speaks_first: whoSpeaksFirst,
  current_status: currentStatus,
  is_sandbox: z.boolean(),
  is_ready_to_publish: z.boolean(),
  created_at: timestamp,
  updated_at: timestamp,
  trainings: z.array(trainingResource),
  actions: z.array(actionResource),
  phone_numbers: z.array(phoneNumber),
});

/** Contract §3. */
export const agentResource = agent.meta({ id: 'Agent' });
export type AgentResource = z.output<typeof agentResource>;

/** Contract §3.7, the answer. */
export const agentCalling = agent
  .pick({ id: true, name: true, direction: true, current_status: true })
  .extend({ phone_numbers: z.array(callingNumber), updated_at: timestamp })
  .meta({ id: 'AgentCalling' });
export type AgentCalling = z.output<typeof agentCalling>;

/** Contract §3.8 and §3.9, the answers. */
export const agentPublication = agent
  .pick({ id: true, name: true, current_status: true, is_ready_to_publish: true, updated_at: true })
  .meta({ id: 'AgentPublication' });
export type AgentPublication = z.output<typeof agentPublication>;
