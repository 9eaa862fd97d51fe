import { CatalogueError } from '../../kernel/errors.ts';
import { type Context, requireScope } from '../context.ts';
import { type DidList, listDids } from '../dids/get.ts';
import { type DidWithAgents, findDid } from '../dids/store.ts';
import type { PhoneNumberFilters } from './schemas.ts';

const NOTHING: DidList = { slice: async () => [], count: async () => 0 };

/** Contract §14.3: the numbers of the environment over all its trunks. */
export async function listPhoneNumbers(
  context: Context,
  { type, has_voice, has_whatsapp, ...filters }: PhoneNumberFilters,
): Promise<DidList> {
  const list = await listDids(context, filters);
  // Every number here is a voice number and none is another kind.
  const wanted =
    (type ?? 'voice') === 'voice' && isTrue(has_voice) !== false && isTrue(has_whatsapp) !== true;
  return wanted ? list : NOTHING;
}

const isTrue = (flag: string | undefined): boolean | undefined =>
  flag === undefined ? undefined : flag === 'true' || flag === '1';

export async function getPhoneNumber(context: Context, id: string): Promise<DidWithAgents> {
  requireScope(context, 'dids:read');
  const row = await findDid(context.db, context.environmentId, id);
  if (!row) throw new CatalogueError('PHONE_NUMBER_NOT_FOUND');
  return row;
}
