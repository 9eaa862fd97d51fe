import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Platform } from '../domain/context.ts';
import type { Authenticator } from '../domain/tokens/authenticate.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Metrics } from '../kernel/metrics.ts';
import { registerErrors, rememberRoutes } from './errors.ts';
import { registerOpenApi } from './openapi.ts';
import { createRateLimiter } from './rate-limit.ts';
import { registerRequestScope } from './request-scope.ts';
import { registerDidRoutes } from './routes/dids.ts';
import { registerHealthRoutes } from './routes/health.ts';
import { registerTrunkRoutes } from './routes/trunks.ts';

const BODY_BYTES_MAX = 1024 * 1024;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

export type ServerDependencies = {
  platform: Platform;
  authenticator: Authenticator;
  log: Logger;
  metrics: Metrics;
  /** 0 = no limit. */
  rateLimitPerMinute: number;
};

/** The HTTP face of the product: everything a request meets, in order, and the routes. */
export async function buildServer(deps: ServerDependencies): Promise<FastifyInstance> {
  const { platform, log, metrics } = deps;
  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    // A caller's id is kept when it is harmless, so that traces join up.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => app.errorHandler(error, request, reply),
  });
  // Validation is ours (http/validation.ts): query and body in one 422.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(serializerCompiler);
  acceptJson(app);
  rememberRoutes(app);
  registerErrors(app, log);
  observe(app, log, metrics);
  await registerOpenApi(app);
  registerHealthRoutes(app, deps);
  await app.register(
    async (api) => {
      const limit =
        deps.rateLimitPerMinute > 0 ? createRateLimiter(deps.rateLimitPerMinute, platform.clock) : undefined;
      registerRequestScope(api, platform, deps.authenticator, limit);
      registerTrunkRoutes(api, platform);
      registerDidRoutes(api, platform);
    },
    { prefix: '/api/v1' },
  );
  return app;
}

/** JSON and nothing else. An empty body is no body: clients send the header with DELETE as well. */
function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text.length === 0) done(null, undefined);
    else parse(request, text as string, done);
  });
}

/** One log line and one observation per request. The route pattern, never the path: paths hold numbers. */
function observe(app: FastifyInstance, log: Logger, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1_000);
    log.info(
      {
        request_id: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(request.tokenId && {
          token_id: request.tokenId,
          environment_id: request.principal?.environmentId,
        }),
      },
      'request',
    );
  });
}
