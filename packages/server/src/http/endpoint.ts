import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context, Platform } from '../domain/context.ts';
import type { ExpectedRevision } from '../domain/revision.ts';
import type { RequiredScope } from '../domain/tokens/scopes.ts';
import { CatalogueError, type ErrorCode } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import { alreadyHas, etagOf, expectedRevision } from './conditions.ts';
import { type Answer, onceOnly } from './idempotency.ts';
import type { Documented } from './openapi/documented.ts';
import { parseRequest } from './validation.ts';

/** `'/sip-trunks/{trunk_id}/dids'` → `'trunk_id'`. */
type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

type SuccessStatus = 200 | 201 | 202;

export type Outcome = {
  /** False when the operation ran and its outcome is bad news (contract §12.6); default true. */
  success?: boolean;
  data?: unknown;
  message?: string;
  /** Members of the envelope beside data, e.g. pagination. */
  beside?: Record<string, unknown>;
  /** Path of a created resource, below /api/v1. */
  location?: string;
  /** Makes the ETag and answers If-None-Match; for endpoints that say `etag`. */
  revision?: undefined;
  /** A whole body, already written: large lists. */
  stream?: Readable;
  contentType?: string;
  headers?: Record<string, string>;
};

type VersionedOutcome = Omit<Outcome, 'revision'> & { revision: number };

export type EndpointRequest<Path extends string, Query, Body> = {
  params: Record<ParamNames<Path>, string>;
  query: Query;
  body: Body;
  /** From If-Match. */
  expected: ExpectedRevision;
  raw: FastifyRequest;
};

/** Where the contract words the shared errors per page. */
export type Wording = { unauthenticated?: string; forbidden?: string };

export type Endpoint<Path extends string, Query extends z.ZodType, Body extends z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI form, below /api/v1. */
  path: Path;
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  scope: RequiredScope;
  /** What a path parameter that is no UUID answers: the same as a missing row. */
  missing?: Record<ParamNames<Path>, ErrorCode>;
  query?: Query;
  body?: Body;
  status?: SuccessStatus;
  reply: z.ZodType;
  /** Codes of its own; the shared ones (401, 403, 422, 429, 500 …) are added. */
  errors?: readonly ErrorCode[];
  wording?: Wording;
  /**
   * A POST whose repetition does no harm: it takes no Idempotency-Key, which would hold a transaction
   * open as long as it runs.
   */
  repeatable?: boolean;
  /** The body is a stream that the handler reads itself, with these media types. */
  consumes?: readonly string[];
  /** Media types of the answer when there are others than JSON; the handler chooses. */
  produces?: readonly string[];
} & (
  | { etag?: false; handle: Handler<Path, Query, Body, Outcome> }
  /** The answer has an ETag: its handler hands out a revision. */
  | { etag: true; handle: Handler<Path, Query, Body, VersionedOutcome> }
);

type Handler<Path extends string, Query extends z.ZodType, Body extends z.ZodType, Result> = (
  context: Context,
  request: EndpointRequest<Path, z.output<Query>, z.output<Body>>,
) => Promise<Result>;

const NO_QUERY = z.strictObject({});

/** Registers one endpoint: validation, scope, idempotency, conditions and envelope in one place. */
export function endpoint<Path extends string, Query extends z.ZodType, Body extends z.ZodType>(
  app: FastifyInstance,
  platform: Platform,
  definition: Endpoint<Path, Query, Body>,
): void {
  const status = definition.status ?? 200;
  app.documented.push(definition as Documented);
  app.route({
    method: definition.method,
    url: definition.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema: { response: { [status]: definition.reply } },
    config: { scope: definition.scope, wording: definition.wording },
    handler: async (request, reply) => {
      const context = { ...platform, ...request.principal };
      // Validates before anything else, so that a bad request never opens a transaction.
      const parsed = readRequest(definition, request);
      const run = async (ctx: Context): Promise<Answer> =>
        answerOf(await definition.handle(ctx, parsed), status);
      const key = request.headers['idempotency-key'];
      const keyless = definition.method !== 'POST' || definition.consumes || definition.repeatable;
      if (keyless || typeof key !== 'string') {
        return send(request, reply, await run(context));
      }
      const identity = { method: request.method, url: request.url, body: parsed.body };
      return send(request, reply, await onceOnly(context, request.tokenId, key, identity, run));
    },
  });
}

function readRequest<Path extends string, Query extends z.ZodType, Body extends z.ZodType>(
  definition: Endpoint<Path, Query, Body>,
  request: FastifyRequest,
): EndpointRequest<Path, z.output<Query>, z.output<Body>> {
  const params = request.params as Record<ParamNames<Path>, string>;
  for (const [name, code] of Object.entries(definition.missing ?? {})) {
    if (!isUuid(params[name as ParamNames<Path>])) throw new CatalogueError(code as ErrorCode);
  }
  const { query, body } = parseRequest(
    { query: request.query, body: request.body },
    { query: definition.query ?? NO_QUERY, body: definition.consumes ? undefined : definition.body },
  );
  return {
    params,
    query: query as z.output<Query>,
    body: body as z.output<Body>,
    expected: expectedRevision(request.headers['if-match']),
    raw: request,
  };
}

function answerOf(outcome: Outcome | VersionedOutcome, status: SuccessStatus): Answer {
  const headers: Record<string, string> = { ...outcome.headers };
  if (outcome.location !== undefined) headers.location = `/api/v1${outcome.location}`;
  if (outcome.revision !== undefined) headers.etag = etagOf(outcome.revision);
  if (outcome.stream) {
    headers['content-type'] = outcome.contentType ?? 'application/json; charset=utf-8';
    return { status, headers, body: outcome.stream };
  }
  const body = {
    success: outcome.success ?? true,
    ...(outcome.message !== undefined && { message: outcome.message }),
    ...(outcome.data !== undefined && { data: outcome.data }),
    ...outcome.beside,
  };
  return { status, headers, body };
}

function send(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  reply.headers(headers);
  const unchanged = request.method === 'GET' && alreadyHas(request.headers['if-none-match'], headers.etag);
  return unchanged ? reply.status(304).send() : reply.status(status).send(body);
}
