import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { requireUninterrupted, type TrunkChecks, type Verification } from './checks.ts';
import { presentTrunk } from './present.ts';
import type { ProbeReport } from './probe.ts';
import { findTrunk, lockTrunk, type TrunkRow, updateTrunk } from './store.ts';
import { targetKey, targetOf } from './target.ts';

/**
 * Speaks to the carrier with the stored credentials and keeps what came of it (contract §12.6).
 * Callers who ask at the same time share one run, one result and one event.
 */
export async function verifyTrunk(context: Context, checks: TrunkChecks, id: string): Promise<Verification> {
  requireScope(context, 'trunks:write');
  const row = await findTrunk(context.db, context.environmentId, id);
  if (!row) throw new CatalogueError('TRUNK_NOT_FOUND');
  return checks.verification(targetKey(row), async (signal) => {
    const report = await checks.probe.verify(targetOf(context.keyRing, row), signal);
    requireUninterrupted(signal);
    return { report, row: await keep(context, row, report) };
  });
}

/**
 * A trunk that fails is no longer verified, hence no longer active: calls must not go where the
 * carrier refuses us. What was found about an address that has changed since says nothing.
 */
function keep(context: Context, probed: TrunkRow, { ok, error }: ProbeReport): Promise<TrunkRow> {
  return transact(context, async (tx) => {
    const before = await lockTrunk(tx.db, tx.environmentId, probed.id);
    if (!before) throw new CatalogueError('TRUNK_NOT_FOUND');
    if (targetKey(before) !== targetKey(probed)) throw new CatalogueError('TRUNK_CHANGED');
    const now = tx.clock.now();
    const after = await updateTrunk(tx.db, tx.environmentId, probed.id, {
      is_verified: ok,
      is_active: before.is_active && ok,
      health_status: ok ? 'healthy' : 'unhealthy',
      last_health_check_at: now,
      updated_at: now,
    });
    await record(tx, {
      type: ok ? 'trunk.verified' : 'trunk.verification_failed',
      subjectType: 'trunk',
      subjectId: probed.id,
      before: presentTrunk(before),
      after: { ...presentTrunk(after), ...(error !== undefined && { error }) },
    });
    return after;
  });
}
