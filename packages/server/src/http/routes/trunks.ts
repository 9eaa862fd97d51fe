import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../domain/context.ts';
import { createTrunk } from '../../domain/trunks/create.ts';
import { deleteTrunk } from '../../domain/trunks/delete.ts';
import { getTrunk, listTrunks } from '../../domain/trunks/get.ts';
import {
  presentCreated,
  presentListItem,
  presentTrunk,
  presentUpdated,
} from '../../domain/trunks/present.ts';
import * as schemas from '../../domain/trunks/schemas.ts';
import { updateTrunk } from '../../domain/trunks/update.ts';
import { endpoint } from '../endpoint.ts';
import { streamList } from '../pagination.ts';
import { dataReply, listReply, messageReply } from '../replies.ts';

const tag = 'SIP trunks';
const missing = { trunk_id: 'TRUNK_NOT_FOUND' } as const;

/** Contract §12.1–12.5. */
export function registerTrunkRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/sip-trunks',
    operationId: 'listSipTrunks',
    tag,
    summary: 'List SIP trunks',
    scope: 'trunks:read',
    reply: listReply(schemas.trunkListItem),
    handle: async (context) => ({
      stream: await streamList((after, limit) => listTrunks(context, after, limit), presentListItem),
    }),
  });

  endpoint(app, platform, {
    method: 'POST',
    path: '/sip-trunks',
    operationId: 'createSipTrunk',
    tag,
    summary: 'Create a SIP trunk',
    description: 'Registers a trunk from a carrier. It starts inactive: verify it, then activate it.',
    scope: 'trunks:write',
    body: schemas.createTrunkInput,
    status: 201,
    reply: dataReply(schemas.createdTrunk),
    errors: ['TRUNK_NOT_VERIFIED'],
    etag: true,
    handle: async (context, { body }) => {
      const row = await createTrunk(context, body);
      return { data: presentCreated(row), location: `/sip-trunks/${row.id}`, revision: row.revision };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/sip-trunks/{trunk_id}',
    operationId: 'getSipTrunk',
    tag,
    summary: 'Get a SIP trunk',
    scope: 'trunks:read',
    missing,
    reply: dataReply(schemas.trunkResource),
    etag: true,
    handle: async (context, { params }) => {
      const row = await getTrunk(context, params.trunk_id);
      return { data: presentTrunk(row), revision: row.revision };
    },
  });

  registerTrunkChanges(app, platform);
}

function registerTrunkChanges(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'PUT',
    path: '/sip-trunks/{trunk_id}',
    operationId: 'updateSipTrunk',
    tag,
    summary: 'Update a SIP trunk',
    description:
      'Only what is sent changes. A new domain, port, transport, outbound proxy, realm, user name or password resets `is_verified` and deactivates the trunk.',
    scope: 'trunks:write',
    missing,
    body: schemas.updateTrunkInput,
    reply: dataReply(schemas.updatedTrunk),
    errors: ['TRUNK_NOT_VERIFIED', 'PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, body, expected }) => {
      const row = await updateTrunk(context, params.trunk_id, body, expected);
      return { data: presentUpdated(row), revision: row.revision };
    },
  });

  endpoint(app, platform, {
    method: 'DELETE',
    path: '/sip-trunks/{trunk_id}',
    operationId: 'deleteSipTrunk',
    tag,
    summary: 'Delete a SIP trunk',
    scope: 'trunks:write',
    missing,
    reply: messageReply,
    errors: ['TRUNK_HAS_DIDS', 'PRECONDITION_FAILED'],
    handle: async (context, { params, expected }) => {
      await deleteTrunk(context, params.trunk_id, expected);
      return { message: 'SIP trunk deleted' };
    },
  });
}
