import type { FastifyInstance } from 'fastify';
import { presentAgent, presentCalling, presentPublication } from '../../domain/agents/present.ts';
import { publishAgent, unpublishAgent } from '../../domain/agents/publish.ts';
import * as schemas from '../../domain/agents/schemas.ts';
import { updateCalling } from '../../domain/agents/update-calling.ts';
import { updateKnowledge } from '../../domain/agents/update-knowledge.ts';
import type { Platform } from '../../domain/context.ts';
import { endpoint } from '../endpoint.ts';
import { dataAndMessageReply } from '../replies.ts';

/** What every operation on one agent has in common. */
const shared = {
  tag: 'Agents',
  scope: 'agents:write',
  missing: { agent_id: 'AGENT_NOT_FOUND' },
  wording: {
    unauthenticated: 'Unauthenticated.',
    forbidden: 'You are not authorized to perform this action.',
  },
} as const;

/** Contract §3.5, §3.7–3.9. */
export function registerAgentChangeRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    ...shared,
    method: 'PUT',
    path: '/agents/{agent_id}/knowledge',
    operationId: 'updateAgentKnowledge',
    summary: 'Update what an agent knows',
    description: 'Sets the agent to draft: publish it again.',
    body: schemas.updateKnowledgeInput,
    reply: dataAndMessageReply(schemas.agentResource),
    errors: ['PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, body, expected }) => {
      const agent = await updateKnowledge(context, params.agent_id, body, expected);
      return {
        message: 'Agent knowledge updated successfully',
        data: presentAgent(agent),
        revision: agent.revision,
      };
    },
  });

  endpoint(app, platform, {
    ...shared,
    method: 'PUT',
    path: '/agents/{agent_id}/calling',
    operationId: 'updateAgentCalling',
    summary: 'Update the direction and the numbers of an agent',
    description:
      'Sets the agent to draft: publish it again. A number serves at most one inbound agent and any number of outbound ones.',
    body: schemas.updateCallingInput,
    reply: dataAndMessageReply(schemas.agentCalling),
    errors: ['NUMBER_HAS_INBOUND_AGENT', 'PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, body, expected }) => {
      const agent = await updateCalling(context, params.agent_id, body, expected);
      return {
        message: 'Agent calling settings updated successfully',
        data: presentCalling(agent),
        revision: agent.revision,
      };
    },
  });

  registerPublication(app, platform);
}

function registerPublication(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    ...shared,
    method: 'POST',
    path: '/agents/{agent_id}/publish',
    operationId: 'publishAgent',
    summary: 'Publish an agent',
    description:
      'Makes the agent available for calls. When it is not ready, `errors` names each part that is missing.',
    reply: dataAndMessageReply(schemas.agentPublication),
    errors: ['AGENT_NOT_READY', 'PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, expected }) => {
      const agent = await publishAgent(context, params.agent_id, expected);
      return {
        message: 'Agent published successfully',
        data: presentPublication(agent),
        revision: agent.revision,
      };
    },
  });

  endpoint(app, platform, {
    ...shared,
    method: 'POST',
    path: '/agents/{agent_id}/unpublish',
    operationId: 'unpublishAgent',
    summary: 'Unpublish an agent',
    description: 'Calls in progress go on; new ones are not taken or placed.',
    reply: dataAndMessageReply(schemas.agentPublication),
    errors: ['PRECONDITION_FAILED'],
    etag: true,
    handle: async (context, { params, expected }) => {
      const agent = await unpublishAgent(context, params.agent_id, expected);
      return {
        message: 'Agent unpublished successfully',
        data: presentPublication(agent),
        revision: agent.revision,
      };
    },
  });
}
