import { z } from 'zod';
import { normalizeTarget } from '../dids/number.ts';
import {
  attributeName,
  longText,
  optionalText,
  resourceId,
  text,
  timestamp,
  wholeBetween,
} from '../fields.ts';
import { customHeader } from './headers.ts';
import { actionInput, inputResource } from './inputs.ts';
import { E164_SENTENCE, HOLD_SECONDS_MAX, repeatedNames, typeProblems } from './type-rules.ts';

const type = z.enum(['webhook', 'transfer', 'hold', 'external']);
const currentStatus = z.enum(['active', 'inactive']);
// eslint-disable-next-line no-control-regex
const HTTP_URL = /^https?:\/\/[^\s\u0000-\u001f\u007f]+$/i;

const httpUrl = z
  .string()
  .trim()
  .max(2_048)
  .refine((value) => HTTP_URL.test(value) && URL.canParse(value), {
    error: (issue) => `The ${attributeName(issue.path ?? [])} must be a valid URL.`,
  })
  .refine((value) => !holdsCredentials(value), {
    error: 'The URL must not hold a user name or a password: send them with custom_headers.',
  })
  .meta({ format: 'uri' });

function holdsCredentials(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && (url.username !== '' || url.password !== '');
}

const e164 = z
  .string()
  .trim()
  .max(64)
  .refine((value) => normalizeTarget(value) !== undefined, { error: E164_SENTENCE });

const spoken = optionalText(longText(2_000));

/** Contract §5.1: creates, or replaces as a whole, the action that has this `node_id`. */
export const saveActionInput = z
  .strictObject({
    node_id: text(255).describe('Your own key: sent again for the same agent, it replaces that action'),
    name: text(255),
    description: longText(10_000).describe('Tells the agent when to run the action'),
    type,
    inputs: z.array(actionInput).max(50).nullish(),
    integration: z
      .strictObject({ id: text(255) })
      .nullish()
      .describe('Identifier from the list of integrations; any other is kept and does nothing'),
    url: optionalText(httpUrl).describe('Required for webhook and external actions'),
    authorization_url: optionalText(httpUrl),
    authorization_scheme: z.enum(['none', 'bearer', 'basic', 'api_key', 'custom']).default('none'),
    custom_headers: z
      .array(customHeader)
      .max(50)
      .nullish()
      .describe('Stored encrypted, never returned; not sent again, they are gone'),
    speak_on_send: spoken.describe('Said before the request'),
    speak_on_receive: spoken.describe('Said after a successful answer'),
    execution_mode: z
      .enum(['during_call', 'post_call'])
      .default('during_call')
      .describe('`post_call` only for external actions'),
    hold_duration: wholeBetween(1, HOLD_SECONDS_MAX).nullish().describe('Seconds; required for hold actions'),
    transfer_to: optionalText(e164).describe('E.164; required for transfer actions'),
    current_status: currentStatus.default('active'),
  })
  .superRefine(
    (action, check) => {
      for (const problem of [...typeProblems(action), ...repeatedNames(action.inputs)]) {
        check.addIssue({ code: 'custom', ...problem });
      }
    },
    // Beside whatever else is wrong, so that one answer names all problems.
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );
export type SaveActionInput = z.output<typeof saveActionInput>;

/** Contract §5; `label` repeats the name, `config` and `action_trigger` are never shown filled. */
export const actionResource = z
  .object({
    id: resourceId,
    name: z.string(),
    label: z.string(),
    description: z.string(),
    type,
    input_schema: z.array(inputResource),
    config: z.record(z.string(), z.unknown()).nullable(),
    action_trigger: z.record(z.string(), z.unknown()).nullable(),
    url: z.string().nullable(),
    authorization_url: z.string().nullable(),
    current_status: currentStatus,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'AgentAction' });
export type ActionResource = z.output<typeof actionResource>;
