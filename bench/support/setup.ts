import pg from 'pg';
import type { BenchServer } from './processes.ts';
import { postgresOf } from './processes.ts';

export type Prepared = { environmentId: string; trunkId: string; headers: Record<string, string> };

/** A trunk through the API, and the environment's id that the peer needs. */
export async function prepareTrunk(server: BenchServer): Promise<Prepared> {
  const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1/sip-trunks`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      name: 'bench',
      provider_name: 'carrier-x',
      domain: 'sip.carrier-x.com',
      username: 'user_42',
      password: 'secret-password',
    }),
  });
  const { data } = (await answer.json()) as { data: { id: string } };
  const rows = await query(server, 'SELECT id FROM environments');
  return { environmentId: String(rows[0]?.id), trunkId: data.id, headers };
}

/** One statement on the server's own PostgreSQL. */
export async function query(
  server: BenchServer,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(JSON.parse(postgresOf(server).PEER_POSTGRES ?? '{}'));
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
