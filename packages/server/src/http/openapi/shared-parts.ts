import type { JsonSchema } from './schema-book.ts';

/** Headers and parameters that many operations share; each stands once under `components`. */
const header = (description: string, schema: JsonSchema): JsonSchema => ({ description, schema });
const text: JsonSchema = { type: 'string' };
const whole: JsonSchema = { type: 'integer', minimum: 0 };

export const HEADERS = {
  ETag: header('Version of the resource: send it back in If-Match or If-None-Match.', text),
  IdempotencyReplayed: header('Present when this is the stored answer of an earlier request.', {
    const: 'true',
  }),
  Location: header('Path of the created resource.', { type: 'string', format: 'uri-reference' }),
  RateLimitLimit: header('Requests that the token may make per minute.', whole),
  RateLimitRemaining: header('Requests left at this moment.', whole),
  RateLimitReset: header('Unix time in seconds at which the whole limit is available again.', whole),
  RequestId: header(
    'Names this request in the log and in the audit log; quote it when asking for help.',
    text,
  ),
  RetryAfter: header('Seconds to wait before trying again.', whole),
} as const satisfies Record<string, JsonSchema>;

export type HeaderName = keyof typeof HEADERS;

const parameter = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

export const PARAMETERS = {
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Any text of your own, unique per intent. Repeating the request with the same key within 24 hours has one effect and the same answer.',
    { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  ),
  IfMatch: parameter(
    'If-Match',
    'The ETag you read. When the resource has changed since, nothing happens and the answer is 412.',
    text,
  ),
  IfNoneMatch: parameter(
    'If-None-Match',
    'The ETag you have. When it is still current, the answer is 304.',
    text,
  ),
  TroncoEnvironment: parameter(
    'Tronco-Environment',
    'Id or name of the environment to act in. For admin tokens; a token of an environment always acts in its own.',
    text,
  ),
} as const satisfies Record<string, JsonSchema>;

export type ParameterName = keyof typeof PARAMETERS;

export const headerRef = (name: HeaderName): JsonSchema => ({ $ref: `#/components/headers/${name}` });
export const parameterRef = (name: ParameterName): JsonSchema => ({
  $ref: `#/components/parameters/${name}`,
});
