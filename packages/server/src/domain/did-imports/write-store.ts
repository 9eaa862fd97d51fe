import { newId } from '../../kernel/ids.ts';
import type { Database } from '../../storage/database.ts';
import { prepared } from '../../storage/prepared.ts';
import type { NewDids } from './batch.ts';

/**
 * The write of a whole batch in one statement. ON CONFLICT lets any number of imports and requests
 * compete for a number; who was first has it, and nobody has an error to recover from.
 * Ids are one UUIDv7 counted up (RFC 9562 §6.2): in the order of the file, and not to be sent one by one.
 */
const insertDids = prepared<{ created: number }>(
  'insert_imported_dids',
  `WITH created AS (
     INSERT INTO dids (environment_id, id, trunk_id, number, country_code, label, note, tags, created_at, updated_at)
     SELECT $1, ($4 || lpad(to_hex($5::bigint + new.position), 12, '0'))::uuid, $2, new.number,
       coalesce(new.country_code, $6), new.label, new.note,
       coalesce(string_to_array(new.tags, E'\\x1f'), '{}'), $3, $3
     FROM unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
       WITH ORDINALITY AS new(number, country_code, label, note, tags, position)
     ON CONFLICT (environment_id, number) DO NOTHING
     RETURNING 1)
   SELECT count(*)::int AS created FROM created`,
);

export type Holder = { number: string; id: string; trunk_id: string };

/** Who has which of the numbers. A statement of its own: it must see what others committed meanwhile. */
const findHolders = prepared<Holder>(
  'find_did_holders',
  `SELECT number, id, trunk_id FROM dids WHERE environment_id = $1 AND number = ANY ($2::text[])`,
);

const COUNTER_AT = 24;
const COUNTER_LIMIT = 2 ** 47;

/** The ids of one batch: what they begin with, and where their counter starts. */
export type IdBlock = { prefix: string; counter: number };

export function newIdBlock(): IdBlock {
  const id = newId();
  return {
    prefix: id.slice(0, COUNTER_AT),
    // Half of the range stays free, so that counting up never overflows into another length.
    counter: Number.parseInt(id.slice(COUNTER_AT), 16) % COUNTER_LIMIT,
  };
}

type Place = { environmentId: string; trunkId: string; at: Date };

/** @returns how many were created; fewer than given when some numbers were taken */
export async function createDids(db: Database, place: Place, ids: IdBlock, dids: NewDids): Promise<number> {
  const { rows } = await insertDids(db, [
    place.environmentId,
    place.trunkId,
    place.at,
    ids.prefix,
    ids.counter,
    dids.country,
    dids.numbers,
    dids.countries,
    dids.labels,
    dids.notes,
    dids.tags,
  ]);
  return rows[0]?.created ?? 0;
}

/** @param numbers an array literal */
export async function holdersOf(
  db: Database,
  environmentId: string,
  numbers: string,
): Promise<Map<string, Holder>> {
  const { rows } = await findHolders(db, [environmentId, numbers]);
  return new Map(rows.map((row) => [row.number, row]));
}

/** DIDs that an import created and that are still there, by number. */
const findCreated = prepared<{ number: string; id: string }>(
  'find_imported_dids',
  `SELECT number, id FROM dids
   WHERE environment_id = $1 AND number = ANY ($2::text[]) AND created_at BETWEEN $3 AND $4`,
);

export async function createdDidIds(
  db: Database,
  environmentId: string,
  numbers: readonly string[],
  [from, to]: readonly [Date, Date],
): Promise<Map<string, string>> {
  const { rows } = await findCreated(db, [environmentId, `{${numbers.join(',')}}`, from, to]);
  return new Map(rows.map(({ number, id }) => [number, id]));
}
