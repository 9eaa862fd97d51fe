import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ping } from '../../storage/ping.ts';
import type { ServerDependencies } from '../server.ts';

const status = z.strictObject({ status: z.string() });
const HIDDEN = { hide: true };

/** Liveness, readiness and metrics: no token, no rate limit. */
export function registerHealthRoutes(
  app: FastifyInstance,
  { platform, metrics }: Pick<ServerDependencies, 'platform' | 'metrics'>,
): void {
  app.get('/api/v1/health', {
    schema: { response: { 200: status } },
    handler: async () => ({ status: 'ok' }),
  });
  app.documented.push({
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    tag: 'Health',
    summary: 'Liveness of the API',
    reply: status,
  });
  app.get('/livez', { schema: HIDDEN, handler: async () => ({ status: 'ok' }) });
  app.get('/readyz', {
    schema: HIDDEN,
    handler: async (_request, reply) => {
      const database = await ping(platform.db);
      return reply
        .status(database ? 200 : 503)
        .send({ status: database ? 'ready' : 'not ready', checks: { database } });
    },
  });
  app.get('/metrics', {
    schema: HIDDEN,
    handler: async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.type(contentType).send(text);
    },
  });
}
