import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import { deleteTraining } from '../../domain/trainings/delete.ts';
import { listTrainings } from '../../domain/trainings/list.ts';
import { presentTraining } from '../../domain/trainings/present.ts';
import { saveTrainingInput, trainingResource } from '../../domain/trainings/schemas.ts';
import { saveTraining } from '../../domain/trainings/save.ts';
import { endpoint } from '../endpoint.ts';
import { dataAndMessageReply, dataReply, messageReply } from '../replies.ts';

const tag = 'Agent trainings';
const ofAgent = { agent_id: 'AGENT_NOT_FOUND' } as const;
const wording = (forbidden: string) => ({ unauthenticated: 'Unauthenticated.', forbidden });

/** Contract §4. `If-Match` is the agent's: a training has no revision of its own. */
export function registerTrainingRoutes(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/agents/{agent_id}/trainings',
    operationId: 'saveAgentTraining',
    tag,
    summary: 'Create or replace a training',
    description: 'A known `node_id` replaces that training. Sets the agent to draft: publish it again.',
    scope: 'agents:write',
    missing: ofAgent,
    body: saveTrainingInput,
    reply: dataAndMessageReply(trainingResource),
    errors: ['PRECONDITION_FAILED'],
    wording: wording('You are not authorized to create training for this agent.'),
    handle: async (context, { params, body, expected }) => {
      const row = await saveTraining(context, params.agent_id, body, expected);
      return { message: 'Agent training updated successfully', data: presentTraining(row) };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/agents/{agent_id}/trainings',
    operationId: 'listAgentTrainings',
    tag,
    summary: 'List the trainings of an agent',
    scope: 'agents:read',
    missing: ofAgent,
    reply: dataReply(z.array(trainingResource)),
    wording: wording("You are not authorized to access this agent's trainings."),
    handle: async (context, { params }) => ({
      data: (await listTrainings(context, params.agent_id)).map(presentTraining),
    }),
  });

  registerTrainingDeletion(app, platform);
}

function registerTrainingDeletion(app: FastifyInstance, platform: Platform): void {
  endpoint(app, platform, {
    method: 'DELETE',
    path: '/agents/{agent_id}/trainings/{training_id}',
    operationId: 'deleteAgentTraining',
    tag,
    summary: 'Delete a training',
    description: 'Sets the agent to draft: publish it again.',
    scope: 'agents:write',
    missing: { ...ofAgent, training_id: 'TRAINING_NOT_FOUND' },
    reply: messageReply,
    errors: ['PRECONDITION_FAILED'],
    wording: wording('You are not authorized to delete training for this agent.'),
    handle: async (context, { params, expected }) => {
      await deleteTraining(context, params.agent_id, params.training_id, expected);
      return { message: 'Agent training deleted successfully' };
    },
  });
}
