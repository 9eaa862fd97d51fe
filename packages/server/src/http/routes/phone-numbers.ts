import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import { getPhoneNumber, listPhoneNumbers } from '../../domain/phone-numbers/get.ts';
import { presentNumber, presentNumberListed } from '../../domain/phone-numbers/present.ts';
import * as schemas from '../../domain/phone-numbers/schemas.ts';
import { cancelRelease } from '../../domain/release-requests/cancel.ts';
import { listReleaseRequests } from '../../domain/release-requests/list.ts';
import { presentRelease } from '../../domain/release-requests/present.ts';
import { requestRelease } from '../../domain/release-requests/request.ts';
import * as releases from '../../domain/release-requests/schemas.ts';
import { endpoint } from '../endpoint.ts';
import { answerList } from '../lists.ts';
import { pageQuery } from '../pagination.ts';
import { dataReply, listReply, messageReply } from '../replies.ts';

const tag = 'Phone numbers';
const wording = { unauthenticated: 'Unauthorized' };

/** Contract §14.3–14.6. */
export function registerPhoneNumberRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/phone-numbers',
    operationId: 'listPhoneNumbers',
    tag,
    summary: 'List phone numbers',
    description: 'The numbers of the environment over all its SIP trunks.',
    scope: 'dids:read',
    query: schemas.listPhoneNumbersQuery.extend(pageQuery),
    reply: listReply(z.union([schemas.phoneNumberResource, schemas.phoneNumberListItem])),
    wording,
    handle: async (context, { query: { page, per_page, ...filters } }) => {
      const present = filters.include === 'details' ? presentNumber : presentNumberListed;
      return answerList(await listPhoneNumbers(context, filters), { page, per_page }, present);
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/phone-numbers/{phone_number_id}',
    operationId: 'getPhoneNumber',
    tag,
    summary: 'Get a phone number',
    scope: 'dids:read',
    missing: { phone_number_id: 'PHONE_NUMBER_NOT_FOUND' },
    reply: dataReply(schemas.phoneNumberResource),
    wording,
    etag: true,
    handle: async (context, { params }) => {
      const row = await getPhoneNumber(context, params.phone_number_id);
      return { data: presentNumber(row), revision: row.revision };
    },
  });

  registerReleaseRoutes(app, platform);
}

function registerReleaseRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/phone-numbers/release-requests',
    operationId: 'listReleaseRequests',
    tag,
    summary: 'List release requests',
    description: 'Newest first, resolved ones included.',
    scope: 'dids:read',
    query: releases.listReleaseRequestsQuery.extend(pageQuery),
    reply: listReply(releases.releaseRequest),
    wording,
    handle: async (context, { query }) =>
      answerList(listReleaseRequests(context, query), query, presentRelease),
  });

  endpoint(app, platform, {
    method: 'POST',
    path: '/phone-numbers/{phone_number_id}/request-release',
    operationId: 'requestPhoneRelease',
    tag,
    summary: 'Request the release of a phone number',
    description: 'An operator approves or rejects it. Once approved, the number is gone.',
    scope: 'dids:write',
    missing: { phone_number_id: 'PHONE_NUMBER_NOT_FOUND' },
    body: releases.requestReleaseInput,
    status: 201,
    reply: dataReply(releases.releaseRequest),
    errors: ['RELEASE_ALREADY_PENDING', 'PHONE_NUMBER_IN_USE'],
    wording,
    handle: async (context, { params, body }) => {
      const row = await requestRelease(context, params.phone_number_id, body);
      return { data: presentRelease(row), location: `/phone-numbers/release-requests/${row.id}` };
    },
  });

  registerCancelling(app, platform);
}

function registerCancelling(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'DELETE',
    path: '/phone-numbers/release-requests/{release_request_id}',
    operationId: 'cancelReleaseRequest',
    tag,
    summary: 'Cancel a release request',
    description: 'Only a pending one; it stays listed as cancelled.',
    scope: 'dids:write',
    missing: { release_request_id: 'RELEASE_REQUEST_NOT_FOUND' },
    reply: messageReply,
    errors: ['RELEASE_ALREADY_RESOLVED'],
    wording,
    handle: async (context, { params }) => {
      await cancelRelease(context, params.release_request_id);
      return { message: 'Release request cancelled' };
    },
  });
}
