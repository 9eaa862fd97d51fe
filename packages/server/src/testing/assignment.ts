import { sql } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../storage/database.ts';

/** Gives a number to an agent made for it, straight in the tables. @returns the agent's id. */
export async function assignToAgent(db: Database, environmentId: string, didId: string): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO agents (environment_id, id, name, label, language, interrupt_sensitivity,
      endpointing_sensitivity, ivr_navigation_mode, conversation_speed, initial_message_delay,
      ask_if_human_present_on_idle, idle_time_seconds, llm_temperature, enable_recording, direction,
      who_speaks_first, created_at, updated_at)
    VALUES (${environmentId}, ${id}, 'Bot', 'Bot', 'en-US', 'medium', 'auto', 'off', 1, 0, false, 5, 0.7,
      true, 'outbound', 'agent', now(), now())`.execute(db);
  await sql`
    INSERT INTO agent_numbers (environment_id, agent_id, did_id, direction, position)
    VALUES (${environmentId}, ${id}, ${didId}, 'outbound', 0)`.execute(db);
  return id;
}
