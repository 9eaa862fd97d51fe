import { CatalogueError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { lockDid } from '../dids/store.ts';
import { isAssigned } from '../dids/assignment-store.ts';
import { releaseFacts } from './present.ts';
import type { RequestReleaseInput } from './schemas.ts';
import { insertRelease, type ReleaseRow } from './store.ts';

/**
 * Asks the operator to take a number out of the environment (contract §14.5).
 * @throws PHONE_NUMBER_NOT_FOUND, PHONE_NUMBER_IN_USE, RELEASE_ALREADY_PENDING
 */
export async function requestRelease(
  context: Context,
  didId: string,
  input: RequestReleaseInput,
): Promise<ReleaseRow> {
  requireScope(context, 'dids:write');
  return transact(context, async (tx) => {
    // Locked, so that the number cannot be deleted beside its new request.
    const did = await lockDid(tx.db, tx.environmentId, didId);
    if (!did) throw new CatalogueError('PHONE_NUMBER_NOT_FOUND');
    if (await isAssigned(tx.db, tx.environmentId, didId)) throw new CatalogueError('PHONE_NUMBER_IN_USE');
    const row = await insertRelease(tx.db, {
      environment_id: tx.environmentId,
      id: newId(),
      did_id: didId,
      number: did.number,
      reason: input.reason,
      status: 'pending',
      rejection_reason: null,
      requested_at: tx.clock.now(),
      resolved_at: null,
    });
    if (!row) throw new CatalogueError('RELEASE_ALREADY_PENDING');
    await record(tx, {
      type: 'release_request.created',
      subjectType: 'release_request',
      subjectId: row.id,
      after: releaseFacts(row),
    });
    return row;
  });
}
