import type { z } from 'zod';
import { attributeName } from '../domain/fields.ts';
import { type FieldErrors, validationError } from '../kernel/errors.ts';

/** Sentences as the contract words them (§1.1: Laravel's English). */
export function validationSentence(issue: z.core.$ZodRawIssue): string {
  const field = attributeName(issue.path ?? []) || 'request body';
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined || issue.input === null) return `The ${field} field is required.`;
      return `The ${field} ${TYPE_SENTENCE[issue.expected] ?? `must be of type ${issue.expected}.`}`;
    case 'too_small':
      if (issue.origin === 'string' && (issue.minimum === 1 || issue.input === '')) {
        return `The ${field} field is required.`;
      }
      return `The ${field} must be at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array') {
        return `The ${field} may not be greater than ${issue.maximum}${unitOf(issue.origin)}.`;
      }
      return `The ${field} may not be greater than ${issue.maximum}.`;
    case 'invalid_value':
      return issue.input === undefined
        ? `The ${field} field is required.`
        : `The selected ${field} is invalid.`;
    case 'invalid_format':
      return `The ${field} must be a valid ${FORMAT_NAME[issue.format] ?? 'value'}.`;
    default:
      return `The ${field} is invalid.`;
  }
}

const TYPE_SENTENCE: Record<string, string> = {
  string: 'must be a string.',
  number: 'must be a number.',
  int: 'must be an integer.',
  boolean: 'field must be true or false.',
  array: 'must be an array.',
  object: 'must be an object.',
};

const FORMAT_NAME: Record<string, string> = {
  uuid: 'UUID',
  url: 'URL',
  datetime: 'ISO 8601 time',
  regex: 'value',
};

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '';

/** Problems by field; a field nobody knows is named itself, so that a typo is seen at once. */
function collect(issues: readonly z.core.$ZodIssue[], into: FieldErrors): void {
  const add = (field: string, sentence: string): void => {
    (into[field] ??= []).push(sentence);
  };
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        add([...issue.path, key].join('.'), `The ${key} field is not known here.`);
    } else add(issue.path.join('.') || 'body', issue.message);
  }
}

export type RequestParts = { query: unknown; body: unknown };
export type PartSchemas = { query: z.ZodType; body: z.ZodType | undefined };

/**
 * Checks query and body together and throws one 422 with every problem of the request.
 * @throws VALIDATION_ERROR
 */
export function parseRequest(parts: RequestParts, schemas: PartSchemas): RequestParts {
  // No prototype: a field may be called `constructor`.
  const errors = Object.create(null) as FieldErrors;
  const query = schemas.query.safeParse(parts.query, { error: validationSentence });
  if (!query.success) collect(query.error.issues, errors);
  const body = schemas.body?.safeParse(parts.body, { error: validationSentence });
  if (body && !body.success) collect(body.error.issues, errors);
  if (Object.keys(errors).length > 0) throw validationError(errors);
  return { query: query.data, body: body?.data };
}
