import { CatalogueError } from '../../kernel/errors.ts';
import { violatedConstraint } from '../../storage/transaction.ts';
import { type Context, record, requireScope, transact } from '../context.ts';
import { didFacts } from '../dids/present.ts';
import { deleteDid, type DidRow, lockDid } from '../dids/store.ts';
import { requirePending, resolve } from './resolve.ts';
import type { RejectReleaseInput } from './schemas.ts';
import { findReleaseAnywhere, lockRelease, type ReleaseRow, type ReleaseWithEnvironment } from './store.ts';

type Locked = { request: ReleaseRow; environmentName: string; did: DidRow | undefined };

/**
 * The operator lets the number go: it leaves its environment in the same transaction, the request
 * stays listed. In the environment's audit log both are told.
 * @throws RELEASE_REQUEST_NOT_FOUND, RELEASE_ALREADY_RESOLVED, PHONE_NUMBER_IN_USE
 */
export function approveRelease(context: Context, id: string): Promise<ReleaseWithEnvironment> {
  requireScope(context, 'admin');
  return decide(context, id, async (tx, { request, did }) => {
    const approved = await resolve(tx, request, { status: 'approved' });
    if (did) await removeNumber(tx, did);
    return approved;
  });
}

/** @throws RELEASE_REQUEST_NOT_FOUND, RELEASE_ALREADY_RESOLVED */
export function rejectRelease(
  context: Context,
  id: string,
  input: RejectReleaseInput,
): Promise<ReleaseWithEnvironment> {
  requireScope(context, 'admin');
  return decide(context, id, (tx, { request }) =>
    resolve(tx, request, { status: 'rejected', rejectionReason: input.rejection_reason }),
  );
}

function decide(
  context: Context,
  id: string,
  verdict: (tx: Context, locked: Locked) => Promise<ReleaseRow>,
): Promise<ReleaseWithEnvironment> {
  return transact(context, async (tx) => {
    const locked = await lockBoth(tx, id);
    requirePending(locked.request, 'Release request already resolved');
    const after = await verdict({ ...tx, environmentId: locked.request.environment_id }, locked);
    return { ...after, environment_name: locked.environmentName };
  });
}

/** Number before request, as everywhere, so that deleting the number cannot deadlock with this. */
async function lockBoth(tx: Context, id: string): Promise<Locked> {
  const found = await findReleaseAnywhere(tx.db, id);
  if (!found) throw new CatalogueError('RELEASE_REQUEST_NOT_FOUND');
  const did = await lockDid(tx.db, found.environment_id, found.did_id);
  const request = await lockRelease(tx.db, found.environment_id, id);
  if (!request) throw new CatalogueError('RELEASE_REQUEST_NOT_FOUND');
  return { request, environmentName: found.environment_name, did };
}

/** The foreign key of the assignment decides: an agent may have got the number meanwhile. */
async function removeNumber(tx: Context, did: DidRow): Promise<void> {
  try {
    await deleteDid(tx.db, tx.environmentId, did.id);
  } catch (error) {
    if (violatedConstraint(error) === 'agent_numbers_did_fkey') {
      throw new CatalogueError('PHONE_NUMBER_IN_USE');
    }
    throw error;
  }
  await record(tx, { type: 'did.deleted', subjectType: 'did', subjectId: did.id, before: didFacts(did) });
}
