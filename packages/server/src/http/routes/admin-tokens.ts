import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import { createAdminToken, createToken } from '../../domain/tokens/create.ts';
import { listAdminTokens, listTokens } from '../../domain/tokens/get.ts';
import { presentCreatedToken, presentToken } from '../../domain/tokens/present.ts';
import { revokeAdminToken, revokeToken } from '../../domain/tokens/revoke.ts';
import * as schemas from '../../domain/tokens/schemas.ts';
import { endpoint } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import { pageQuery } from '../pagination.ts';
import { dataReply, listReply, messageReply } from '../replies.ts';

const tag = 'Tokens';
const scope = 'admin';
const inEnvironment = { environment_id: 'ENVIRONMENT_NOT_FOUND' } as const;
const query = z.strictObject(pageQuery);
const SHOWN_ONCE = 'The answer shows the token’s text, the only time it is known.';

export function registerAdminTokenRoutes(app: FastifyInstance, platform: Platform): void {
  registerEnvironmentTokens(app, platform);
  registerInstallationTokens(app, platform);
}

function registerEnvironmentTokens(app: FastifyInstance, platform: Platform): void {
  const path = '/admin/environments/{environment_id}/tokens';

  endpoint(app, platform, {
    method: 'POST',
    path,
    operationId: 'createToken',
    tag,
    summary: 'Create a token of an environment',
    description: SHOWN_ONCE,
    scope,
    missing: inEnvironment,
    body: schemas.createTokenInput,
    status: 201,
    reply: dataReply(schemas.createdToken),
    handle: async (context, { params, body }) => {
      const { token, row } = await createToken(context, params.environment_id, body);
      const location = `/admin/environments/${params.environment_id}/tokens/${row.id}`;
      return { data: presentCreatedToken(token, row), location };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path,
    operationId: 'listTokens',
    tag,
    summary: 'List the tokens of an environment',
    scope,
    missing: inEnvironment,
    query,
    reply: listReply(schemas.tokenResource),
    handle: async (context, { params, query }) =>
      answerList(await listTokens(context, params.environment_id), query, presentToken),
  });

  endpoint(app, platform, {
    method: 'DELETE',
    path: '/admin/environments/{environment_id}/tokens/{token_id}',
    operationId: 'revokeToken',
    tag,
    summary: 'Revoke a token of an environment',
    description: 'It stays listed with the time of its revocation.',
    scope,
    missing: { ...inEnvironment, token_id: 'TOKEN_NOT_FOUND' },
    reply: messageReply,
    handle: async (context, { params }) => {
      await revokeToken(context, params.environment_id, params.token_id);
      return { message: 'Token revoked' };
    },
  });
}

function registerInstallationTokens(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/admin/tokens',
    operationId: 'createAdminToken',
    tag,
    summary: 'Create an admin token',
    description: SHOWN_ONCE,
    scope,
    body: schemas.createAdminTokenInput,
    status: 201,
    reply: dataReply(schemas.createdToken),
    handle: async (context, { body }) => {
      const { token, row } = await createAdminToken(context, body);
      return { data: presentCreatedToken(token, row), location: `/admin/tokens/${row.id}` };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/admin/tokens',
    operationId: 'listAdminTokens',
    tag,
    summary: 'List the admin tokens',
    scope,
    query,
    reply: listReply(schemas.tokenResource),
    handle: (context, { query }) => answerList(listAdminTokens(context), query, presentToken),
  });

  endpoint(app, platform, {
    method: 'DELETE',
    path: '/admin/tokens/{token_id}',
    operationId: 'revokeAdminToken',
    tag,
    summary: 'Revoke an admin token',
    description: 'The last one that works cannot be revoked.',
    scope,
    missing: { token_id: 'TOKEN_NOT_FOUND' },
    reply: messageReply,
    errors: ['LAST_ADMIN_TOKEN'],
    handle: async (context, { params }) => {
      await revokeAdminToken(context, params.token_id);
      return { message: 'Token revoked' };
    },
  });
}
