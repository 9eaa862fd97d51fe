import type { z } from 'zod';
import { attributeName } from '../../domain/fields.ts';
import { errorReply } from '../replies.ts';
import { isContractOperation } from './contract.ts';
import {
  actsInEnvironment,
  type Documented,
  type DocumentedError,
  errorsOf,
  takesIdempotencyKey,
} from './documented.ts';
import { EXAMPLES } from './examples.ts';
import type { JsonSchema, SchemaBook } from './schema-book.ts';
import { type HeaderName, headerRef, parameterRef, type ParameterName } from './shared-parts.ts';

const UUID: JsonSchema = { type: 'string', format: 'uuid' };
const RATE_LIMIT: readonly HeaderName[] = ['RateLimitLimit', 'RateLimitRemaining', 'RateLimitReset'];
const WIRE_NAMES: Record<HeaderName, string> = {
  ETag: 'ETag',
  IdempotencyReplayed: 'Idempotency-Replayed',
  Location: 'Location',
  RateLimitLimit: 'X-RateLimit-Limit',
  RateLimitRemaining: 'X-RateLimit-Remaining',
  RateLimitReset: 'X-RateLimit-Reset',
  RequestId: 'X-Request-Id',
  RetryAfter: 'Retry-After',
};

/** One operation of the document. */
export function operationOf(endpoint: Documented, book: SchemaBook): JsonSchema {
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    ...(endpoint.description !== undefined && { description: endpoint.description }),
    tags: [endpoint.tag],
    ...access(endpoint.scope),
    ...(!isContractOperation(endpoint.method, endpoint.path) && { 'x-tronco-addition': true }),
    ...withParameters(endpoint, book),
    ...withBody(endpoint, book),
    responses: {
      ...successOf(endpoint, book),
      ...failuresOf(endpoint, book),
    },
  };
}

/** For a bearer token the requirement lists what the token must be allowed to do (OpenAPI 3.1 §4.8.30). */
function access(scope: Documented['scope']): JsonSchema {
  if (scope === undefined) return { security: [] };
  return { security: [{ token: scope === 'any' ? [] : [scope] }], 'x-tronco-scope': scope };
}

function withParameters(endpoint: Documented, book: SchemaBook): JsonSchema {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const inPath = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    description: `Id of the ${subjectOf(name)}.`,
    schema: endpoint.missing && name in endpoint.missing ? UUID : { type: 'string' },
  }));
  const parameters = [...inPath, ...queryParameters(endpoint.query, book), ...headerParameters(endpoint)];
  return parameters.length > 0 ? { parameters } : {};
}

const ACRONYMS: Record<string, string> = { did: 'DID', trunk: 'SIP trunk' };

/** `trunk_id` → `SIP trunk`. */
function subjectOf(parameter: string): string {
  const noun = parameter.replace(/_id$/, '');
  return ACRONYMS[noun] ?? attributeName([noun]);
}

function queryParameters(query: z.ZodType | undefined, book: SchemaBook): JsonSchema[] {
  if (!query) return [];
  const { properties = {}, required = [] } = book.write(query, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function headerParameters(endpoint: Documented): JsonSchema[] {
  const names: ParameterName[] = [
    ...(actsInEnvironment(endpoint) ? ['TroncoEnvironment' as const] : []),
    ...(takesIdempotencyKey(endpoint) ? ['IdempotencyKey' as const] : []),
    ...(takesIfMatch(endpoint) ? ['IfMatch' as const] : []),
    ...(endpoint.etag && endpoint.method === 'GET' ? ['IfNoneMatch' as const] : []),
  ];
  return names.map(parameterRef);
}

/** Only an endpoint that checks the revision can answer that it changed. */
const takesIfMatch = ({ errors }: Documented): boolean => errors?.includes('PRECONDITION_FAILED') ?? false;

function withBody(endpoint: Documented, book: SchemaBook): JsonSchema {
  const { consumes, body } = endpoint;
  if (consumes) {
    const content = Object.fromEntries(consumes.map((type) => [type, { schema: { type: 'string' } }]));
    return { requestBody: { required: true, description: 'Read as it arrives.', content } };
  }
  if (!body) return {};
  const example = EXAMPLES[endpoint.operationId]?.request;
  const name = `${endpoint.operationId.charAt(0).toUpperCase()}${endpoint.operationId.slice(1)}Request`;
  const media = { schema: book.writeNamed(body, 'input', name), ...(example !== undefined && { example }) };
  return { requestBody: { required: !body.isOptional(), content: { 'application/json': media } } };
}

function successOf(endpoint: Documented, book: SchemaBook): JsonSchema {
  const status = endpoint.status ?? 200;
  const example = EXAMPLES[endpoint.operationId]?.reply;
  const json = {
    schema: book.write(endpoint.reply, 'output'),
    ...(example !== undefined && { example }),
  };
  const types = endpoint.produces ?? ['application/json'];
  const content = Object.fromEntries(
    types.map((type) => [type, type === 'application/json' ? json : { schema: { type: 'string' } }]),
  );
  const headers = headersOf([
    'RequestId',
    ...(endpoint.scope === undefined ? [] : RATE_LIMIT),
    ...(endpoint.etag ? (['ETag'] as const) : []),
    ...(status === 201 || (status === 202 && endpoint.consumes) ? (['Location'] as const) : []),
    ...(takesIdempotencyKey(endpoint) ? (['IdempotencyReplayed'] as const) : []),
  ]);
  return {
    [status]: { description: SUCCESS_WORDS[status] ?? 'Done', headers, content },
    ...(endpoint.etag &&
      endpoint.method === 'GET' && {
        304: {
          description: 'Unchanged: the caller has the current version.',
          headers: headersOf(['RequestId', 'ETag']),
        },
      }),
  };
}

const SUCCESS_WORDS: Record<number, string> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted; the work goes on in the background',
};

function headersOf(names: readonly HeaderName[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [WIRE_NAMES[name], headerRef(name)]));
}

/** One response per status, all with the same body; its description names every code and when. */
function failuresOf(endpoint: Documented, book: SchemaBook): JsonSchema {
  const byStatus = Map.groupBy(errorsOf(endpoint), (error) => error.status);
  return Object.fromEntries([...byStatus].map(([status, errors]) => [status, failure(status, errors, book)]));
}

function failure(status: number, errors: readonly DocumentedError[], book: SchemaBook): JsonSchema {
  return {
    description: errors.map(({ code, message }) => `\`${code}\`: ${message}`).join('\n\n'),
    'x-tronco-codes': errors.map(({ code }) => code),
    ...(status === 429 && { headers: headersOf([...RATE_LIMIT, 'RetryAfter']) }),
    ...(status === 503 && { headers: headersOf(['RetryAfter']) }),
    content: { 'application/json': { schema: book.write(errorReply, 'output') } },
  };
}
