import { CatalogueError, validationError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Context, requireScope } from '../context.ts';
import { checkDidNumber } from './number.ts';
import type { CreatedDid, CreateDidInput } from './schemas.ts';
import { insertDid } from './store.ts';

/**
 * Registers a phone number on a trunk (contract §12.9): one statement, durable when it returns.
 * @throws VALIDATION_ERROR, TRUNK_NOT_FOUND, DID_ALREADY_EXISTS
 */
export async function createDid(
  context: Context,
  trunkId: string,
  input: CreateDidInput,
): Promise<CreatedDid> {
  requireScope(context, 'dids:write');
  const checked = checkDidNumber(input.country_code, input.number);
  if (!checked.ok) throw validationError(checked.errors, checked.details);
  const { number, countryCode, formatted } = checked.value;
  const id = newId();
  const after = { number, country_code: countryCode, trunk_id: trunkId };
  const { rows } = await insertDid(context.db, [
    context.environmentId,
    trunkId,
    id,
    number,
    countryCode,
    context.clock.now(),
    newId(),
    JSON.stringify(context.actor),
    context.requestId,
    JSON.stringify(after),
  ]);
  if (!rows[0]?.trunk_exists) throw new CatalogueError('TRUNK_NOT_FOUND');
  if (!rows[0].inserted) throw new CatalogueError('DID_ALREADY_EXISTS');
  return { id, number, country_code: countryCode, formatted_number: formatted, trunk_id: trunkId };
}
