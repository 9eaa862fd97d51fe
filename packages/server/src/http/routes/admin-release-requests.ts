import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../domain/context.ts';
import { approveRelease, rejectRelease } from '../../domain/release-requests/decide.ts';
import { listAllReleaseRequests } from '../../domain/release-requests/list.ts';
import { presentForOperator } from '../../domain/release-requests/present.ts';
import * as schemas from '../../domain/release-requests/schemas.ts';
import { endpoint } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import { pageQuery } from '../pagination.ts';
import { dataAndMessageReply, listReply } from '../replies.ts';

const tag = 'Release requests';
const scope = 'admin';
const missing = { release_request_id: 'RELEASE_REQUEST_NOT_FOUND' } as const;

/** The operator's side of contract §14.4–14.6. */
export function registerAdminReleaseRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/admin/release-requests',
    operationId: 'listAllReleaseRequests',
    tag,
    summary: 'List the release requests of all environments',
    description: 'Newest first.',
    scope,
    query: schemas.listAllReleaseRequestsQuery.extend(pageQuery),
    reply: listReply(schemas.operatorReleaseRequest),
    handle: async (context, { query }) =>
      answerList(listAllReleaseRequests(context, query), query, presentForOperator),
  });

  const reply = dataAndMessageReply(schemas.operatorReleaseRequest);

  endpoint(app, platform, {
    method: 'POST',
    path: '/admin/release-requests/{release_request_id}/approve',
    operationId: 'approveReleaseRequest',
    tag,
    summary: 'Approve a release request',
    description: 'Removes the number from its environment in the same step.',
    scope,
    missing,
    reply,
    errors: ['RELEASE_ALREADY_RESOLVED', 'PHONE_NUMBER_IN_USE'],
    handle: async (context, { params }) => {
      const row = await approveRelease(context, params.release_request_id);
      return { message: 'Release request approved', data: presentForOperator(row) };
    },
  });

  endpoint(app, platform, {
    method: 'POST',
    path: '/admin/release-requests/{release_request_id}/reject',
    operationId: 'rejectReleaseRequest',
    tag,
    summary: 'Reject a release request',
    scope,
    missing,
    body: schemas.rejectReleaseInput,
    reply,
    errors: ['RELEASE_ALREADY_RESOLVED'],
    handle: async (context, { params, body }) => {
      const row = await rejectRelease(context, params.release_request_id, body);
      return { message: 'Release request rejected', data: presentForOperator(row) };
    },
  });
}
