import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { deleteAction } from '../../domain/actions/delete.ts';
import { integrationResource, listIntegrations } from '../../domain/actions/integrations.ts';
import { listActions } from '../../domain/actions/list.ts';
import { presentAction } from '../../domain/actions/present.ts';
import { saveAction } from '../../domain/actions/save.ts';
import { actionResource, saveActionInput } from '../../domain/actions/schemas.ts';
import type { Platform } from '../../domain/context.ts';
import { endpoint } from '../endpoint.ts';
import { dataAndMessageReply, dataReply, messageReply } from '../replies.ts';

const tag = 'Agent actions';
const ofAgent = { agent_id: 'AGENT_NOT_FOUND' } as const;
const wording = (forbidden: string) => ({ unauthenticated: 'Unauthenticated.', forbidden });

/** Contract §5. `If-Match` is the agent's: an action has no revision of its own. */
export function registerActionRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/agents/{agent_id}/actions',
    operationId: 'saveAgentAction',
    tag,
    summary: 'Create or replace an action',
    description:
      'A known `node_id` replaces that action as a whole, headers included. Sets the agent to draft: publish it again.',
    scope: 'agents:write',
    missing: ofAgent,
    body: saveActionInput,
    reply: dataAndMessageReply(actionResource),
    errors: ['PRECONDITION_FAILED'],
    wording: wording('You are not authorized to create actions for this agent.'),
    handle: async (context, { params, body, expected }) => {
      const row = await saveAction(context, params.agent_id, body, expected);
      return { message: 'Agent action updated successfully', data: presentAction(row) };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/agents/{agent_id}/actions',
    operationId: 'listAgentActions',
    tag,
    summary: 'List the actions of an agent',
    scope: 'agents:read',
    missing: ofAgent,
    reply: dataReply(z.array(actionResource)),
    wording: wording("You are not authorized to access this agent's actions."),
    handle: async (context, { params }) => ({
      data: (await listActions(context, params.agent_id)).map(presentAction),
    }),
  });

  registerOtherActionRoutes(app, platform);
}

function registerOtherActionRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'DELETE',
    path: '/agents/{agent_id}/actions/{action_id}',
    operationId: 'deleteAgentAction',
    tag,
    summary: 'Delete an action',
    description: 'Sets the agent to draft: publish it again.',
    scope: 'agents:write',
    missing: { ...ofAgent, action_id: 'ACTION_NOT_FOUND' },
    reply: messageReply,
    errors: ['PRECONDITION_FAILED'],
    wording: wording('You are not authorized to delete actions for this agent.'),
    handle: async (context, { params, expected }) => {
      await deleteAction(context, params.agent_id, params.action_id, expected);
      return { message: 'Agent action deleted successfully' };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/action-integrations',
    operationId: 'listActionIntegrations',
    tag,
    summary: 'List what an action can be connected to',
    description: '`identifier` is what `integration.id` of an action names.',
    scope: 'agents:read',
    reply: dataReply(z.array(integrationResource)),
    wording: wording('You are not authorized to perform this action.'),
    handle: async (context) => ({ data: listIntegrations(context) }),
  });
}
