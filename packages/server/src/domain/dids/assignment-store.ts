import type { Database } from '../../storage/database.ts';

/** Whether any agent has the number. */
export const isAssigned = async (db: Database, environmentId: string, didId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('agent_numbers')
    .select('agent_id')
    .where('environment_id', '=', environmentId)
    .where('did_id', '=', didId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};
