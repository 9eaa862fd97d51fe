import { newId } from '../kernel/ids.ts';
import type { Database } from './database.ts';

/** Who did it: never a bare string, so that a log reader knows where to look next. */
export type Actor =
  | { type: 'token'; id: string; name: string }
  | { type: 'operator'; name: string }
  | { type: 'system'; name: string };

export type NewEvent = {
  environmentId: string;
  /** `noun.verb_in_past`, e.g. `did.created`. */
  type: string;
  subjectType: string;
  subjectId: string;
  actor: Actor;
  requestId: string;
  at: Date;
  before?: object | undefined;
  after?: object | undefined;
};

/** Appends to the audit log. Call it in the transaction of the change it tells of. */
export async function appendEvent(db: Database, event: NewEvent): Promise<void> {
  await db
    .insertInto('events')
    .values({
      environment_id: event.environmentId,
      id: newId(),
      type: event.type,
      subject_type: event.subjectType,
      subject_id: event.subjectId,
      actor: JSON.stringify(event.actor),
      request_id: event.requestId,
      before: event.before ? JSON.stringify(event.before) : null,
      after: event.after ? JSON.stringify(event.after) : null,
      created_at: event.at,
    })
    .execute();
}
