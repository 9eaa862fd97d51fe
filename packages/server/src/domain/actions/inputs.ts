import { z } from 'zod';
import { longText, text } from '../fields.ts';

const inputType = z.enum(['string', 'integer', 'number', 'boolean']);
const inputValue = z.union([longText(2_000), z.number(), z.boolean()], {
  error: 'The value must be a string, a number, true or false.',
});

/** Contract §5.1: one thing the agent must find out before it runs the action, or a fixed value. */
export const actionInput = z
  .strictObject({
    name: text(255),
    type: inputType,
    required: z.boolean().default(false),
    description: longText(2_000).or(z.literal('')).default(''),
    value: inputValue.nullish(),
  })
  .refine(({ type, value }) => value === undefined || value === null || hasType(value, type), {
    path: ['value'],
    error: 'The value must have the type of its input.',
  });
type ActionInput = z.output<typeof actionInput>;

function hasType(value: string | number | boolean, type: z.output<typeof inputType>): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

/** Contract §5: what an answer shows of an input; `value` stands only where there is one. */
export const inputResource = z
  .object({
    name: z.string(),
    type: inputType,
    required: z.boolean(),
    description: z.string(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .meta({ id: 'ActionInput' });
export type InputResource = z.output<typeof inputResource>;

type TypedAction = {
  type: string;
  inputs: readonly ActionInput[];
  transfer_to: string | null;
  hold_duration: number | null;
};

/**
 * `inputs` as they are kept and shown. Transfer and hold always have the input that holds their target
 * or their duration: added when it was not sent, and with the value of the field (contract §5, §21.4).
 */
export function inputSchemaOf(action: TypedAction): InputResource[] {
  const own = ownInput(action);
  const inputs = action.inputs.map(({ value, ...input }): InputResource => {
    if (own && input.name === own.name) return { ...own, ...input, value: own.value };
    return value === undefined || value === null ? input : { ...input, value };
  });
  return own && !inputs.some((input) => input.name === own.name) ? [...inputs, own] : inputs;
}

function ownInput({ type, transfer_to: target, hold_duration: seconds }: TypedAction) {
  if (type === 'transfer' && target !== null) {
    return {
      name: 'transfer_to',
      type: 'string',
      required: true,
      description: 'Transfer to',
      value: target,
    } as const;
  }
  if (type === 'hold' && seconds !== null) {
    return {
      name: 'hold_duration',
      type: 'integer',
      required: true,
      description: 'Hold duration in seconds',
      value: seconds,
    } as const;
  }
  return undefined;
}
