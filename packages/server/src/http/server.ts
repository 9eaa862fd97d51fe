import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Platform } from '../domain/context.ts';
import type { TrunkChecks } from '../domain/trunks/checks.ts';
import type { Authenticator } from '../domain/tokens/authenticate.ts';
import { CatalogueError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Metrics } from '../kernel/metrics.ts';
import { registerErrors, rememberRoutes } from './errors.ts';
import { registerOpenApi } from './openapi.ts';
import { createRateLimiter } from './rate-limit.ts';
import { answerUnreadable, ignoreExpectations } from './unreadable.ts';
import { registerRequestScope } from './request-scope.ts';
import { registerAdminEnvironmentRoutes } from './routes/admin-environments.ts';
import { registerAdminReleaseRoutes } from './routes/admin-release-requests.ts';
import { registerAdminTokenRoutes } from './routes/admin-tokens.ts';
import { registerAuditLogRoutes } from './routes/audit-log.ts';
import { registerCurrentTokenRoute } from './routes/current-token.ts';
import { registerActionRoutes } from './routes/actions.ts';
import { registerAgentRoutes } from './routes/agents.ts';
import { registerDidExportRoutes } from './routes/did-export.ts';
import { registerDidImportRoutes } from './routes/did-imports.ts';
import { registerDidRoutes } from './routes/dids.ts';
import { registerHealthRoutes } from './routes/health.ts';
import { registerPhoneNumberRoutes } from './routes/phone-numbers.ts';
import { registerTrainingRoutes } from './routes/trainings.ts';
import { registerTrunkCheckRoutes } from './routes/trunk-checks.ts';
import { registerTrunkRoutes } from './routes/trunks.ts';

const BODY_BYTES_MAX = 1024 * 1024;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

export type ServerDependencies = {
  platform: Platform;
  authenticator: Authenticator;
  log: Logger;
  metrics: Metrics;
  trunkChecks: TrunkChecks;
  /** 0 = no limit. */
  rateLimitPerMinute: number;
  /** Has this node look for a job that a request has just enqueued; other nodes find it by polling. */
  kickJobs?: () => void;
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
    // An id that is far too long is as malformed as any other and gets the same 404.
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => app.errorHandler(error, request, reply),
    clientErrorHandler: answerUnreadable,
    // A missing Host is refused below, in the envelope; Node alone would answer an empty 400.
    http: { requireHostHeader: false },
  });
  ignoreExpectations(app.server);
  // Validation is ours (http/validation.ts): query and body in one 422.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(serializerCompiler);
  acceptJson(app);
  rememberRoutes(app);
  registerErrors(app, log);
  observe(app, log, metrics);
  registerOpenApi(app);
  registerHealthRoutes(app, deps);
  await app.register(
    async (api) => {
      const limit =
        deps.rateLimitPerMinute > 0 ? createRateLimiter(deps.rateLimitPerMinute, platform.clock) : undefined;
      registerRequestScope(api, platform, deps.authenticator, limit);
      registerTrunkRoutes(api, platform);
      registerTrunkCheckRoutes(api, platform, deps.trunkChecks);
      registerDidRoutes(api, platform);
      registerDidImportRoutes(api, platform, deps.kickJobs ?? (() => {}));
      registerDidExportRoutes(api, platform);
      registerAgentRoutes(api, platform);
      registerTrainingRoutes(api, platform);
      registerActionRoutes(api, platform);
      registerPhoneNumberRoutes(api, platform);
      registerAuditLogRoutes(api, platform);
      registerCurrentTokenRoute(api, platform);
      registerAdminEnvironmentRoutes(api, platform);
      registerAdminTokenRoutes(api, platform);
      registerAdminReleaseRoutes(api, platform);
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

/**
 * One observation per request, and a log line: at info when the request was refused, at debug when it
 * went well, since a line each would be a tenth of a request's cost. Changes are in the audit log.
 */
function observe(app: FastifyInstance, log: Logger, metrics: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    // RFC 9112 §3.2
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      throw new CatalogueError('BAD_REQUEST');
    }
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const ms = reply.elapsedTime;
    metrics.httpRequest(route, request.method, reply.statusCode, ms / 1_000);
    const level = reply.statusCode >= 400 ? 'info' : 'debug';
    if (log.isLevelEnabled(level)) log[level](requestFacts(request, reply, route, ms), 'request');
    done();
  });
}

/** The route pattern, never the path: paths hold numbers. */
const requestFacts = (request: FastifyRequest, reply: FastifyReply, route: string, ms: number): object => ({
  request_id: request.id,
  method: request.method,
  route,
  status: reply.statusCode,
  ms: Math.round(ms * 10) / 10,
  ...(request.tokenId && {
    token_id: request.tokenId,
    environment_id: request.principal?.environmentId,
  }),
});
