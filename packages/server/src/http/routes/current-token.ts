import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../domain/context.ts';
import { describeCaller } from '../../domain/tokens/get.ts';
import { presentCurrentToken } from '../../domain/tokens/present.ts';
import { currentToken } from '../../domain/tokens/schemas.ts';
import { endpoint } from '../endpoint.ts';
import { dataReply } from '../replies.ts';

/** Who am I: the first question of every client, and the check that a token works. */
export function registerCurrentTokenRoute(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/token',
    operationId: 'getCurrentToken',
    tag: 'Tokens',
    summary: 'Describe the token in use',
    description: 'Its scopes and expiry, and the environment it acts in. Any working token may ask.',
    scope: 'any',
    reply: dataReply(currentToken),
    handle: async (context) => {
      const { token, environment } = await describeCaller(context);
      return { data: presentCurrentToken(token, environment) };
    },
  });
}
