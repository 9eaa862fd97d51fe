import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import { createDid } from '../../domain/dids/create.ts';
import { deleteDid } from '../../domain/dids/delete.ts';
import { getDid } from '../../domain/dids/get.ts';
import { presentDid, presentListed } from '../../domain/dids/present.ts';
import * as schemas from '../../domain/dids/schemas.ts';
import { updateDid } from '../../domain/dids/update.ts';
import { endpoint } from '../endpoint.ts';
import { pageQuery } from '../pagination.ts';
import { dataReply, listReply, messageReply } from '../replies.ts';
import { answerDidList } from './did-lists.ts';

const tag = 'DIDs';
const path = '/sip-trunks/{trunk_id}/dids/{did_id}';
const onTrunk = { trunk_id: 'TRUNK_NOT_FOUND' } as const;
const oneDid = { trunk_id: 'DID_NOT_FOUND', did_id: 'DID_NOT_FOUND' } as const;

/** Contract §12.8–12.10, and ours beside them. */
export function registerDidRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/sip-trunks/{trunk_id}/dids',
    operationId: 'createSipTrunkDid',
    tag,
    summary: 'Add a DID to a SIP trunk',
    description: 'Registers a phone number on the trunk. It can then be assigned to agents.',
    scope: 'dids:write',
    missing: onTrunk,
    body: schemas.createDidInput,
    status: 201,
    reply: dataReply(schemas.createdDid),
    errors: ['DID_ALREADY_EXISTS'],
    etag: true,
    handle: async (context, { params, body }) => {
      const data = await createDid(context, params.trunk_id, body);
      return { data, location: `/sip-trunks/${params.trunk_id}/dids/${data.id}`, revision: 1 };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/sip-trunks/{trunk_id}/dids',
    operationId: 'listSipTrunkDids',
    tag,
    summary: 'List the DIDs of a SIP trunk',
    scope: 'dids:read',
    missing: onTrunk,
    query: schemas.listDidsQuery.extend(pageQuery),
    reply: listReply(z.union([schemas.didResource, schemas.didListItem])),
    handle: (context, { params, query }) =>
      answerDidList(
        context,
        { ...query, trunk_id: params.trunk_id },
        query.include === 'details' ? presentDid : presentListed,
      ),
  });

  registerOneDid(app, platform);
}

function registerOneDid(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path,
    operationId: 'getSipTrunkDid',
    tag,
    summary: 'Get a DID',
    scope: 'dids:read',
    missing: oneDid,
    reply: dataReply(schemas.didResource),
    etag: true,
    handle: async (context, { params }) => {
      const row = await getDid(context, params.did_id, params.trunk_id);
      return { data: presentDid(row), revision: row.revision };
    },
  });

  endpoint(app, platform, {
    method: 'PATCH',
    path,
    operationId: 'updateSipTrunkDid',
    tag,
    summary: 'Update a DID or move it to another trunk',
    scope: 'dids:write',
    missing: oneDid,
    body: schemas.updateDidInput,
    reply: dataReply(schemas.didResource),
    errors: ['TRUNK_NOT_FOUND', 'PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, body, expected }) => {
      const row = await updateDid(context, params.trunk_id, params.did_id, body, expected);
      return { data: presentDid(row), revision: row.revision };
    },
  });

  registerRemoval(app, platform);
}

function registerRemoval(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'DELETE',
    path,
    operationId: 'deleteSipTrunkDid',
    tag,
    summary: 'Remove a DID',
    description: 'Also removes the number from the environment’s pool. Detach it from its agents first.',
    scope: 'dids:write',
    missing: oneDid,
    reply: messageReply,
    errors: ['DID_IN_USE', 'PRECONDITION_FAILED'],
    handle: async (context, { params, expected }) => {
      await deleteDid(context, params.trunk_id, params.did_id, expected);
      return { message: 'DID removed' };
    },
  });
}
