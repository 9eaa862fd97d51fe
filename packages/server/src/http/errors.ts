import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CatalogueError, type ErrorCode } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { isUnavailable } from '../storage/transaction.ts';
import { errorBody } from './envelope.ts';

/** Fastify's own refusals, in our words. */
const FRAMEWORK_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
};

/** Turns whatever was thrown into an error of the catalogue. */
export function toCatalogueError(error: unknown): CatalogueError {
  if (error instanceof CatalogueError) return error;
  if (error instanceof SyntaxError && 'statusCode' in error) return new CatalogueError('MALFORMED_JSON');
  const framework = FRAMEWORK_CODES[(error as FastifyError).code ?? ''];
  if (framework) return new CatalogueError(framework, { cause: error });
  if (isUnavailable(error)) {
    return new CatalogueError('UNAVAILABLE', { cause: error, headers: { 'retry-after': '1' } });
  }
  const status = (error as FastifyError).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return new CatalogueError('BAD_REQUEST', { cause: error });
  }
  return new CatalogueError('SERVER_ERROR', { cause: error });
}

export function registerErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = wordedFor(request, toCatalogueError(thrown));
    if (error.status >= 500) {
      log.error(
        { request_id: request.id, route: request.routeOptions.url, err: error.cause ?? error },
        error.code,
      );
    }
    return answer(request, reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(app, request);
    if (allowed.length === 0) return answer(request, reply, new CatalogueError('NOT_FOUND'));
    const headers = { allow: allowed.join(', ') };
    return answer(
      request,
      reply,
      new CatalogueError('METHOD_NOT_ALLOWED', { headers, details: { allowed } }),
    );
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, error: CatalogueError): FastifyReply {
  // A handler that had begun to answer may have left its type behind.
  reply.removeHeader('content-type');
  // A request whose address cannot be read comes here without having passed the hook that sets it.
  reply.header('x-request-id', request.id);
  if (error.headers) reply.headers(error.headers);
  // Serialised here: an error is never refused by a response schema.
  const body = JSON.stringify(errorBody(error, request.id));
  return reply.status(error.status).type('application/json; charset=utf-8').serializer(String).send(body);
}

/** The contract words 401 and 403 differently from page to page; the codes stay the same. */
function wordedFor(request: FastifyRequest, error: CatalogueError): CatalogueError {
  const { wording } = request.routeOptions.config;
  const message =
    error.status === 401
      ? wording?.unauthenticated
      : error.code === 'FORBIDDEN'
        ? wording?.forbidden
        : undefined;
  if (message === undefined) return error;
  const code = error.code === 'FORBIDDEN' ? 'UNAUTHORIZED' : error.code;
  return new CatalogueError(code, { message, ...(error.details && { details: error.details }) });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Methods under which the path would have been found. Only asked once nothing matched. */
function allowedMethods(app: FastifyInstance, request: FastifyRequest): string[] {
  const [path = '/'] = request.url.split('?');
  return METHODS.filter((method) => method !== request.method && matchesRoute(app, method, path));
}

function matchesRoute(app: FastifyInstance, method: string, path: string): boolean {
  return app.routePatterns.some((route) => route.method === method && route.pattern.test(path));
}

declare module 'fastify' {
  interface FastifyInstance {
    routePatterns: { method: string; pattern: RegExp }[];
  }
}

/** Remembers every route, for the 405s. Register before the routes. */
export function rememberRoutes(app: FastifyInstance): void {
  app.decorate('routePatterns', []);
  app.addHook('onRoute', ({ method, url }) => {
    const source = url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
    for (const each of [method].flat()) {
      app.routePatterns.push({ method: each, pattern: new RegExp(`^${source}/?$`) });
    }
  });
}
