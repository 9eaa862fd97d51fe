import { validationError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { changePartOfAgent } from '../agents/lock.ts';
import { type Context, record, requireScope } from '../context.ts';
import { normalizeTarget } from '../dids/number.ts';
import type { ExpectedRevision } from '../revision.ts';
import { headersPlace } from './headers.ts';
import { inputSchemaOf } from './inputs.ts';
import { actionFacts } from './present.ts';
import type { SaveActionInput } from './schemas.ts';
import { type ActionRow, countActions, findActionByNode, insertAction, updateAction } from './store.ts';
import { sentValue } from './type-rules.ts';

/** A language model is told of all of them; none of today's accepts more tools. */
const ACTIONS_MAX = 128;

/**
 * Contract §5.1: creates an action, or replaces the one with the same `node_id` as a whole; the agent
 * becomes a draft. Headers are replaced too: kept ones would go to whatever address was sent now.
 */
export async function saveAction(
  context: Context,
  agentId: string,
  input: SaveActionInput,
  expected: ExpectedRevision,
): Promise<ActionRow> {
  requireScope(context, 'agents:write');
  return changePartOfAgent(context, agentId, expected, async (tx) => {
    const before = await findActionByNode(tx.db, tx.environmentId, agentId, input.node_id);
    const id = before?.id ?? newId();
    const settings = settingsOf(tx, id, input);
    const after = before
      ? await updateAction(tx.db, tx.environmentId, id, settings)
      : await insert(tx, agentId, id, input.node_id, settings);
    await record(tx, {
      type: before ? 'action.updated' : 'action.created',
      subjectType: 'action',
      subjectId: id,
      before: before && actionFacts(before),
      after: actionFacts(after),
    });
    return after;
  });
}

async function insert(
  tx: Context,
  agentId: string,
  id: string,
  nodeId: string,
  settings: ReturnType<typeof settingsOf>,
): Promise<ActionRow> {
  if ((await countActions(tx.db, tx.environmentId, agentId)) >= ACTIONS_MAX) {
    throw validationError({ actions: [`An agent may have at most ${ACTIONS_MAX} actions.`] });
  }
  return insertAction(tx.db, {
    ...settings,
    environment_id: tx.environmentId,
    id,
    agent_id: agentId,
    node_id: nodeId,
    created_at: settings.updated_at,
  });
}

/** Every column that a second request with the same `node_id` replaces. */
function settingsOf(tx: Context, id: string, input: SaveActionInput) {
  const target = transferTarget(input);
  const seconds = holdSeconds(input);
  const headers = input.custom_headers ?? [];
  const typed = { type: input.type, inputs: input.inputs ?? [], transfer_to: target, hold_duration: seconds };
  return {
    name: input.name,
    description: input.description,
    type: input.type,
    input_schema: JSON.stringify(inputSchemaOf(typed)),
    integration_id: input.integration?.id ?? null,
    url: input.url ?? null,
    authorization_url: input.authorization_url ?? null,
    authorization_scheme: input.authorization_scheme,
    custom_headers_sealed:
      headers.length > 0 ? tx.keyRing.encrypt(JSON.stringify(headers), headersPlace(id)) : null,
    speak_on_send: input.speak_on_send ?? null,
    speak_on_receive: input.speak_on_receive ?? null,
    execution_mode: input.execution_mode,
    hold_duration: seconds,
    transfer_to: target,
    current_status: input.current_status,
    updated_at: tx.clock.now(),
  };
}

function transferTarget({ type, transfer_to, inputs }: SaveActionInput): string | null {
  const sent = transfer_to ?? (type === 'transfer' ? sentValue(inputs, 'transfer_to')?.value : undefined);
  return typeof sent === 'string' ? (normalizeTarget(sent) ?? null) : null;
}

function holdSeconds({ type, hold_duration, inputs }: SaveActionInput): number | null {
  const sent = hold_duration ?? (type === 'hold' ? sentValue(inputs, 'hold_duration')?.value : undefined);
  return typeof sent === 'number' ? sent : null;
}
