import { CatalogueError } from '../../kernel/errors.ts';
import { violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { type ExpectedRevision, requireRevision } from '../revision.ts';
import { didFacts } from './present.ts';
import type { UpdateDidInput } from './schemas.ts';
import { type DidChanges, type DidWithAgents, findDid, lockDid, updateDid as writeDid } from './store.ts';

/**
 * Changes label, note and tags, and moves the number to another trunk in one step: agents keep it,
 * and there is no moment in which it is on no trunk.
 */
export async function updateDid(
  context: Context,
  trunkId: string,
  id: string,
  input: UpdateDidInput,
  expected: ExpectedRevision,
): Promise<DidWithAgents> {
  requireScope(context, 'dids:write');
  return transact(context, async (tx) => {
    const before = await lockDid(tx.db, tx.environmentId, id);
    if (!before || before.trunk_id !== trunkId) throw new CatalogueError('DID_NOT_FOUND');
    requireRevision(before, expected);
    await write(tx, id, input);
    const after = await findDid(tx.db, tx.environmentId, id);
    if (!after) throw new CatalogueError('DID_NOT_FOUND');
    await record(tx, {
      type: input.trunk_id !== undefined && input.trunk_id !== trunkId ? 'did.moved' : 'did.updated',
      subjectType: 'did',
      subjectId: id,
      before: didFacts(before),
      after: didFacts(after),
    });
    return after;
  });
}

async function write(tx: Context, id: string, input: UpdateDidInput): Promise<void> {
  const changes = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  try {
    await writeDid(tx.db, tx.environmentId, id, changes as DidChanges, tx.clock.now());
  } catch (error) {
    if (violatedConstraint(error) === 'dids_trunk_fkey') throw new CatalogueError('TRUNK_NOT_FOUND');
    throw error;
  }
}
