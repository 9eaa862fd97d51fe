import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import type { Metrics } from '../../kernel/metrics.ts';
import { ping } from '../../storage/ping.ts';

const status = z.strictObject({ status: z.string() });

/** Liveness, readiness and metrics: no token, no rate limit. */
export function registerHealthRoutes(
  app: FastifyInstance,
  { platform, metrics }: { platform: Platform; metrics: Metrics },
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
  app.get('/livez', { handler: async () => ({ status: 'ok' }) });
  app.get('/readyz', {
    handler: async (_request, reply) => {
      const database = await ping(platform.db);
      return reply
        .status(database ? 200 : 503)
        .send({ status: database ? 'ready' : 'not ready', checks: { database } });
    },
  });
  app.get('/metrics', {
    handler: async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.type(contentType).send(text);
    },
  });
}
