import { CatalogueError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { presentTrunk } from './present.ts';
import { type CreateTrunkInput, defaultPort } from './schemas.ts';
import { passwordPlace } from './password.ts';
import { insertTrunk, type TrunkRow } from './store.ts';

/** Registers a carrier's trunk (contract §12.2). It starts unverified, hence inactive. */
export async function createTrunk(context: Context, input: CreateTrunkInput): Promise<TrunkRow> {
  requireScope(context, 'trunks:write');
  if (input.is_active) throw new CatalogueError('TRUNK_NOT_VERIFIED');
  const id = newId();
  const now = context.clock.now();
  return transact(context, async (tx) => {
    const row = await insertTrunk(tx.db, {
      environment_id: tx.environmentId,
      id,
      name: input.name,
      provider_name: input.provider_name,
      domain: input.domain,
      port: input.port ?? defaultPort(input.transport),
      transport: input.transport,
      username: input.username,
      password_sealed: tx.keyRing.encrypt(input.password, passwordPlace(id)),
      outbound_proxy: input.outbound_proxy ?? null,
      auth_realm: input.auth_realm ?? null,
      is_active: false,
      is_verified: false,
      health_status: null,
      last_health_check_at: null,
      created_at: now,
      updated_at: now,
    });
    await record(tx, {
      type: 'trunk.created',
      subjectType: 'trunk',
      subjectId: id,
      after: presentTrunk(row),
    });
    return row;
  });
}
