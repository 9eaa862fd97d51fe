import { sql } from 'kysely';
import type { Database } from '../../storage/database.ts';

export type AgentNumber = { id: string; number: string; country_code: string };
type Direction = 'inbound' | 'outbound';

/** Numbers of an agent as a JSON array in their order, in one sub-select of a query on `agents`. */
export const numbersOfAgent = sql<AgentNumber[]>`(
  SELECT coalesce(json_agg(json_build_object('id', d.id, 'number', d.number,
    'country_code', d.country_code) ORDER BY n.position), '[]')
  FROM agent_numbers n JOIN dids d ON d.environment_id = n.environment_id AND d.id = n.did_id
  WHERE n.environment_id = agents.environment_id AND n.agent_id = agents.id)`;

export async function numberIdsOf(db: Database, environmentId: string, agentId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('agent_numbers')
    .select('did_id')
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId)
    .orderBy('position')
    .execute();
  return rows.map((row) => row.did_id);
}

/**
 * Keeps the DIDs from being changed or deleted until the transaction ends. In the order of their ids,
 * so that two agents that exchange numbers wait for each other instead of deadlocking.
 */
export const lockNumbers = (
  db: Database,
  environmentId: string,
  ids: readonly string[],
): Promise<AgentNumber[]> =>
  db
    .selectFrom('dids')
    .select(['id', 'number', 'country_code'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();

/** A DID's answer names its agents: what changes them is a new revision of the DID. */
export async function touchNumbers(
  db: Database,
  environmentId: string,
  ids: readonly string[],
): Promise<void> {
  await db
    .updateTable('dids')
    .set({ revision: sql`revision + 1` })
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .execute();
}

export async function detachNumbers(db: Database, environmentId: string, agentId: string): Promise<void> {
  await db
    .deleteFrom('agent_numbers')
    .where('environment_id', '=', environmentId)
    .where('agent_id', '=', agentId)
    .execute();
}

/**
 * Assigns the DIDs in the given order.
 * @returns those that were not assigned, because another inbound agent has them.
 */
export async function attachNumbers(
  db: Database,
  environmentId: string,
  agent: { id: string; direction: Direction },
  didIds: readonly string[],
): Promise<string[]> {
  const rows = await db
    .insertInto('agent_numbers')
    .values(
      didIds.map((didId, position) => ({
        environment_id: environmentId,
        agent_id: agent.id,
        did_id: didId,
        direction: agent.direction,
        position,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'did_id']).where('direction', '=', sql.lit('inbound')).doNothing(),
    )
    .returning('did_id')
    .execute();
  const attached = new Set(rows.map((row) => row.did_id));
  return didIds.filter((id) => !attached.has(id));
}

export const findInboundAgent = (
  db: Database,
  environmentId: string,
  didId: string,
): Promise<{ id: string; name: string } | undefined> =>
  db
    .selectFrom('agent_numbers as n')
    .innerJoin('agents as a', (join) =>
      join.onRef('a.environment_id', '=', 'n.environment_id').onRef('a.id', '=', 'n.agent_id'),
    )
    .select(['a.id', 'a.name'])
    .where('n.environment_id', '=', environmentId)
    .where('n.did_id', '=', didId)
    .where('n.direction', '=', 'inbound')
    .executeTakeFirst();
