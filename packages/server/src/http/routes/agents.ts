import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createAgent } from '../../domain/agents/create.ts';
import { deleteAgent } from '../../domain/agents/delete.ts';
import { getAgent, listAgents } from '../../domain/agents/get.ts';
import { presentAgent } from '../../domain/agents/present.ts';
import * as schemas from '../../domain/agents/schemas.ts';
import type { Platform } from '../../domain/context.ts';
import { endpoint } from '../endpoint.ts';
import { pagePosition, pageQuery, pageWindow } from '../pagination.ts';
import { dataAndMessageReply, dataReply, messageReply, pagination } from '../replies.ts';
import { registerAgentChangeRoutes } from './agents-changes.ts';

const tag = 'Agents';
const missing = { agent_id: 'AGENT_NOT_FOUND' } as const;
const wording = {
  unauthenticated: 'Unauthenticated.',
  forbidden: 'You are not authorized to perform this action.',
};

/** Contract §3.2: this list calls its position `meta`. */
const meta = pagination.omit({ from: true, to: true }).meta({ id: 'AgentListMeta' });

/** Contract §3.1–3.5, §3.7–3.9. */
export function registerAgentRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/agents',
    operationId: 'createAgent',
    tag,
    summary: 'Create an agent',
    description: 'The agent starts as a draft: give it knowledge and a number, then publish it.',
    scope: 'agents:write',
    body: schemas.createAgentInput,
    status: 201,
    reply: dataAndMessageReply(schemas.agentResource),
    errors: ['NUMBER_HAS_INBOUND_AGENT'],
    wording,
    etag: true,
    handle: async (context, { body }) => {
      const agent = await createAgent(context, body);
      return {
        message: 'Agent created successfully',
        data: presentAgent(agent),
        location: `/agents/${agent.id}`,
        revision: agent.revision,
      };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/agents',
    operationId: 'listAgents',
    tag,
    summary: 'List agents',
    scope: 'agents:read',
    query: schemas.listAgentsQuery.extend(pageQuery),
    reply: z.strictObject({ success: z.literal(true), data: z.array(schemas.agentResource), meta }),
    wording,
    handle: async (context, { query }) => {
      const window = pageWindow(query);
      const { agents, total } = await listAgents(context, query, window);
      const { from: _from, to: _to, ...position } = pagePosition(window, total, agents.length);
      return { data: agents.map(presentAgent), beside: { meta: position } };
    },
  });

  registerOneAgent(app, platform);
  registerAgentChangeRoutes(app, platform);
}

function registerOneAgent(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'GET',
    path: '/agents/{agent_id}',
    operationId: 'getAgent',
    tag,
    summary: 'Get an agent',
    scope: 'agents:read',
    missing,
    reply: dataReply(schemas.agentResource),
    wording,
    etag: true,
    handle: async (context, { params }) => {
      const agent = await getAgent(context, params.agent_id);
      return { data: presentAgent(agent), revision: agent.revision };
    },
  });

  endpoint(app, platform, {
    method: 'DELETE',
    path: '/agents/{agent_id}',
    operationId: 'deleteAgent',
    tag,
    summary: 'Delete an agent',
    description:
      'With its trainings, actions and number assignments. A published agent must be unpublished first.',
    scope: 'agents:write',
    missing,
    reply: messageReply,
    errors: ['AGENT_IS_PUBLISHED', 'PRECONDITION_FAILED'],
    wording,
    handle: async (context, { params, expected }) => {
      await deleteAgent(context, params.agent_id, expected);
      return { message: 'Agent deleted successfully' };
    },
  });
}
