import type { Environment, PhoneNumber } from '@tronco/sdk';
import { UsageError } from './exit-codes.ts';
import type { Session } from './session.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Id of a trunk given by id or by name. */
export async function findTrunkId({ api, signal }: Session, reference: string): Promise<string> {
  if (UUID.test(reference)) return reference;
  const { data } = await api.listSipTrunks({ signal });
  const found = data.filter(({ name }) => name === reference);
  const [only] = found;
  if (!only) throw new UsageError(`No trunk is named ${reference}`, '`tronco trunk list` shows the trunks.');
  if (found.length > 1) {
    throw new UsageError(`${found.length} trunks are named ${reference}`, 'Say which by its id.');
  }
  return only.id;
}

/** Where a DID is that was given by id or by number. */
export async function findDid(
  session: Session,
  reference: string,
): Promise<{ trunk_id: string; did_id: string }> {
  const { api, signal } = session;
  if (UUID.test(reference)) {
    const { data } = await api.getPhoneNumber({ path: { phone_number_id: reference }, signal });
    return { trunk_id: data.trunk_id, did_id: data.id };
  }
  if (!/^\+[\d\s().-]+$/.test(reference)) {
    throw new UsageError(`${reference} is neither a number in E.164 (+…) nor the id of one`);
  }
  const number = reference.replace(/[^\d+]/g, '');
  const { data } = await api.listPhoneNumbers({ query: { search: number, include: 'details' }, signal });
  const found = (data as PhoneNumber[]).find((one) => one.number === number);
  if (!found)
    throw new UsageError(`${number} is not registered here`, '`tronco did list` shows the numbers.');
  return { trunk_id: found.trunk_id, did_id: found.id };
}

export const findEnvironmentId = async (session: Session, reference: string): Promise<string> =>
  UUID.test(reference) ? reference : (await findEnvironment(session, reference)).id;

async function findEnvironment({ api, signal }: Session, name: string): Promise<Environment> {
  const { data } = await api.listEnvironments({ signal });
  const found = data.find((one) => one.name === name);
  if (found) return found;
  throw new UsageError(`No environment is named ${name}`, '`tronco env list` shows the environments.');
}
