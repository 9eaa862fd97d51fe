import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import { passwordPlace } from './password.ts';
import { presentTrunk } from './present.ts';
import { defaultPort, type UpdateTrunkInput } from './schemas.ts';
import { lockTrunk, type TrunkRow, updateTrunk as writeTrunk } from './store.ts';
import { VERIFIED_FIELDS } from './target.ts';

/**
 * Changes what is sent (contract §12.4). A new address or new credentials reset `is_verified` and
 * deactivate the trunk; a port that stands at its transport's default follows a new transport.
 */
export async function updateTrunk(
  context: Context,
  id: string,
  input: UpdateTrunkInput,
  expected: ExpectedRevision,
): Promise<TrunkRow> {
  requireScope(context, 'trunks:write');
  return transact(context, async (tx) => {
    const before = await lockTrunk(tx.db, tx.environmentId, id);
    if (!before) throw new CatalogueError('TRUNK_NOT_FOUND');
    requireRevision(before, expected);

    const { password, is_active, ...sent } = input;
    const address = { ...sent, port: portAfter(before, input) };
    const newPassword =
      password !== undefined && password !== tx.keyRing.decrypt(before.password_sealed, passwordPlace(id));
    const moved = VERIFIED_FIELDS.some((f) => address[f] !== undefined && address[f] !== before[f]);
    const verified = before.is_verified && !moved && !newPassword;
    if (is_active === true && !verified) throw new CatalogueError('TRUNK_NOT_VERIFIED');

    const after = await writeTrunk(tx.db, tx.environmentId, id, {
      ...address,
      ...(newPassword && { password_sealed: tx.keyRing.encrypt(password, passwordPlace(id)) }),
      is_verified: verified,
      is_active: (is_active ?? before.is_active) && verified,
      updated_at: tx.clock.now(),
    });
    await record(tx, {
      type: 'trunk.updated',
      subjectType: 'trunk',
      subjectId: id,
      before: presentTrunk(before),
      after: { ...presentTrunk(after), ...(newPassword && { password_changed: true }) },
    });
    return after;
  });
}

function portAfter(before: TrunkRow, input: UpdateTrunkInput): number {
  if (input.port !== undefined) return input.port;
  const followsTransport = before.port === defaultPort(before.transport);
  return input.transport && followsTransport ? defaultPort(input.transport) : before.port;
}
