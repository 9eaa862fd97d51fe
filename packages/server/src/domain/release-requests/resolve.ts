import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record } from '../context.ts';
import { releaseFacts } from './present.ts';
import { lockPendingRelease, type ReleaseRow, resolveRelease } from './store.ts';

type Verdict = { status: 'approved' | 'cancelled' } | { status: 'rejected'; rejectionReason: string };

/** Ends a pending request and tells the audit log of its environment. The caller holds its lock. */
export async function resolve(tx: Context, before: ReleaseRow, verdict: Verdict): Promise<ReleaseRow> {
  const after = await resolveRelease(tx.db, before, {
    status: verdict.status,
    rejection_reason: verdict.status === 'rejected' ? verdict.rejectionReason : null,
    resolved_at: tx.clock.now(),
  });
  await record(
    { ...tx, environmentId: before.environment_id },
    {
      type: `release_request.${verdict.status}`,
      subjectType: 'release_request',
      subjectId: before.id,
      before: releaseFacts(before),
      after: releaseFacts(after),
    },
  );
  return after;
}

/** The contract words it for cancelling; the operator's verbs leave that half away. */
export function requirePending(row: ReleaseRow, message?: string): void {
  if (row.status === 'pending') return;
  throw new CatalogueError('RELEASE_ALREADY_RESOLVED', {
    ...(message !== undefined && { message }),
    details: { status: row.status },
  });
}

/** A number that is deleted leaves nothing to decide. Call it with the number's row locked. */
export async function cancelPendingRelease(tx: Context, didId: string): Promise<void> {
  const pending = await lockPendingRelease(tx.db, tx.environmentId, didId);
  if (pending) await resolve(tx, pending, { status: 'cancelled' });
}
