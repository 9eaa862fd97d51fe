import { normalizeTarget } from '../dids/number.ts';

export const HOLD_SECONDS_MAX = 3_600;
export const E164_SENTENCE =
  'The transfer to must be a phone number in E.164 format (for example +15551234567).';
const HOLD_SENTENCE = `The hold duration must be between 1 and ${HOLD_SECONDS_MAX}.`;

export type Problem = { path: (string | number)[]; message: string };

/** The body of an action; other fields of the same request may be wrong, so nothing is taken for granted. */
type Draft = Record<string, unknown>;
type Sent = { index: number; value: unknown } | undefined;

/** What an action needs beyond the fields that all have (contract §5.1: "requirements differ per type"). */
export function typeProblems(action: Draft): Problem[] {
  return [...addressProblems(action), ...transferProblems(action), ...holdProblems(action)];
}

function addressProblems({ type, url, execution_mode: mode }: Draft): Problem[] {
  const problems: Problem[] = [];
  if ((type === 'webhook' || type === 'external') && isAbsent(url)) {
    problems.push({ path: ['url'], message: `The url field is required when type is ${type}.` });
  }
  if (mode === 'post_call' && type !== 'external') {
    const message = 'The execution mode post_call is only for external actions.';
    problems.push({ path: ['execution_mode'], message });
  }
  return problems;
}

function transferProblems({ type, transfer_to: target, inputs }: Draft): Problem[] {
  if (type !== 'transfer') return [];
  const sent = sentValue(inputs, 'transfer_to');
  if (isAbsent(target) && sent === undefined) {
    return [{ path: ['transfer_to'], message: 'The transfer to field is required when type is transfer.' }];
  }
  if (sent === undefined) return [];
  const path = ['inputs', sent.index, 'value'];
  const number = typeof sent.value === 'string' ? normalizeTarget(sent.value) : undefined;
  if (number === undefined) return [{ path, message: E164_SENTENCE }];
  const differs = typeof target === 'string' && normalizeTarget(target) !== number;
  return differs ? [{ path, message: 'The value must be the same number as transfer_to.' }] : [];
}

function holdProblems({ type, hold_duration: seconds, inputs }: Draft): Problem[] {
  if (type !== 'hold') return [];
  const sent = sentValue(inputs, 'hold_duration');
  if (isAbsent(seconds) && sent === undefined) {
    return [{ path: ['hold_duration'], message: 'The hold duration field is required when type is hold.' }];
  }
  if (sent === undefined) return [];
  const path = ['inputs', sent.index, 'value'];
  const fits =
    Number.isInteger(sent.value) && Number(sent.value) >= 1 && Number(sent.value) <= HOLD_SECONDS_MAX;
  if (!fits) return [{ path, message: HOLD_SENTENCE }];
  const differs = typeof seconds === 'number' && seconds !== sent.value;
  return differs ? [{ path, message: 'The value must be the same as hold_duration.' }] : [];
}

/** Target and duration are sent twice in the contract's examples: as a field and as an input's value. */
export function sentValue(inputs: unknown, name: string): Sent {
  if (!Array.isArray(inputs)) return undefined;
  const index = inputs.findIndex((input: unknown) => isObject(input) && input.name === name);
  const input: unknown = inputs[index];
  return isObject(input) && !isAbsent(input.value) ? { index, value: input.value } : undefined;
}

export function repeatedNames(inputs: unknown): Problem[] {
  if (!Array.isArray(inputs)) return [];
  const names = inputs.map((input: unknown) => (isObject(input) ? input.name : undefined));
  return names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) < index
      ? [
          {
            path: ['inputs', index, 'name'],
            message: `The inputs.${index}.name field has a duplicate value.`,
          },
        ]
      : [],
  );
}

const isObject = (value: unknown): value is Draft => typeof value === 'object' && value !== null;
const isAbsent = (value: unknown): boolean => value === undefined || value === null;
