import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Context, type Platform, requireScope } from '../domain/context.ts';
import { normalizeEnvironmentRef, resolveEnvironment } from '../domain/environments/resolve.ts';
import type { Authenticator } from '../domain/tokens/authenticate.ts';
import type { RequiredScope } from '../domain/tokens/scopes.ts';
import type { TokenWithEnvironment } from '../domain/tokens/store.ts';
import { CatalogueError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import type { Wording } from './endpoint.ts';
import type { RateLimitVerdict } from './rate-limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once authenticated: what a verb's context needs beside the platform. */
    principal: Omit<Context, keyof Platform>;
    tokenId: string;
  }
  interface FastifyContextConfig {
    /** Present on every endpoint of the API: no scope, no authentication. */
    scope?: RequiredScope;
    wording?: Wording | undefined;
  }
}

/** Names the environment that an admin token acts in, by id or name. */
export const ENVIRONMENT_HEADER = 'tronco-environment';

/** Authenticates, limits the rate, and answers 403 before the body is read. */
export function registerRequestScope(
  app: FastifyInstance,
  platform: Platform,
  authenticator: Authenticator,
  limit: ((key: string) => RateLimitVerdict) | undefined,
): void {
  app.decorateRequest('principal');
  app.decorateRequest('tokenId', '');
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return;
    const token = await authenticator.authenticate(bearerToken(request));
    const verdict = limit?.(token.id);
    if (verdict) {
      reply.header('x-ratelimit-limit', verdict.limit);
      reply.header('x-ratelimit-remaining', verdict.remaining);
      reply.header('x-ratelimit-reset', verdict.resetSeconds);
      if (!verdict.allowed) throw tooManyRequests(verdict);
    }
    request.tokenId = token.id;
    request.principal = await principalOf(platform, request, token, scope);
    if (scope !== 'any') requireScope(request.principal, scope);
  });
}

function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new CatalogueError('MISSING_TOKEN');
  const match = /^Bearer +(\S+) *$/i.exec(header);
  if (!match?.[1]) throw new CatalogueError('INVALID_TOKEN');
  return match[1];
}

async function principalOf(
  platform: Platform,
  request: FastifyRequest,
  token: TokenWithEnvironment,
  scope: RequiredScope,
): Promise<FastifyRequest['principal']> {
  const principal = {
    environmentId: token.environment_id,
    actor: { type: 'token', id: token.id, name: token.name } as const,
    scopes: token.scopes,
    requestId: request.id,
  };
  if (scope === 'admin') return principal;
  const reference = normalizeEnvironmentRef(request.headers[ENVIRONMENT_HEADER]);
  if (!token.scopes.includes('admin')) {
    requireOwnEnvironment(token, reference);
    return principal;
  }
  // An operator works inside an environment only when the request says which.
  if (reference !== undefined) {
    const environment = await resolveEnvironment(platform, reference);
    return { ...principal, environmentId: environment.id, scopes: ['*'] };
  }
  if (scope !== 'any') throw new CatalogueError('ENVIRONMENT_REQUIRED');
  return principal;
}

/** A request that names another environment than its token's was meant for another place. */
function requireOwnEnvironment(token: TokenWithEnvironment, reference: string | undefined): void {
  if (reference === undefined) return;
  const own = [token.environment_id, token.environment_name];
  if (!own.includes(isUuid(reference) ? reference.toLowerCase() : reference)) {
    throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
  }
}

const tooManyRequests = (verdict: RateLimitVerdict): CatalogueError =>
  new CatalogueError('RATE_LIMIT_EXCEEDED', {
    details: { retry_after: verdict.retryAfterSeconds },
    headers: { 'retry-after': String(verdict.retryAfterSeconds) },
  });
