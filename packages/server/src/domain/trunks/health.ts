import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import type { TrunkHealth } from './check-schemas.ts';
import { requireUninterrupted, type TrunkChecks } from './checks.ts';
import { presentTrunk } from './present.ts';
import { findTrunk, keepHealth, lockTrunk, type TrunkRow, updateTrunk } from './store.ts';
import { targetKey, targetOf } from './target.ts';

/** A live look at the carrier, shared and kept for five seconds; `is_verified` stays (contract §12.7). */
export async function checkTrunkHealth(
  context: Context,
  checks: TrunkChecks,
  id: string,
): Promise<TrunkHealth> {
  requireScope(context, 'trunks:read');
  const row = await findTrunk(context.db, context.environmentId, id);
  if (!row) throw new CatalogueError('TRUNK_NOT_FOUND');
  const nowMs = (): number => context.clock.now().getTime();
  return checks.health(targetKey(row), nowMs, async (signal) => {
    const { ok, error, durationMs } = await checks.probe.check(targetOf(context.keyRing, row), signal);
    requireUninterrupted(signal);
    const checkedAt = context.clock.now();
    await keep(context, row, ok, checkedAt);
    return {
      is_healthy: ok,
      response_time_ms: durationMs,
      ...(error !== undefined && { error }),
      checked_at: checkedAt.toISOString(),
    };
  });
}

/**
 * Only a change of health is a change of the trunk, with a revision and an event of its own: somebody
 * who watches the health must not spoil the edit of somebody else.
 */
async function keep(context: Context, probed: TrunkRow, ok: boolean, at: Date): Promise<void> {
  const health = ok ? 'healthy' : 'unhealthy';
  await transact(context, async (tx) => {
    const before = await lockTrunk(tx.db, tx.environmentId, probed.id);
    // Deleted or moved meanwhile: there is nothing that this describes.
    if (!before || targetKey(before) !== targetKey(probed)) return;
    if (before.health_status === health) {
      await keepHealth(tx.db, tx.environmentId, probed.id, at);
      return;
    }
    const changes = { health_status: health, last_health_check_at: at } as const;
    const after = await updateTrunk(tx.db, tx.environmentId, probed.id, changes);
    await record(tx, {
      type: 'trunk.health_changed',
      subjectType: 'trunk',
      subjectId: probed.id,
      before: presentTrunk(before),
      after: presentTrunk(after),
    });
  });
}
