import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../domain/context.ts';
import { archiveEnvironment, restoreEnvironment } from '../../domain/environments/archive.ts';
import { createEnvironment } from '../../domain/environments/create.ts';
import { getEnvironment, listEnvironments } from '../../domain/environments/get.ts';
import { presentEnvironment } from '../../domain/environments/present.ts';
import { renameEnvironment } from '../../domain/environments/rename.ts';
import * as schemas from '../../domain/environments/schemas.ts';
import { endpoint } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import { pageQuery } from '../pagination.ts';
import { dataAndMessageReply, dataReply, listReply } from '../replies.ts';

const tag = 'Environments';
const scope = 'admin';
const missing = { environment_id: 'ENVIRONMENT_NOT_FOUND' } as const;

export function registerAdminEnvironmentRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/admin/environments',
    operationId: 'createEnvironment',
    tag,
    summary: 'Create an environment',
    scope,
    body: schemas.environmentInput,
    status: 201,
    reply: dataReply(schemas.environmentResource),
    errors: ['ENVIRONMENT_NAME_TAKEN'],
    etag: true,
    handle: async (context, { body }) => {
      const row = await createEnvironment(context, body);
      return {
        data: presentEnvironment(row),
        location: `/admin/environments/${row.id}`,
        revision: row.revision,
      };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/admin/environments',
    operationId: 'listEnvironments',
    tag,
    summary: 'List environments',
    scope,
    query: schemas.listEnvironmentsQuery.extend(pageQuery),
    reply: listReply(schemas.environmentResource),
    handle: (context, { query }) => answerList(listEnvironments(context, query), query, presentEnvironment),
  });

  registerOneEnvironment(app, platform);
  registerArchiving(app, platform);
}

function registerOneEnvironment(app: FastifyInstance, platform: Platform): void {
  const path = '/admin/environments/{environment_id}';

  endpoint(app, platform, {
    method: 'GET',
    path,
    operationId: 'getEnvironment',
    tag,
    summary: 'Get an environment',
    scope,
    missing,
    reply: dataReply(schemas.environmentResource),
    etag: true,
    handle: async (context, { params }) => {
      const row = await getEnvironment(context, params.environment_id);
      return { data: presentEnvironment(row), revision: row.revision };
    },
  });

  endpoint(app, platform, {
    method: 'PATCH',
    path,
    operationId: 'renameEnvironment',
    tag,
    summary: 'Rename an environment',
    scope,
    missing,
    body: schemas.environmentInput,
    reply: dataReply(schemas.environmentResource),
    errors: ['ENVIRONMENT_NAME_TAKEN', 'PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, body, expected }) => {
      const row = await renameEnvironment(context, params.environment_id, body, expected);
      return { data: presentEnvironment(row), revision: row.revision };
    },
  });
}

function registerArchiving(app: FastifyInstance, platform: Platform): void {
  const shared = { method: 'POST', tag, scope, missing } as const;
  const reply = dataAndMessageReply(schemas.environmentResource);

  endpoint(app, platform, {
    ...shared,
    path: '/admin/environments/{environment_id}/archive',
    operationId: 'archiveEnvironment',
    summary: 'Archive an environment',
    description: 'Its tokens are refused until it is restored. Nothing is deleted.',
    reply,
    etag: true,
    handle: async (context, { params }) => {
      const row = await archiveEnvironment(context, params.environment_id);
      return { message: 'Environment archived', data: presentEnvironment(row), revision: row.revision };
    },
  });

  endpoint(app, platform, {
    ...shared,
    path: '/admin/environments/{environment_id}/restore',
    operationId: 'restoreEnvironment',
    summary: 'Restore an archived environment',
    description: 'Its tokens work again.',
    reply,
    etag: true,
    handle: async (context, { params }) => {
      const row = await restoreEnvironment(context, params.environment_id);
      return { message: 'Environment restored', data: presentEnvironment(row), revision: row.revision };
    },
  });
}
