import { CatalogueError, type FieldErrors, validationError } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import {
  type AgentNumber,
  attachNumbers,
  detachNumbers,
  findInboundAgent,
  lockNumbers,
  numberIdsOf,
  touchNumbers,
} from './number-store.ts';
import type { AgentRow } from './store.ts';

type Assignee = Pick<AgentRow, 'id' | 'direction'>;

/**
 * Makes `sent` the agent's numbers, in that order; undefined keeps those it has, under the direction
 * that it now has. An id sent twice counts once. Runs in the transaction that locked the agent.
 * @throws VALIDATION_ERROR on `phone_number_ids.N`, NUMBER_HAS_INBOUND_AGENT
 */
export async function assignNumbers(
  tx: Context,
  agent: Assignee,
  sent: readonly string[] | undefined,
): Promise<void> {
  const held = await numberIdsOf(tx.db, tx.environmentId, agent.id);
  const wanted = [...new Set(sent ?? held)];
  const touched = [...new Set([...held, ...wanted])];
  if (touched.length === 0) return;
  const locked = await lockNumbers(tx.db, tx.environmentId, touched);
  const known = new Map(locked.map((number) => [number.id, number]));
  refuseUnknown(sent ?? [], known);
  await detachNumbers(tx.db, tx.environmentId, agent.id);
  if (wanted.length > 0) await attach(tx, agent, wanted, known);
  await touchNumbers(tx.db, tx.environmentId, touched);
}

function refuseUnknown(sent: readonly string[], known: ReadonlyMap<string, AgentNumber>): void {
  const errors: FieldErrors = {};
  for (const [index, id] of sent.entries()) {
    if (known.has(id)) continue;
    errors[`phone_number_ids.${index}`] = [`The selected phone number ids.${index} is invalid.`];
  }
  if (Object.keys(errors).length > 0) throw validationError(errors);
}

async function attach(
  tx: Context,
  agent: Assignee,
  ids: readonly string[],
  known: ReadonlyMap<string, AgentNumber>,
): Promise<void> {
  const [taken] = await attachNumbers(tx.db, tx.environmentId, agent, ids);
  if (taken === undefined) return;
  const holder = await findInboundAgent(tx.db, tx.environmentId, taken);
  throw new CatalogueError('NUMBER_HAS_INBOUND_AGENT', {
    details: {
      phone_number_id: taken,
      number: known.get(taken)?.number,
      agent_id: holder?.id,
      agent_name: holder?.name,
    },
  });
}

/** Before the agent's row goes: its DIDs are about to lose it. */
export async function releaseNumbers(tx: Context, agentId: string): Promise<void> {
  const held = await numberIdsOf(tx.db, tx.environmentId, agentId);
  if (held.length === 0) return;
  await lockNumbers(tx.db, tx.environmentId, held);
  await detachNumbers(tx.db, tx.environmentId, agentId);
  await touchNumbers(tx.db, tx.environmentId, held);
}
